//go:build unix

package start

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// script writes a program.
func script(t *testing.T, lines string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "Program")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+lines), 0o700); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestProgramSaysWhyItDoesNotRun(t *testing.T) {
	if err := program("ImperoNoSuchProgram", time.Minute); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("one that is not there: %v", err)
	}
	var ended *EndedError
	err := program(script(t, "echo first >&2; echo 'Program: there is no display.' >&2; exit 1\n"), time.Minute)
	if !errors.As(err, &ended) || ended.Said != "there is no display." {
		t.Errorf("one that ends says %v", err)
	}
	if err := program(script(t, "exit 3\n"), time.Minute); !errors.As(err, &ended) || err.Error() != "it ended at once: exit status 3" {
		t.Errorf("one that ends in silence: %v", err)
	}
	if err := program(script(t, "exit 0\n"), time.Minute); err != nil {
		t.Errorf("one that was ended: %v", err)
	}
	if err := program(script(t, "sleep 1\n"), time.Millisecond); err != nil {
		t.Errorf("one that runs: %v", err)
	}
}
