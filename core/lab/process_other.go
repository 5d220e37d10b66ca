//go:build !linux

package lab

import (
	"os"
	"syscall"
)

// endWithParent asks for nothing: only Linux can.
func endWithParent() *syscall.SysProcAttr { return nil }

// terminate kills at once: not every system can ask politely.
func terminate(process *os.Process) error { return process.Kill() }
