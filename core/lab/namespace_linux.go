package lab

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// namespace is a network namespace that only this process holds: it ends with
// the last file, socket and process in it.
type namespace struct{ file *os.File }

// newNamespace makes one.
func newNamespace() (*namespace, error) {
	if os.Geteuid() != 0 {
		return nil, errors.New("only root may make network namespaces: run this as root (sudo make test)")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		return nil, fmt.Errorf("%w; install the package iproute2 (make test does)", err)
	}
	n := new(namespace)
	err := onThread(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("make a network namespace: %w; it needs CAP_SYS_ADMIN (a container: run it privileged)", err)
		}
		var err error
		n.file, err = os.Open("/proc/thread-self/ns/net")
		return err
	})
	if err != nil {
		return nil, err
	}
	return n, nil
}

// onThread runs f on a thread of its own, which ends with it.
func onThread(f func() error) error {
	result := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: nobody else gets the thread
		result <- f()
	}()
	return <-result
}

// enter moves the calling thread, which must be locked for good.
func (n *namespace) enter() error {
	if err := unix.Setns(int(n.file.Fd()), unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("enter a network namespace: %w", err)
	}
	return nil
}

// do runs f in the namespace.
func (n *namespace) do(f func() error) error {
	return onThread(func() error {
		if err := n.enter(); err != nil {
			return err
		}
		return f()
	})
}

// ip runs commands of the program ip in the namespace, up to the first that
// fails.
func (n *namespace) ip(commands ...string) error {
	return n.do(func() error {
		cmd := exec.Command("ip", "-batch", "-")
		cmd.Stdin = strings.NewReader(strings.Join(commands, "\n") + "\n")
		if output, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("ip: %w: %s", err, strings.TrimSpace(string(output)))
		}
		return nil
	})
}

// close lets go of the namespace.
func (n *namespace) close() { n.file.Close() }
