//go:build unix

package store

import (
	"os"
	"syscall"
)

func ownFlags() int {
	if os.Geteuid() == 0 {
		return syscall.O_NONBLOCK | syscall.O_NOFOLLOW
	}
	return syscall.O_NONBLOCK
}
