package store

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// onlyEntry fails unless folder holds the one entry name: a temporary file
// that stays behind would fill the folder, one more at each failure.
func onlyEntry(t *testing.T, folder, name string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Name() != name {
			t.Errorf("%s was left in the folder", entry.Name())
		}
	}
}

func TestWriteFileReplacesWhole(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "b")
	path := filepath.Join(folder, "state")
	for _, content := range []string{"first, and longer", "second", ""} {
		if err := WriteFile(path, []byte(content), 0); err != nil {
			t.Fatal(err)
		}
		got, err := ReadFile(path, 100)
		if err != nil || string(got) != content {
			t.Errorf("got %q, %v; want %q", got, err, content)
		}
	}
	onlyEntry(t, folder, "state")
}

func TestFailedWriteLeavesTheOldContent(t *testing.T) {
	t.Run("no temporary file", func(t *testing.T) {
		folder := t.TempDir()
		// Long enough that the temporary name is over the system's limit.
		path := filepath.Join(folder, strings.Repeat("n", 250))
		if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := WriteFile(path, []byte("new"), 0); err == nil {
			t.Fatal("the write was accepted")
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != "old" {
			t.Errorf("the file holds %q, %v", got, err)
		}
		onlyEntry(t, folder, filepath.Base(path))
	})
	t.Run("no rename", func(t *testing.T) {
		folder := t.TempDir()
		path := filepath.Join(folder, "busy")
		if err := os.MkdirAll(filepath.Join(path, "inside"), 0o700); err != nil {
			t.Fatal(err)
		}
		err := WriteFile(path, []byte("new"), 0)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("the error %v does not name the file", err)
		}
		onlyEntry(t, folder, "busy")
	})
	t.Run("no folder", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := WriteFile(filepath.Join(file, "state"), nil, 0); err == nil {
			t.Error("a file was taken for a folder")
		}
	})
}

func TestTwoWritersLeaveOneContent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	contents := [][]byte{bytes.Repeat([]byte("a"), 1<<16), bytes.Repeat([]byte("b"), 1<<16)}
	var writers sync.WaitGroup
	for _, content := range contents {
		writers.Go(func() {
			for range 10 {
				if err := WriteFile(path, content, 0); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	got, err := ReadFile(path, 1<<17)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, contents[0]) && !bytes.Equal(got, contents[1]) {
		t.Error("the file is a mixture of two writes")
	}
}

func TestReadFileLimits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadFile(path, 5); err != nil || len(got) != 5 {
		t.Errorf("at the limit: %q, %v", got, err)
	}
	if _, err := ReadFile(path, 4); !errors.Is(err, ErrTooLarge) {
		t.Errorf("over the limit: %v", err)
	}
	if _, err := ReadFile(t.TempDir(), 5); !errors.Is(err, ErrNotRegular) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := ReadFile(path+"x", 5); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
