package logs

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"

	"github.com/spf13/pflag"
)

// Options say what is logged and where to. The zero value logs nothing.
//
// The guide says of the global level: "It specifies which level is used across
// all loggers. If a logger has a higher level, then that level is used", and
// shows (5.1.5) that with a global Warning a file at Trace still gets Warning
// and above, while a console at Error gets only Error and above. So "higher"
// there means more severe: the global level is the most detailed that any
// destination gets, and a destination may be stricter for itself.
type Options struct {
	Enabled  bool      // false: nothing is logged, whatever the levels say
	Global   Level     // the most detailed level that any destination gets
	Console  Level     // on Stderr
	File     Level     // in FileName
	FileName string    // where it is made if it is missing, for the owner alone
	Stderr   io.Writer // nil means os.Stderr
}

// HostDefaults are the guide's defaults for a Host: a file with what is of use
// to its user, and nothing on the console.
func HostDefaults(file string) Options {
	return Options{Enabled: true, Global: Trace, Console: NoLog, File: Info, FileName: file}
}

// GuestDefaults are the guide's defaults for a Guest: nothing is logged until
// an option asks for it.
func GuestDefaults(file string) Options {
	return Options{Enabled: true, Global: Trace, Console: NoLog, File: NoLog, FileName: file}
}

// Flags adds the guide's options for the debug log to a command line; what o
// holds at this time are their defaults, and parsing changes o. An option for
// a level that is given without a value means trace, as in the guide.
func (o *Options) Flags(flags *pflag.FlagSet) {
	level := func(value *Level, name, usage string) {
		flags.Var(value, name, usage)
		flags.Lookup(name).NoOptDefVal = Trace.String()
	}
	level(&o.Global, "global-log-level", "the most detailed level that any log gets")
	level(&o.Console, "console-log-level", "level of the log on the console")
	level(&o.File, "file-log-level", "level of the log in a file")
	flags.StringVar(&o.FileName, "logfile-name", o.FileName, "name of the log file")
}

// HostFlags adds the options of [Options.Flags] and those that only a Host has.
func (o *Options) HostFlags(flags *pflag.FlagSet) {
	flags.BoolVar(&o.Enabled, "enable-logging", o.Enabled, "write the logs at all")
	o.Flags(flags)
}

// limit is the level at which a destination of level own writes.
func (o Options) limit(own Level) Level {
	if !o.Enabled {
		return NoLog
	}
	return max(NoLog, min(own, o.Global, Trace))
}

// Open returns a logger for the destinations that o names, and what closes
// them. A file is opened, to be written on at its end, only if its level lets
// anything through; its folder is made for the owner alone if it is missing. At
// 10 MB it is set aside as NAME.1, and of such files the last three are kept.
func Open(o Options) (*slog.Logger, io.Closer, error) {
	shared := &destinations{}
	if level := o.limit(o.Console); level != NoLog {
		stderr := o.Stderr
		if stderr == nil {
			stderr = os.Stderr
		}
		shared.add(stderr, level)
	}
	if level := o.limit(o.File); level != NoLog {
		file, err := openFile(o.FileName)
		if err != nil {
			return nil, nil, fmt.Errorf("open the log file: %w", err)
		}
		shared.add(file, level)
		shared.file = file
	}
	return slog.New(&handler{to: shared}), shared, nil
}

// destinations is what all loggers derived from one Open write to.
type destinations struct {
	mu    sync.Mutex // guards sinks, and keeps lines whole
	sinks []sink
	file  *file // closed by Close; nil if there is none

	// most is the level of the most detailed sink; it does not change after
	// Open, so that a record nobody wants costs no lock.
	most Level
}

type sink struct {
	writer io.Writer
	level  Level
}

func (d *destinations) add(writer io.Writer, level Level) {
	d.sinks = append(d.sinks, sink{writer, level})
	d.most = max(d.most, level)
}

// write gives one whole line to each sink that wants its level. All are tried;
// the first error is returned.
func (d *destinations) write(level slog.Level, line []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var first error
	for _, sink := range d.sinks {
		if level < sink.level.Level() {
			continue
		}
		if _, err := sink.writer.Write(line); err != nil && first == nil {
			first = fmt.Errorf("write log: %w", err)
		}
	}
	return first
}

// Close ends the log. Closing it again does nothing.
func (d *destinations) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sinks = nil
	if d.file == nil {
		return nil
	}
	file := d.file
	d.file = nil
	if err := file.Close(); err != nil {
		return fmt.Errorf("close the log file: %w", err)
	}
	return nil
}
