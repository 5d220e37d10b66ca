package store

import (
	"path/filepath"
	"testing"
)

func TestOneVariableMovesEverything(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(HomeVariable, dir)
	home, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	if home != At(dir) {
		t.Errorf("Open gives %+v, At gives %+v", home, At(dir))
	}
	for got, want := range map[string]string{
		home.GuestDir():      "guest",
		home.PhonebookDir():  "phbook",
		home.HostDir():       "host",
		home.GuestLogFile():  "logs/Guest_log",
		home.HostLogFile():   "logs/Impero_host.log",
		home.HostEventFile(): "logs/Imperohost.nlg",
	} {
		if got != filepath.Join(dir, filepath.FromSlash(want)) {
			t.Errorf("%s is at %s", want, got)
		}
	}
}

func TestRelativeHomeBecomesWhole(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv(HomeVariable, "state")
	home, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(home.GuestDir()) {
		t.Errorf("the Guest's folder is %s: it would move with the working folder", home.GuestDir())
	}
}
