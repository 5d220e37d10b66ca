package logs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/spf13/pflag"
)

// logAll writes one record of each level and closes the log.
func logAll(t *testing.T, o Options) {
	t.Helper()
	logger, closer, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	for level := Critical; level <= Trace; level++ {
		logger.Log(context.Background(), level.Level(), "record")
	}
	if err := closer.Close(); err != nil {
		t.Fatal(err)
	}
}

// written lists the levels of the lines in a log, in the order of logAll.
func written(log string) string {
	var names []string
	for line := range strings.Lines(log) {
		names = append(names, strings.Fields(line)[1])
	}
	return strings.Join(names, " ")
}

// contents is the text of a file, empty if there is none.
func contents(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}

// TestEachOption gives command lines as a user would, and looks at what
// appears on the console and in the file.
func TestEachOption(t *testing.T) {
	const all = "critical error warning info debug trace"
	for _, c := range []struct {
		args          string
		host          bool
		console, file string
	}{
		{"", true, "", "critical error warning info"},
		{"", false, "", ""},
		{"--console-log-level", true, all, "critical error warning info"},
		{"--console-log-level=Error", false, "critical error", ""},
		{"--file-log-level", false, "", all},
		{"--file-log-level=no_log", true, "", ""},
		{"--file-log-level=CRITICAL", true, "", "critical"},
		{"--global-log-level=warning", true, "", "critical error warning"},
		{"--global-log-level=no_log --console-log-level", true, "", ""},
		// The example of the guide's 5.1.5.
		{"--global-log-level=warning --console-log-level=error --file-log-level=trace", true,
			"critical error", "critical error warning"},
		{"--global-log-level=warning --modules-log-level=gate --console-log-level", true, "critical error warning", "critical error warning"},
		{"--enable-logging=0 --console-log-level --file-log-level", true, "", ""},
		{"--enable-logging", true, "", "critical error warning info"},
		{"--enable-logging=1", true, "", "critical error warning info"},
	} {
		t.Run(fmt.Sprintf("host=%v %s", c.host, c.args), func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "folder", "log")
			flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
			o := GuestDefaults(file)
			if c.host {
				o = HostDefaults(file)
				o.HostFlags(flags)
			} else {
				o.Flags(flags)
			}
			if err := flags.Parse(strings.Fields(c.args)); err != nil {
				t.Fatal(err)
			}
			var console strings.Builder
			o.Stderr = &console
			logAll(t, o)
			if got := written(console.String()); got != c.console {
				t.Errorf("console has %q, want %q", got, c.console)
			}
			if got := written(contents(t, file)); got != c.file {
				t.Errorf("file has %q, want %q", got, c.file)
			}
			if _, err := os.Stat(file); c.file == "" && err == nil {
				t.Error("a file was made for nothing")
			}
		})
	}
}

func TestLogfileName(t *testing.T) {
	folder := t.TempDir()
	o := HostDefaults(filepath.Join(folder, "default"))
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	o.HostFlags(flags)
	named := filepath.Join(folder, "named")
	if err := flags.Parse([]string{"--logfile-name", named}); err != nil {
		t.Fatal(err)
	}
	logAll(t, o)
	logAll(t, o) // on at its end
	if lines := strings.Count(contents(t, named), "\n"); lines != 8 {
		t.Errorf("the file has %d lines after two runs, want 8", lines)
	}
	if contents(t, filepath.Join(folder, "default")) != "" {
		t.Error("the default file was written too")
	}
}

// TestFileOptions: where the file is, where old ones go and how large they get, of a Host and of a Guest.
func TestFileOptions(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	for _, c := range []struct {
		args      string
		host      bool
		file, old string
		sizes     [3]int
	}{
		{"", true, at("logs/Impero_host.log"), at("logs/Impero_host_old"), [3]int{10, 40, 10}},
		{"--logfile-name=x.log", true, at("logs/x.log"), at("logs/x_old"), [3]int{10, 40, 10}},
		{"--logfile-name=x.log --logfile-folder=" + at("f"), true, at("f/x.log"), at("f/x_old"), [3]int{10, 40, 10}},
		{"--logfile-name=" + at("a/y") + " --logfile-folder=" + at("f"), true, at("a/y"), at("a/y_old"), [3]int{10, 40, 10}},
		{"--logfile-old-logs-folder=" + at("o"), true, at("logs/Impero_host.log"), at("o"), [3]int{10, 40, 10}},
		{"--logfile-rotation-size=1 --logfile-max-size=2 --logfile-min-free-space=0", true,
			at("logs/Impero_host.log"), at("logs/Impero_host_old"), [3]int{1, 2, 0}},
		{"--logfile-folder=" + at("o"), false, at("logs/Impero_host.log"), at("o"), [3]int{10, 40, 10}},
		{"--logfile-name=x --logfile-max-size=10", false, "x", "x_old", [3]int{10, 10, 10}},
	} {
		flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
		o := GuestDefaults(at("logs/Impero_host.log"))
		if c.host {
			o = HostDefaults(o.FileName)
			o.HostFlags(flags)
		} else {
			o.Flags(flags)
		}
		if err := flags.Parse(strings.Fields(c.args)); err != nil {
			t.Fatal(err)
		}
		if o.path() != c.file || o.oldFolder() != c.old || [3]int{o.RotationSize, o.MaxSize, o.MinFreeSpace} != c.sizes {
			t.Errorf("%q is %s, %s, %d %d %d", c.args, o.path(), o.oldFolder(), o.RotationSize, o.MaxSize, o.MinFreeSpace)
		}
	}
}

func TestWrongLevelIsRefused(t *testing.T) {
	o := HostDefaults("")
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	o.HostFlags(flags)
	err := flags.Parse([]string{"--file-log-level=loud"})
	if err == nil || !strings.Contains(err.Error(), "no_log, critical") {
		t.Errorf("the message does not list the levels: %v", err)
	}
}

func TestZeroOptionsLogNothing(t *testing.T) {
	logger, closer, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if logger.Enabled(context.Background(), Critical.Level()) {
		t.Error("critical records are wanted")
	}
	if err := closer.Close(); err != nil {
		t.Error(err)
	}
}

func TestFileThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", filepath.Join(file, "log"), t.TempDir()} {
		if _, _, err := Open(HostDefaults(name)); err == nil || !strings.Contains(err.Error(), "log file") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestClosedLogIsSilent(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	logger, closer, err := Open(HostDefaults(file))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := closer.Close(); err != nil {
			t.Error(err)
		}
	}
	logger.Error("too late")
	if text := contents(t, file); text != "" {
		t.Errorf("the file has %q", text)
	}
}

// brokenWriter fails as a full disk does.
type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, fs.ErrPermission }

func TestOneBrokenDestinationLeavesTheOther(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	o := HostDefaults(file)
	o.Console, o.Stderr = Trace, brokenWriter{}
	logAll(t, o)
	if got := written(contents(t, file)); got != "critical error warning info" {
		t.Errorf("file has %q", got)
	}
}

func TestLinesStayWhole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	logger, closer, err := Open(HostDefaults(file))
	if err != nil {
		t.Fatal(err)
	}
	const writers, each = 8, 50
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			for range each {
				logger.Info("record", "writer", i, "text", strings.Repeat("x", 200))
			}
		})
	}
	all.Wait()
	if err := closer.Close(); err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range strings.Lines(contents(t, file)) {
		count++
		if !strings.Contains(line, " info record writer=") || !strings.HasSuffix(line, strings.Repeat("x", 200)+"\n") {
			t.Fatalf("line %d is %q", count, line)
		}
	}
	if count != writers*each {
		t.Errorf("%d lines, want %d", count, writers*each)
	}
}
