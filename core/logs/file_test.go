package logs

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// inFolder are settings for a small file in a folder of its own.
func inFolder(folder string, size int64) settings {
	return settings{old: filepath.Join(folder, "old"), max: size, maxOld: 1 << 20, free: freeSpace}
}

// olds lists what the files set aside hold, the oldest first.
func olds(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, contents(t, filepath.Join(folder, entry.Name())))
	}
	return all
}

func TestFullFileIsSetAside(t *testing.T) {
	folder := t.TempDir()
	f, err := openFile(filepath.Join(folder, "some.log"), inFolder(folder, 10))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"a2345\n", "b23\n", "c2345\n", "a line that is longer than a file\n", "e\n", "f2345678\n"} {
		if n, err := f.Write([]byte(line)); err != nil || n != len(line) {
			t.Fatalf("%q: %d, %v", line, n, err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, f.name); got != "f2345678\n" {
		t.Errorf("the current file has %q", got)
	}
	want := []string{"a2345\nb23\n", "c2345\n", "a line that is longer than a file\n", "e\n"}
	if got := olds(t, f.old); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("the old files have %q", got)
	}
	entries, _ := os.ReadDir(f.old)
	for _, entry := range entries {
		if name := entry.Name(); !strings.HasPrefix(name, "some-2") || !strings.HasSuffix(name, "Z.log") || !f.isOld(name) {
			t.Errorf("an old file is called %s", name)
		}
	}
}

// TestOldestAreDeleted: all together have a size; what else lies in the folder stays.
func TestOldestAreDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		s := inFolder(folder, 4)
		s.maxOld = 10
		f, err := openFile(filepath.Join(folder, "log"), s)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(f.old, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"log-notes", "other-20260102T030405.000006Z", "log-20260102T030405.000006Z.gz"} {
			if err := os.WriteFile(filepath.Join(f.old, name), []byte("not this log's"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, line := range []string{"aaa\n", "bbb\n", "ccc\n", "ddd\n", "eee\n"} { // at one instant
			if _, err := f.Write([]byte(line)); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(olds(t, f.old), "|"); strings.Contains(got, "bbb") || !strings.Contains(got, "ccc\n|ddd\n") ||
			strings.Count(got, "not this log's") != 3 {
			t.Errorf("the folder has %q", got)
		}
	})
}

// TestSizeCountsEarlierRuns: else a program that starts often is never full.
func TestSizeCountsEarlierRuns(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(name, []byte(strings.Repeat("x", 1<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	o := HostDefaults(name)
	o.RotationSize = 1
	logAll(t, o)
	if got := written(contents(t, name)); got != "critical error warning info" {
		t.Errorf("the new file has %q", got)
	}
	if old := olds(t, name+"_old"); len(old) != 1 || len(old[0]) != 1<<20 {
		t.Errorf("there are %d old files", len(old))
	}
}

// TestMaximumSizeHoldsFromTheStart: also where it was made smaller.
func TestMaximumSizeHoldsFromTheStart(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	if err := os.MkdirAll(name+"_old", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"1", "2", "3"} {
		old := filepath.Join(name+"_old", "log-20260102T03040"+at+".000000Z")
		if err := os.WriteFile(old, make([]byte, 1<<20), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := HostDefaults(name)
	o.RotationSize, o.MaxSize = 1, 2
	logAll(t, o)
	if left := olds(t, name+"_old"); len(left) != 1 {
		t.Errorf("%d old files are left, want 1", len(left))
	}
}

// TestRotationThatFailsHeals: a file stands where the folder of old ones should be; the log goes on once it is away,
// says so, and grows no further before.
func TestRotationThatFailsHeals(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(name+"_old", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o := HostDefaults(name)
	var console strings.Builder
	o.Stderr, o.RotationSize = &console, 1
	logger, log, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	full := strings.Repeat("x", maxText)
	for range 1<<20/maxText + 10 {
		logger.Info(full)
	}
	if size := len(contents(t, name)); size > 1<<20 {
		t.Errorf("the file has %d bytes", size)
	}
	if got := console.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, " error the log file gets nothing for now: ") {
		t.Errorf("the console has %q", got)
	}
	if err := os.Remove(name + "_old"); err != nil {
		t.Fatal(err)
	}
	logger.Info("heard again", "text", full) // as long as those that were lost
	if err := log.Close(); err != nil {
		t.Error(err)
	}
	if got := contents(t, name); strings.Count(got, "\n") != 2 || !strings.Contains(got, " warning the log file goes on; ") || !strings.Contains(got, "heard again") {
		t.Errorf("the new file has %.300q", got)
	}
}

// TestNothingBelowTheMinimumFreeSpace: the file gets nothing, that is said once, and it heals.
func TestNothingBelowTheMinimumFreeSpace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		free := uint64(10 << 20)
		name := filepath.Join(t.TempDir(), "log")
		o := HostDefaults(name)
		var console strings.Builder
		o.Stderr = &console
		o.FreeSpace = func(folder string) (uint64, error) {
			if folder != filepath.Dir(name) {
				t.Errorf("asked for %s", folder)
			}
			return free, nil
		}
		logger, log, err := Open(o)
		if err != nil {
			t.Fatal(err)
		}
		logger.Info("first")
		free--
		time.Sleep(2 * spaceEvery)
		before := contents(t, name)
		for range 5 {
			logger.Info("lost")
			time.Sleep(spaceEvery)
		}
		if got := contents(t, name); got != before || !strings.Contains(got, "first") {
			t.Errorf("the file has %q", got)
		}
		if got := console.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "9 MB of free space, the log needs 10") {
			t.Errorf("the console has %q", got)
		}
		free++
		logger.Info("again")
		if err := log.Close(); err != nil {
			t.Error(err)
		}
		if got := strings.TrimPrefix(contents(t, name), before); !strings.Contains(got, "goes on; 5 lines were lost") || !strings.Contains(got, "again") {
			t.Errorf("then it has %q", got)
		}
	})
}

// TestFreeSpaceIsTheSystems: the real one is asked, and is not none.
func TestFreeSpaceIsTheSystems(t *testing.T) {
	if free, err := freeSpace(t.TempDir()); err != nil || free < 1<<20 {
		t.Errorf("%d bytes are free, %v", free, err)
	}
	if _, err := freeSpace(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a folder that is not there has free space")
	}
}

func TestDeviceIsNeverFull(t *testing.T) {
	f, err := openFile(os.DevNull, inFolder(t.TempDir(), 4))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := f.Write([]byte("line\n")); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}
