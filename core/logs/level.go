// Package logs is the debug log: what a program tells whoever looks for the
// cause of a fault, with the levels and the options of the user's guide, on
// top of log/slog. [Open] gives the logger that a program hands to its parts;
// no part makes its own.
//
// A line holds the time in UTC, the level, the message and key=value pairs.
// Whatever came from the network is escaped in it: one record is one line, and
// a hostile name can neither start a second one nor change what a terminal
// shows. Nothing secret belongs in a log; opaque secrets redact themselves.
//
// Destinations are the console, a file and the syslog daemon, each with its own
// level; a part that names itself ([Module.Of]) can have one too. A full file is
// set aside with the time in its name; all files of a log have a size together,
// and the oldest go. What cannot be written is said once, elsewhere.
//
// A logger is safe for concurrent use. Its [Log], which Open returned with it,
// changes all of this while others log, and closes the destinations; what is
// logged after that goes nowhere.
package logs

import (
	"fmt"
	"log/slog"
	"strings"
)

// Level is one of the guide's log levels (3.2.1). Each contains those before
// it: Trace is the most detailed, and NoLog, the zero value, logs nothing.
type Level int

// The levels in the guide's order.
const (
	NoLog    Level = 0
	Critical Level = 1
	Error    Level = 2
	Warning  Level = 3
	Info     Level = 4
	Debug    Level = 5
	Trace    Level = 6
)

// levels describes each Level at its own index: the guide's name and the slog
// level of its records. Slog leaves 4 between its levels; Trace and Critical
// continue that at both ends. NoLog is above everything.
var levels = [...]struct {
	name string
	slog slog.Level
}{
	NoLog:    {"no_log", 1 << 20},
	Critical: {"critical", slog.LevelError + 4},
	Error:    {"error", slog.LevelError},
	Warning:  {"warning", slog.LevelWarn},
	Info:     {"info", slog.LevelInfo},
	Debug:    {"debug", slog.LevelDebug},
	Trace:    {"trace", slog.LevelDebug - 4},
}

// LevelError says that a text names no level; its message lists those it may.
type LevelError struct{ Text string }

func (e *LevelError) Error() string {
	names := make([]string, len(levels))
	for i, level := range levels {
		names[i] = level.name
	}
	return fmt.Sprintf("%q is no log level; the levels are %s", e.Text, strings.Join(names, ", "))
}

// ParseLevel reads a level's name, in capitals or not. The error is a
// *[LevelError].
func ParseLevel(text string) (Level, error) {
	for i, level := range levels {
		if strings.EqualFold(level.name, text) {
			return Level(i), nil
		}
	}
	return NoLog, &LevelError{Text: text}
}

// String is the level's name in the guide, in small letters.
func (l Level) String() string {
	if l < 0 || int(l) >= len(levels) {
		return fmt.Sprintf("level(%d)", int(l))
	}
	return levels[l].name
}

// Level makes a Level a [slog.Leveler], and is how a part logs at the levels
// that slog does not name: logger.Log(ctx, logs.Trace.Level(), "tile sent").
func (l Level) Level() slog.Level {
	if l < 0 || int(l) >= len(levels) {
		return levels[NoLog].slog
	}
	return levels[l].slog
}

// Set and Type make a *Level the value of a command line option.
func (l *Level) Set(text string) error {
	level, err := ParseLevel(text)
	if err != nil {
		return err
	}
	*l = level
	return nil
}

// Type is the word for the value in a program's list of options.
func (l *Level) Type() string { return "level" }

// nameOf is the level name of a record: the guide's level that contains it.
func nameOf(level slog.Level) string {
	for i := Critical; i < Trace; i++ {
		if level >= levels[i].slog {
			return levels[i].name
		}
	}
	return levels[Trace].name
}
