//go:build !linux

// Bench measures Impero side by side with other remote control programs. make bench runs it.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "bench: the programs that are compared, and the loads, need Linux and X11")
	os.Exit(1)
}
