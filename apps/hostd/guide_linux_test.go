package main

import (
	"strings"
	"testing"

	"impero/core/store"
)

// TestOptionsOfTheGuide: each option of chapter 4.2 is there with the default that the guide gives, which is the service's.
func TestOptionsOfTheGuide(t *testing.T) {
	t.Setenv(store.HomeVariable, "")
	home, err := store.OpenSystem()
	if err != nil {
		t.Fatal(err)
	}
	o, err := parse([]string{"--help"}, home)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(o.usage, "\n")
	for option, says := range map[string]string{
		"-h, --help":                         "",
		"-v, --version":                      "",
		"--enable-logging ":                  "(default true)",
		"--global-log-level level[=trace]":   "(default trace)",
		"--console-log-level level[=trace]":  "(default no_log)",
		"--file-log-level level[=trace]":     "(default info)",
		"--syslog-log-level level[=trace]":   "(default no_log)",
		"--modules-log-level module[=level]": "(default: those of host.xml)",
		"--logfile-name name":                `(default "/var/log/Impero_host.log")`,
		"--logfile-folder folder":            `(default "/var/log")`,
		"--logfile-old-logs-folder folder":   "(default: beside the log file, its name with _old)",
		"--logfile-rotation-size MB":         "(default 10)",
		"--logfile-max-size MB":              "(default 40)",
		"--logfile-min-free-space MB":        "(default 10)",
	} {
		found := false
		for _, line := range lines {
			found = found || strings.HasPrefix(strings.TrimSpace(line), option) && strings.HasSuffix(line, says)
		}
		if !found {
			t.Errorf("there is no line %q ... %q in\n%s", option, says, o.usage)
		}
	}
	if _, err := parse([]string{"--enable-logging=0", "--enable-logging=1", "--file-log-level", "--modules-log-level=gate", "--modules-log-level=host=debug"}, home); err != nil {
		t.Errorf("values that the guide gives: %v", err)
	}
}
