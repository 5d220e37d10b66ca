//go:build !windows

package seat

import (
	"os"
	"os/exec"
)

// begin starts c. wait waits for its end and for all it said.
func begin(c *exec.Cmd) (p *os.Process, wait func() error, err error) {
	err = c.Start()
	return c.Process, c.Wait, err
}
