//go:build !windows

package store

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestModes(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "private")
	for _, c := range []struct {
		name string
		perm fs.FileMode
		want fs.FileMode
	}{{"default", 0, 0o600}, {"said", 0o644, 0o644}} {
		path := filepath.Join(folder, c.name)
		if err := WriteFile(path, nil, c.perm); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != c.want {
			t.Errorf("%s: mode %v, want %v", c.name, info.Mode(), c.want)
		}
	}
	info, err := os.Stat(folder)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 {
		t.Errorf("the folder was made with %v", info.Mode())
	}
}
