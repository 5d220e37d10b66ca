package logs

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
)

// Module is a part of a program whose log can have a level of its own, in place of the global one (the guide's 5.1.5,
// Modules). It is written in each of its lines, as module=NAME.
type Module string

// The modules of the suite. A new one gets its line here and in the list below, else no option reaches it.
const (
	Host    Module = "host"    // the daemon half: start, stop, settings
	Gate    Module = "gate"    // connections until they are a session: limits, logon, refusals
	Session Module = "session" // what Guests that have logged on do, and how their connections fare
	Agent   Module = "agent"   // the half that sees the desktop
	Events  Module = "events"  // the event log
	Window  Module = "window"  // the windows of a program
	Control Module = "control" // the service's control socket: who logs on there, and what is asked for and refused
)

var modules = []Module{Host, Gate, Session, Agent, Events, Window, Control}

// moduleKey is the key of the attribute that tells a record's module.
const moduleKey = "module"

// Of gives the module's logger: it logs to where log does.
func (m Module) Of(log *slog.Logger) *slog.Logger { return log.With(moduleKey, string(m)) }

// Modules are the levels of the modules that have one of their own. It is the value of --modules-log-level, which may be
// repeated: "gate=debug,session" has gate at debug and session at trace.
type Modules map[Module]Level

// ModuleError says that a text names no module; its message lists those there are.
type ModuleError struct{ Text string }

func (e *ModuleError) Error() string {
	names := make([]string, len(modules))
	for i, m := range modules {
		names[i] = string(m)
	}
	return fmt.Sprintf("%q is no module; the modules are %s", e.Text, strings.Join(names, ", "))
}

// ParseModules reads a list of modules with commas between, each with "=level" or without, which means trace. An empty
// text is no module. Errors are a *[ModuleError] or a *[LevelError].
func ParseModules(text string) (Modules, error) {
	levels := Modules{}
	if text == "" {
		return levels, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		name, word, given := strings.Cut(strings.TrimSpace(part), "=")
		m := Module(strings.ToLower(name))
		if !slices.Contains(modules, m) {
			return nil, &ModuleError{Text: name}
		}
		level := Trace
		if given {
			var err error
			if level, err = ParseLevel(word); err != nil {
				return nil, err
			}
		}
		levels[m] = level
	}
	return levels, nil
}

// String lists the modules with their levels, as ParseModules reads them.
func (m Modules) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, string(name)+"="+m[name].String())
	}
	return strings.Join(parts, ",")
}

// Set and Type make a *Modules the value of a command line option; Set adds to what is there.
func (m *Modules) Set(text string) error {
	more, err := ParseModules(text)
	if err != nil {
		return err
	}
	if *m == nil {
		*m = Modules{}
	}
	maps.Copy(*m, more)
	return nil
}

// Type is the word for the value in a program's list of options.
func (m *Modules) Type() string { return "module[=level]" }
