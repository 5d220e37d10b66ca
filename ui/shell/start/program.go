package start

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// ErrNotInstalled says that a program of the suite is not on this computer.
var ErrNotInstalled = errors.New("the program is not installed")

// EndedError says that a program was started and ended at once.
type EndedError struct {
	Said string // the last line that it said, without its name; empty if it said nothing
	err  error
}

func (e *EndedError) Error() string {
	if e.Said == "" {
		return fmt.Sprintf("it ended at once: %v", e.err)
	}
	return e.Said
}

// Unwrap gives how the process ended.
func (e *EndedError) Unwrap() error { return e.err }

// settles is how long a program that was started may take to find out that it cannot run.
const settles = 10 * time.Second

// maxSaid bounds what is read of what a program said.
const maxSaid = 4 << 10

// Program starts another program of the suite, the one beside this program or the one that the user's shell would find, and
// leaves it to itself. It returns once the program runs for some seconds, and before with the error of one that does not:
// ErrNotInstalled, an [*EndedError], or the system's.
func Program(name string) error { return program(name, settles) }

func program(name string, settles time.Duration) error {
	path := name
	if self, err := os.Executable(); err == nil && !filepath.IsAbs(name) {
		beside := filepath.Join(filepath.Dir(self), name+filepath.Ext(self))
		if _, err := os.Stat(beside); err == nil {
			path = beside
		}
	}
	c := exec.Command(path)
	// A file, and no pipe: the program may outlive this one, and what writes to a pipe that nobody reads is ended.
	said, err := os.CreateTemp("", "impero-start-")
	if err != nil {
		return err
	}
	defer os.Remove(said.Name())
	defer said.Close()
	c.Stderr = said
	if err := c.Start(); errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w: %s", ErrNotInstalled, name)
	} else if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case err := <-ended:
		if err == nil {
			return nil
		}
		return &EndedError{Said: strings.TrimPrefix(lastLine(said), filepath.Base(name)+": "), err: err}
	case <-time.After(settles):
		return nil
	}
}

// lastLine is the last line of a file.
func lastLine(f *os.File) string {
	info, err := f.Stat()
	if err != nil {
		return ""
	}
	end := make([]byte, min(info.Size(), maxSaid))
	n, _ := f.ReadAt(end, info.Size()-int64(len(end))) // what is there is better than nothing
	text := bytes.TrimSpace(end[:n])
	return string(text[bytes.LastIndexByte(text, '\n')+1:])
}
