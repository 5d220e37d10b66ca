package store

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestReadFileDoesNotWaitForAPipe: whoever may write in the folder could else
// stop the program at its start.
func TestReadFileDoesNotWaitForAPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(path, 10); !errors.Is(err, ErrNotRegular) {
		t.Errorf("got %v", err)
	}
}

// TestReadOnlyFolder uses the kernel's own folder, which even root, as whom a
// build machine may run, cannot make files in.
func TestReadOnlyFolder(t *testing.T) {
	err := WriteFile("/proc/self/fdinfo/state", []byte("x"), 0)
	var path *os.PathError
	if !errors.As(err, &path) {
		t.Errorf("got %v, want an error that names the path", err)
	}
}

// TestFileThatIsLargerThanItSays reads a size of zero that lies: the limit holds all the same.
func TestFileThatIsLargerThanItSays(t *testing.T) {
	if _, err := ReadFile("/proc/self/maps", 8); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}
