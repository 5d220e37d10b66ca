package main

import (
	"bytes"
	"errors"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"impero/core/guest"
	"impero/core/store"
)

func TestOptions(t *testing.T) {
	home := store.At(t.TempDir())
	for _, c := range []struct {
		args  string
		wrong string // part of the error; empty for none
	}{
		{"", ""},
		{"-h", ""},
		{"-H till-042", ""},
		{"--Host till-042:6510 -U anna -P secret", ""},
		{"--host fe80::1 --headless --json --for 10s --accept-key AAAA", ""},
		{"till-042", "no option"},
		{"--headless", "needs a Host"},
		{"-U anna", "needs a Host"},
		{"-H till --json", "go with --headless"},
		{"-H till --headless --for -1s", "--for"},
		{"-H a/b", "is not a Host"},
		{"--nonsense", "nonsense"},
	} {
		_, err := parse(strings.Fields(c.args), home, strings.NewReader(""))
		switch {
		case c.wrong == "" && err != nil:
			t.Errorf("%q: %v", c.args, err)
		case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
			t.Errorf("%q says %v", c.args, err)
		}
	}
}

func TestPasswordFromStandardInput(t *testing.T) {
	home := store.At(t.TempDir())
	for in, want := range map[string]string{"secret words\nmore\n": "secret words", "no end": "no end", "windows\r\n": "windows"} {
		o, err := parse([]string{"-H", "till", "-P", "-"}, home, strings.NewReader(in))
		if err != nil || o.password != want {
			t.Errorf("%q gives %q, %v", in, o.password, err)
		}
	}
	for _, in := range []string{"", "\n"} {
		if _, err := parse([]string{"-H", "till", "-P", "-"}, home, strings.NewReader(in)); err == nil {
			t.Errorf("%q gives a password", in)
		}
	}
}

func TestWithoutWindow(t *testing.T) {
	t.Setenv(store.HomeVariable, t.TempDir())
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	for _, c := range []struct {
		args      string
		code      int
		out, errs string
	}{
		{"--version", exitDone, program, ""},
		{"--help", exitDone, "Exit codes", ""},
		{"--nonsense", exitUsage, "", "--help lists"},
		{"", exitError, "", "no display"},
		{"--profile Branch", exitError, "", "no display"},
		{"--headless -H till --profile Branch", exitUsage, "", `no communication profile "Branch"; there is "Internet (TCP)"`},
	} {
		var out, errs bytes.Buffer
		code := run(strings.Fields(c.args), strings.NewReader(""), &out, &errs)
		if code != c.code || !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.errs) {
			t.Errorf("%q ends with %d, says %q and %q", c.args, code, out.String(), errs.String())
		}
	}
}

// TestErrorsAreOneSentence: what an error is made of goes to the log, which can be asked for.
func TestErrorsAreOneSentence(t *testing.T) {
	home := t.TempDir()
	t.Setenv(store.HomeVariable, home)
	engine, err := guest.New(guest.Config{Home: store.At(home)})
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.SaveProfile("", guest.Profile{Name: "Branch", Port: 7000, Levels: []string{"High"}, Preferred: "High"}); err != nil {
		t.Fatal(err)
	}
	says := func(args string, code int, want string) {
		t.Helper()
		var out, errs bytes.Buffer
		if got := run(strings.Fields(args), strings.NewReader(""), &out, &errs); got != code || errs.String() != program+": "+want+"\n" || out.Len() > 0 {
			t.Errorf("%q ends with %d, says %q and %q", args, got, out.String(), errs.String())
		}
	}
	const missing = "--headless -H no-such-host.invalid"
	says(missing, exitReach, "Nothing is called no-such-host.invalid on this network. Check the spelling, or type the IP address.")
	log := filepath.Join(home, "log")
	says(missing+" --file-log-level=warning --logfile-name "+log, exitReach,
		"Nothing is called no-such-host.invalid on this network. Check the spelling, or type the IP address.")
	if text, err := os.ReadFile(log); err != nil || !strings.Contains(string(text), "dial no-such-host.invalid:6502") {
		t.Errorf("the log says %q, %v", text, err)
	}
	file := filepath.Join(store.At(home).GuestDir(), "profiles.json")
	if err := os.WriteFile(file, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	says(missing, exitError, file+" cannot be read or written, and holds the communication profiles."+
		" Put back a copy of it, or move it away: then Internet (TCP) is the only one.")
}

func TestSystemSaysWhy(t *testing.T) {
	taken := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o := options{screenshot: taken}
	if err := o.save(image.NewRGBA(image.Rect(0, 0, 1, 1)), io.Discard); err == nil || err.Error() != "The picture was not saved as "+taken+": file exists" {
		t.Errorf("it says %v", err)
	}
}

func TestEveryKindHasAnExitCode(t *testing.T) {
	for k := guest.KindBadAddress; k <= guest.KindHistory; k++ {
		code := codeOf(&guest.Error{Kind: k})
		internal := k == guest.KindInternal || k == guest.KindProtocol || k == guest.KindCancelled || k == guest.KindProfiles || k == guest.KindHistory || k == guest.KindHostFault
		if (code == exitError) != internal {
			t.Errorf("kind %d ends with %d", k, code)
		}
	}
	if codeOf(errors.New("odd")) != exitError {
		t.Error("another error has a code of its own")
	}
}

// TestBothKeysAreTold of a Host that is not the one that is known, with what to do then.
func TestBothKeysAreTold(t *testing.T) {
	var errs strings.Builder
	tellKeys(&errs, &guest.Error{Kind: guest.KindLost})
	if errs.Len() > 0 {
		t.Errorf("of a lost connection it says %q", errs.String())
	}
	tellKeys(&errs, &guest.Error{Kind: guest.KindChangedKey, Changed: &guest.ChangedKey{Known: "AAAA", Shown: "BBBB"}})
	for _, want := range []string{"Known  AAAA\n", "Shown  BBBB\n", "Known Hosts"} {
		if !strings.Contains(errs.String(), want) {
			t.Errorf("it lacks %q: %q", want, errs.String())
		}
	}
}
