package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"impero/core/host"
	"impero/core/local"
	"impero/core/machine"
	"impero/core/store"
)

// TestStatus of a service that is not there, and of one that does not answer as it should.
func TestStatus(t *testing.T) {
	home := store.At(t.TempDir())
	for present, want := range map[bool]string{false: program + " install", true: machine.StartCommand} {
		var out, errs bytes.Buffer
		code := status(home, func() bool { return present }, &out, &errs)
		if code != exitNotRunning || !strings.Contains(out.String(), want) || errs.Len() > 0 {
			t.Errorf("installed %v: it ends with %d and says %q, %q", present, code, &out, &errs)
		}
	}
	l, err := local.Listen(home.ControlSocket())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	t.Setenv(store.HomeVariable, t.TempDir()) // this user's own service is the real one
	var out, errs bytes.Buffer
	if code := status(home, func() bool { return true }, &out, &errs); code != exitUnknown || out.Len() > 0 || !strings.Contains(errs.String(), "is not known") {
		t.Errorf("of a service that hangs up it ends with %d and says %q, %q", code, &out, &errs)
	}
}

// TestListens names places, or says why there are none and what to do.
func TestListens(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.Local)
	for want, s := range map[string]host.State{
		"port 6502 of every address, since 2026-01-02 03:04:05":             {Running: true, Listens: []string{"[::]:6502"}, Since: at},
		"127.0.0.1:6502, port 7000 of every address, since 2026-01-02 03:0": {Running: true, Listens: []string{"127.0.0.1:6502", "0.0.0.0:7000"}, Since: at},
		"[::1]:7, since 2026-01-02 03:04:05. Not everywhere yet: Another program uses it.": {Running: true, Listens: []string{"[::1]:7"}, Since: at,
			Problem: "Another program uses it."},
		"nowhere. Another program":          {Problem: "Another program uses it.", PasswordSet: true},
		"nowhere, since no password is set": {},
		"nowhere: communication is stopped": {PasswordSet: true},
	} {
		if got := listens(s); !strings.HasPrefix(got, want) {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
}

// TestGuestsArePrintable: what a Guest says of itself reaches no terminal as it is.
func TestGuestsArePrintable(t *testing.T) {
	s := host.State{MaxSessions: 8, Sessions: []host.Session{{User: "a\x1b[2Jb", Computer: "Zoë", From: "10.0.0.1:1", Role: "View only"}}}
	if got := guests(s); strings.Contains(got, "\x1b") || !strings.HasPrefix(got, `1 of 8: a\x1b[2Jb at `) {
		t.Errorf("it says %q", got)
	}
	if got := guests(host.State{Waiting: 2}); got != "none; the user at the screen is asked about 2 more" {
		t.Errorf("it says %q", got)
	}
	s.Sessions[0].User = "" // the password was enough
	if got := guests(s); !strings.HasPrefix(got, "1 of 8: Zoë (10.0.0.1:1), View only, ") {
		t.Errorf("it says %q", got)
	}
}
