package service

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestUnitIsGood asks systemd, which need not run.
func TestUnitIsGood(t *testing.T) {
	if !strings.Contains(Systemd, "ExecStart="+Program+" run\n") || !strings.Contains(SysV, Program) {
		t.Fatal("the files do not start the program")
	}
	unit := filepath.Join(t.TempDir(), "Imperohostd.service")
	if err := os.WriteFile(unit, []byte(strings.ReplaceAll(Systemd, Program, "/bin/true")), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("systemd-analyze", "verify", "--man=no", unit).CombinedOutput()
	if err != nil || strings.Contains(string(out), "Imperohostd") {
		t.Errorf("systemd-analyze: %v: %s", err, out)
	}
}

// TestFilesAreNoTemplates: what installs them would take braces for its own.
func TestFilesAreNoTemplates(t *testing.T) {
	for _, text := range []string{Systemd, SysV} {
		if strings.Contains(text, "{{") {
			t.Error("a file has {{ in it")
		}
	}
}
