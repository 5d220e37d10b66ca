package logs

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestConfigureWhileOthersLog: every line is whole and goes to one of the files; nothing races.
func TestConfigureWhileOthersLog(t *testing.T) {
	folder := t.TempDir()
	with := func(name string, level Level, module Level) Options {
		o := HostDefaults(filepath.Join(folder, name))
		o.Stderr, o.File, o.RotationSize, o.Modules = io.Discard, level, 1, Modules{Gate: module}
		return o
	}
	logger, log, err := Open(with("a", Info, Info))
	if err != nil {
		t.Fatal(err)
	}
	const writers, each = 4, 200
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range each {
				Gate.Of(logger).Info("record", "text", strings.Repeat("x", 200))
			}
		})
	}
	for i := range 50 {
		if err := log.Configure(with([]string{"a", "b"}[i%2], Info+Level(i%3), Info+Level(i%2))); err != nil {
			t.Error(err)
		}
	}
	all.Wait()
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, name := range []string{"a", "b"} {
		for line := range strings.Lines(contents(t, filepath.Join(folder, name))) {
			count++
			if !strings.HasSuffix(line, " info record module=gate text="+strings.Repeat("x", 200)+"\n") {
				t.Fatalf("a line is %q", line)
			}
		}
	}
	if count != writers*each {
		t.Errorf("%d lines, want %d", count, writers*each)
	}
}

func TestConfigureChangesWhatIsLogged(t *testing.T) {
	var console strings.Builder
	o := Options{Enabled: true, Global: Trace, Console: Error, Stderr: &console}
	logger, log, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	derived := logger.With("a", 1)
	derived.Info("no")
	o.Console = Info
	if err := log.Configure(o); err != nil {
		t.Fatal(err)
	}
	derived.Info("yes")
	o.Enabled = false
	if err := log.Configure(o); err != nil {
		t.Fatal(err)
	}
	if derived.Enabled(context.Background(), Critical.Level()) {
		t.Error("a log that is off wants records")
	}
	if got := console.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "info yes a=1") {
		t.Errorf("the console has %q", got)
	}
}

// TestConfigureThatFailsChangesNothing, and a closed log stays closed.
func TestConfigureThatFailsChangesNothing(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	logger, log, err := Open(HostDefaults(name))
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []func(*Options){
		func(o *Options) { o.FileName = t.TempDir() },
		func(o *Options) { o.FileName = "" },
		func(o *Options) { o.RotationSize = 0 },
		func(o *Options) { o.MaxSize = 9 },
		func(o *Options) { o.MinFreeSpace = -1 },
		func(o *Options) { o.RotationSize = MaxMegabytes + 1 },
	} {
		o := HostDefaults(name)
		o.File = NoLog + 1
		change(&o)
		if err := log.Configure(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
	logger.Info("still")
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, name); !strings.Contains(got, "info still") {
		t.Errorf("the file has %q", got)
	}
	if err := log.Configure(HostDefaults(name)); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}
