package main

import (
	"bytes"
	"errors"
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
		{"--headless -H no-such-host.invalid", exitReach, "", "Nothing is called no-such-host.invalid"},
	} {
		var out, errs bytes.Buffer
		code := run(strings.Fields(c.args), strings.NewReader(""), &out, &errs)
		if code != c.code || !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.errs) {
			t.Errorf("%q ends with %d, says %q and %q", c.args, code, out.String(), errs.String())
		}
	}
}

func TestEveryKindHasAnExitCode(t *testing.T) {
	for k := guest.KindBadAddress; k <= guest.KindBadPort; k++ {
		code := codeOf(&guest.Error{Kind: k})
		internal := k == guest.KindInternal || k == guest.KindProtocol || k == guest.KindCancelled || k == guest.KindProfiles || k == guest.KindHostFault
		if (code == exitError) != internal {
			t.Errorf("kind %d ends with %d", k, code)
		}
	}
	if codeOf(errors.New("odd")) != exitError {
		t.Error("another error has a code of its own")
	}
}
