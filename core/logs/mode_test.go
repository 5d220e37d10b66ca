//go:build !windows

package logs

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLogIsForItsOwnerAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "folder", "log")
	logAll(t, HostDefaults(file))
	for path, want := range map[string]os.FileMode{file: 0o600, filepath.Dir(file): 0o700} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s was made with %v", path, info.Mode())
		}
	}
}
