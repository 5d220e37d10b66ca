package logs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

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
	Enabled bool      // false: nothing is logged, whatever the levels say
	Global  Level     // the most detailed level that any destination gets
	Modules Modules   // replaces Global for the modules in it
	Console Level     // on Stderr
	Syslog  Level     // to the syslog daemon
	File    Level     // in FileName
	Stderr  io.Writer // nil means os.Stderr

	FileName     string // where it is made if it is missing, for the owner alone
	Folder       string // of a FileName that names none; empty for the current one
	OldFolder    string // for files set aside; empty: beside the file, its name without suffix and "_old"
	RotationSize int    // MB of a file that is set aside; 1 to MaxMegabytes
	MaxSize      int    // MB of all files of this log together, the current one too; RotationSize to MaxMegabytes
	MinFreeSpace int    // MB that must be free for a line to be written to the file; 0 for any

	SyslogName string // who the syslog's lines are from; empty for the program's name
	SyslogAt   string // socket of the syslog daemon; empty for the system's
	// FreeSpace says how many bytes are free where a folder is; nil asks the system.
	FreeSpace func(folder string) (uint64, error)
}

// The guide's defaults, in MB, for Hosts and Guests alike: whoever makes a Host log a line by calling it cannot fill the
// disk.
const (
	DefaultRotationSize = 10
	DefaultMaxSize      = 40
	DefaultMinFreeSpace = 10
)

// MaxMegabytes bounds the sizes of Options: 1 TB.
const MaxMegabytes = 1 << 20

// HostDefaults are the guide's defaults for a Host: a file with what is of use
// to its user, and nothing on the console.
func HostDefaults(file string) Options {
	o := GuestDefaults(file)
	o.File, o.Folder = Info, filepath.Dir(file)
	return o
}

// GuestDefaults are the guide's defaults for a Guest: nothing is logged until
// an option asks for it.
func GuestDefaults(file string) Options {
	return Options{
		Enabled: true, Global: Trace, FileName: file,
		RotationSize: DefaultRotationSize, MaxSize: DefaultMaxSize, MinFreeSpace: DefaultMinFreeSpace,
	}
}

// Flags adds the guide's options for the debug log of a Guest (4.1) to a command line; what o
// holds at this time are their defaults, and parsing changes o. An option for
// a level that is given without a value means trace, as in the guide.
func (o *Options) Flags(flags *pflag.FlagSet) {
	o.flags(flags)
	flags.StringVar(&o.OldFolder, "logfile-folder", o.OldFolder, "`folder` for old log files (default: beside the log file, its name with _old)")
	o.sizeFlags(flags)
}

// HostFlags adds the guide's options for the logs of a Host (4.2).
func (o *Options) HostFlags(flags *pflag.FlagSet) {
	flags.BoolVar(&o.Enabled, "enable-logging", o.Enabled, "write the logs at all; =0 for none")
	o.flags(flags)
	flags.Lookup("modules-log-level").Usage += " (default: those of host.xml)"
	flags.StringVar(&o.Folder, "logfile-folder", o.Folder, "`folder` of a log file whose name has none")
	flags.StringVar(&o.OldFolder, "logfile-old-logs-folder", o.OldFolder, "`folder` for old log files (default: beside the log file, its name with _old)")
	o.sizeFlags(flags)
}

func (o *Options) flags(flags *pflag.FlagSet) {
	level := func(value *Level, name, usage string) {
		flags.Var(value, name, usage)
		flags.Lookup(name).NoOptDefVal = Trace.String()
	}
	level(&o.Global, "global-log-level", "the most detailed level that any log gets")
	level(&o.Console, "console-log-level", "level of the log on the console")
	level(&o.File, "file-log-level", "level of the log in a file")
	level(&o.Syslog, "syslog-log-level", "level of the log to the syslog daemon")
	flags.Var(&o.Modules, "modules-log-level", "level of one module in place of the global one; may be repeated")
	flags.StringVar(&o.FileName, "logfile-name", o.FileName, "`name` of the log file")
}

func (o *Options) sizeFlags(flags *pflag.FlagSet) {
	flags.IntVar(&o.RotationSize, "logfile-rotation-size", o.RotationSize, "`MB` of a log file that is set aside for a new one")
	flags.IntVar(&o.MaxSize, "logfile-max-size", o.MaxSize, "`MB` of all log files together; the oldest are deleted")
	flags.IntVar(&o.MinFreeSpace, "logfile-min-free-space", o.MinFreeSpace, "`MB` that must be free on the disk, else nothing is written to the file")
}

// Check says what of o cannot be, in the words of the command line.
func (o Options) Check() error {
	if !o.toFile() {
		return nil
	}
	switch {
	case o.FileName == "":
		return errors.New("the log file has no name")
	case o.RotationSize < 1 || o.RotationSize > MaxMegabytes:
		return fmt.Errorf("the rotation size of the log file is %d MB; it is 1 to %d", o.RotationSize, MaxMegabytes)
	case o.MaxSize < o.RotationSize || o.MaxSize > MaxMegabytes:
		return fmt.Errorf("the maximum size of all log files is %d MB; it is %d (the rotation size) to %d", o.MaxSize, o.RotationSize, MaxMegabytes)
	case o.MinFreeSpace < 0 || o.MinFreeSpace > MaxMegabytes:
		return fmt.Errorf("the minimum free space is %d MB; it is 0 to %d", o.MinFreeSpace, MaxMegabytes)
	}
	return nil
}

// File's path and where its old ones go.
func (o Options) path() string {
	if filepath.Dir(o.FileName) == "." && o.FileName != "" && o.Folder != "" {
		return filepath.Join(o.Folder, o.FileName)
	}
	return o.FileName
}

func (o Options) oldFolder() string {
	if o.OldFolder != "" {
		return o.OldFolder
	}
	path := o.path()
	return strings.TrimSuffix(path, filepath.Ext(path)) + "_old"
}

func (o Options) stderr() io.Writer {
	if o.Stderr != nil {
		return o.Stderr
	}
	return os.Stderr
}

// Place is the file that o logs to; empty if nothing goes to one.
func (o Options) Place() string {
	if !o.toFile() {
		return ""
	}
	return o.path()
}

// toFile says whether o lets anything into the file.
func (o Options) toFile() bool { return o.plan().most(o.File) != NoLog }

// plan is which records go where. It does not change.
type plan struct {
	global                Level
	modules               Modules
	console, file, syslog Level
}

func (o Options) plan() *plan {
	if !o.Enabled {
		return &plan{}
	}
	return &plan{global: o.Global, modules: o.Modules, console: o.Console, file: o.File, syslog: o.Syslog}
}

// floor is the most detailed level that a module's records may have.
func (p *plan) floor(m Module) Level {
	if m != "" && len(p.modules) > 0 {
		if level, own := p.modules[m]; own {
			return level
		}
	}
	return p.global
}

// most is the most detailed level that a destination of level own gets of any module.
func (p *plan) most(own Level) Level {
	floor := p.global
	for _, level := range p.modules {
		floor = max(floor, level)
	}
	return max(NoLog, min(own, floor))
}

// wanted is the most detailed level that any destination gets of a module.
func (p *plan) wanted(m Module) Level { return min(p.floor(m), max(p.console, p.file, p.syslog)) }
