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

func TestKeepPrivate(t *testing.T) {
	folder := t.TempDir()
	secret, other, link := filepath.Join(folder, "secret"), filepath.Join(folder, "other"), filepath.Join(folder, "link")
	for _, path := range []string{secret, other} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(other, link); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{secret: true, link: false, filepath.Join(folder, "none"): false, folder: false} {
		if changed, err := KeepPrivate(path); changed != want || err != nil {
			t.Errorf("%s: %v, %v", path, changed, err)
		}
	}
	for path, want := range map[string]os.FileMode{secret: 0o600, other: 0o644} {
		if info, err := os.Stat(path); err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v, want %v (%v)", path, info.Mode(), want, err)
		}
	}
}
