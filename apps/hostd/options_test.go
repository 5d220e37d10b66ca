package main

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"impero/core/config"
	"impero/core/store"
)

func TestCommandLine(t *testing.T) {
	home := store.At(t.TempDir())
	for line, want := range map[string]string{
		"dance":                         "is no command",
		"run again":                     "one command too many",
		"--role Owner set-password":     "is no role",
		"--role=x":                      "--role goes with set-password",
		"--display-user ann":            "go with --display",
		"--port 70000":                  `"70000" is no port`,
		"--port abc":                    `"abc" is no port`,
		"status --port 1":               "status takes no options",
		"install --display-user=a;b":    "go with --display",
		"install --logfile-name=/tmp/$": "cannot be an option of an installed service",
	} {
		if _, err := parse(strings.Fields(line), home); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %v, want %q", line, err, want)
		}
	}
	o, err := parse(nil, home)
	if err != nil || o.command != commandRun {
		t.Errorf("nothing gives %+v, %v", o, err)
	}
}

// TestInstalledServiceHasItsOptions in the files of both managers.
func TestInstalledServiceHasItsOptions(t *testing.T) {
	o, err := parse([]string{"--port", "7000", "install", "--display", ":1"}, store.At(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	c := serviceConfig(o)
	if want := []string{"run", "--port", "7000", "--display", ":1"}; !slices.Equal(c.Arguments, want) {
		t.Errorf("the arguments are %q, want %q", c.Arguments, want)
	}
	for option, want := range map[string]string{"SystemdScript": " run \"--port\" \"7000\" \"--display\" \":1\"\n", "SysvScript": "${OPTIONS:---port 7000 --display :1}"} {
		text, _ := c.Option[option].(string)
		if !strings.Contains(text, want) || strings.Contains(text, "/usr/bin/Imperohostd") {
			t.Errorf("%s lacks %q:\n%s", option, want, text)
		}
	}
}

func TestComplaintsEndWithOneStop(t *testing.T) {
	for _, err := range []error{errNotInstalled, &config.BrokenError{File: "host.xml", Reason: errors.New("line 3: no such element.")}} {
		var errs strings.Builder
		if code := complain(&errs, exitError, err); code != exitError || !strings.HasSuffix(errs.String(), ".\n") || strings.HasSuffix(errs.String(), "..\n") {
			t.Errorf("%d: %s", code, errs.String())
		}
	}
}
