package store

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestRootWritesToFilesAlone: neither a link nor a pipe in a folder of others has the service write elsewhere, or wait.
func TestRootWritesToFilesAlone(t *testing.T) {
	dir := t.TempDir()
	target, link, pipe, plain := filepath.Join(dir, "target"), filepath.Join(dir, "link"), filepath.Join(dir, "pipe"), filepath.Join(dir, "plain")
	err := os.WriteFile(target, []byte("secret"), 0o600)
	if err == nil {
		err = errors.Join(os.Symlink(target, link), syscall.Mkfifo(pipe, 0o666))
	}
	if err != nil {
		t.Fatal(err)
	}
	const flags = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	for _, name := range []string{link, pipe} {
		if f, err := OpenOwn(name, flags); err == nil {
			f.Close()
			t.Errorf("%s was opened", name)
		}
	}
	reader, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for _, name := range []string{link, pipe} {
		if _, err := OpenOwn(name, flags); !errors.Is(err, ErrNotAFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f, err := OpenOwn(plain, flags)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Mode().Perm() != PrivateFile {
		t.Errorf("a new file is %v, %v", info.Mode(), err)
	}
}
