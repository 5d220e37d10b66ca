package logs

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
)

func TestLevelNames(t *testing.T) {
	for i, name := range []string{"No_log", "Critical", "Error", "Warning", "Info", "Debug", "Trace"} {
		for _, text := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
			level, err := ParseLevel(text)
			if err != nil || level != Level(i) {
				t.Errorf("%s is %v, %v", text, level, err)
			}
		}
		if got := Level(i).String(); got != strings.ToLower(name) {
			t.Errorf("level %d is called %s", i, got)
		}
	}
	for _, text := range []string{"", "warn", " info", "7", "trace\n"} {
		var unknown *LevelError
		_, err := ParseLevel(text)
		if !errors.As(err, &unknown) || unknown.Text != text {
			t.Errorf("%q: %v", text, err)
		} else if !strings.Contains(err.Error(), "no_log, critical, error, warning, info, debug, trace") {
			t.Errorf("the message does not list the levels: %v", err)
		}
	}
}

func TestRecordsKeepTheirLevel(t *testing.T) {
	for level := Critical; level <= Trace; level++ {
		if got := nameOf(level.Level()); got != level.String() {
			t.Errorf("%v is written as %s", level, got)
		}
		if level > Critical && level.Level() >= (level-1).Level() {
			t.Errorf("%v is not more detailed than %v", level, level-1)
		}
	}
	if got := nameOf(slog.LevelInfo + 2); got != "info" {
		t.Errorf("between info and warning: %s", got)
	}
	if got := nameOf(slog.LevelDebug - 100); got != "trace" {
		t.Errorf("below trace: %s", got)
	}
	for _, odd := range []Level{-1, 7} {
		if odd.Level() < NoLog.Level() {
			t.Errorf("%v lets something through", odd)
		}
	}
}
