package store

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows"
)

// mine says whether a file or folder is for its owner alone.
func mine(t *testing.T, path string) bool {
	t.Helper()
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := ownerAlone(descriptor)
	if err != nil {
		t.Fatal(err)
	}
	return alone
}

func TestWhatIsMadeIsForTheOwnerAlone(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "private", "inside")
	path := filepath.Join(folder, "secret")
	for range 2 { // the second replaces the first
		if err := WriteFile(path, []byte("x"), 0); err != nil {
			t.Fatal(err)
		}
		if !mine(t, path) {
			t.Error("others may use the file")
		}
	}
	if !mine(t, folder) || !mine(t, filepath.Dir(folder)) {
		t.Error("others may use the folders")
	}
}

func TestKeepPrivate(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "secret")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := setRights(path, "D:P(A;;FA;;;USER)(A;;FR;;;WD)"); err != nil {
		t.Fatal(err)
	}
	if mine(t, path) {
		t.Fatal("a file that everybody may read looks private")
	}
	for _, c := range []struct {
		path string
		want bool
	}{{path, true}, {path, false}, {folder, false}, {filepath.Join(folder, "none"), false}} {
		if changed, err := KeepPrivate(c.path); changed != c.want || err != nil {
			t.Errorf("%s: %v, %v", c.path, changed, err)
		}
	}
	if !mine(t, path) {
		t.Error("others may still use the file")
	}
}

// TestReplaceWaitsForAReader: what another program has open cannot be replaced
// on Windows, until it closes it.
func TestReplaceWaitsForAReader(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	if err := WriteFile(path, []byte("old"), 0); err != nil {
		t.Fatal(err)
	}
	reader, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	written := make(chan error)
	go func() { written <- WriteFile(path, []byte("new"), 0) }()
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
	if got, err := ReadFile(path, 10); err != nil || string(got) != "new" {
		t.Errorf("the file holds %q, %v", got, err)
	}
}
