package lab

import (
	"os"
	"syscall"
)

// endWithParent lets the kernel end a process with the thread that started it,
// so that a test that panics or is killed leaves nothing running.
func endWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

func terminate(process *os.Process) error { return process.Signal(syscall.SIGTERM) }
