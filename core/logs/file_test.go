package logs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFullFileIsSetAside(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	f, err := openFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f.max = 10
	for _, line := range []string{"a2345\n", "b23\n", "c2345\n", "a line that is longer than a file\n", "e\n", "f2345678\n"} {
		if n, err := f.Write([]byte(line)); err != nil || n != len(line) {
			t.Fatalf("%q: %d, %v", line, n, err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"log": "f2345678\n", "log.1": "e\n", "log.2": "a line that is longer than a file\n", "log.3": "c2345\n", "log.4": "",
	} {
		if got := contents(t, filepath.Join(filepath.Dir(name), file)); got != want {
			t.Errorf("%s has %q, want %q", file, got, want)
		}
	}
}

// TestSizeCountsEarlierRuns: else a program that starts often is never full.
func TestSizeCountsEarlierRuns(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(name, []byte(strings.Repeat("x", rotationSize)), 0o600); err != nil {
		t.Fatal(err)
	}
	o := HostDefaults(name)
	logAll(t, o)
	if got := written(contents(t, name)); got != "critical error warning info" {
		t.Errorf("the new file has %q", got)
	}
	if old := contents(t, name+".1"); len(old) != rotationSize {
		t.Errorf("the old file has %d bytes", len(old))
	}
}

// TestRotationThatFailsHeals: a folder that cannot be replaced stands where an
// old file should go; the log goes on once it is away, and grows no further
// before.
func TestRotationThatFailsHeals(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	f, err := openFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f.max = 4
	if err := os.MkdirAll(filepath.Join(name+".3", "inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name+".2", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("one\n")); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := f.Write([]byte("lost\n")); err == nil {
			t.Error("a file took the place of a folder")
		}
	}
	if err := os.RemoveAll(name + ".3"); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"two\n", "end\n"} {
		if _, err := f.Write([]byte(line)); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if got := contents(t, name); got != "end\n" {
		t.Errorf("the file has %q", got)
	}
}

func TestDeviceIsNeverFull(t *testing.T) {
	f, err := openFile(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	f.max = 4
	for range 3 {
		if _, err := f.Write([]byte("line\n")); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}
