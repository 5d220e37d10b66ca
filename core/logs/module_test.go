package logs

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestModuleHasItsOwnLevel(t *testing.T) {
	var console strings.Builder
	logger, log, err := Open(Options{Enabled: true, Global: Warning, Console: Trace, Stderr: &console, Modules: Modules{Gate: Debug, Agent: NoLog}})
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	gate, agent, session := Gate.Of(logger), Agent.Of(logger), Session.Of(Gate.Of(logger)).With("session", 4)
	ctx := context.Background()
	for level := Critical; level <= Trace; level++ {
		if got, want := gate.Enabled(ctx, level.Level()), level <= Debug; got != want {
			t.Errorf("gate at %v: %v", level, got)
		}
		if agent.Enabled(ctx, level.Level()) {
			t.Errorf("agent wants %v", level)
		}
		if got, want := session.Enabled(ctx, level.Level()), level <= Warning; got != want {
			t.Errorf("session at %v: %v", level, got)
		}
	}
	gate.Debug("seen", "from", "x")
	agent.Error("not seen")
	session.Info("not seen")
	session.Warn("seen")
	logger.Debug("not seen")
	lines := strings.Split(console.String(), "\n")
	if len(lines) != 3 || !strings.HasSuffix(lines[0], " debug seen module=gate from=x") || !strings.HasSuffix(lines[1], " warning seen module=session session=4") {
		t.Errorf("the console has %q", lines)
	}
}

// TestModuleAboveTheGlobalLevelOpensTheFile: else its level had no effect where the global one is no_log.
func TestModuleAboveTheGlobalLevelOpensTheFile(t *testing.T) {
	name := t.TempDir() + "/log"
	o := HostDefaults(name)
	o.Global, o.Modules = NoLog, Modules{Host: Trace}
	logger, log, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	logger.Error("not seen")
	Host.Of(logger).Info("seen")
	Host.Of(logger).Debug("the file wants info")
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, name); strings.Count(got, "\n") != 1 || !strings.Contains(got, "seen module=host") {
		t.Errorf("the file has %q", got)
	}
}

func TestParseModules(t *testing.T) {
	levels, err := ParseModules("gate=debug, Session,host=No_log")
	if err != nil || levels.String() != "gate=debug,host=no_log,session=trace" {
		t.Errorf("%v, %v", levels, err)
	}
	if levels, err := ParseModules(""); err != nil || len(levels) != 0 {
		t.Errorf("nothing is %v, %v", levels, err)
	}
	var module *ModuleError
	if _, err := ParseModules("gate=debug,gat"); !errors.As(err, &module) || !strings.Contains(err.Error(), `"gat" is no module; the modules are host, gate`) {
		t.Error(err)
	}
	var level *LevelError
	if _, err := ParseModules("gate="); !errors.As(err, &level) {
		t.Error(err)
	}
}

// TestEveryModuleIsListed: one that is not has no option.
func TestEveryModuleIsListed(t *testing.T) {
	for _, m := range []Module{Host, Gate, Session, Agent, Events, Window} {
		if !slices.Contains(modules, m) {
			t.Errorf("%s is not listed", m)
		}
	}
}

func FuzzParseModules(f *testing.F) {
	f.Add("gate=debug,session")
	f.Add("=,=")
	f.Fuzz(func(t *testing.T, text string) {
		levels, err := ParseModules(text)
		if err != nil {
			return
		}
		again, err := ParseModules(levels.String())
		if err != nil || again.String() != levels.String() {
			t.Errorf("%q is %v, then %v, %v", text, levels, again, err)
		}
	})
}
