package main

import (
	"bytes"

	"github.com/spf13/pflag"

	"impero/core/logs/spy"
)

// options are what the command line says.
type options struct {
	help, version bool
	plain, follow bool
	filter        spy.Filter
	bundle        string
	files         []string // empty for those that are found
	usage         string
}

const about = `Shows the logs of the suite: those named, or all that are found. On a terminal
the keys at the bottom choose what is shown; else the lines are written.
`

// parse reads a command line. Its errors are for people, without a full stop.
func parse(args []string) (*options, error) {
	o := &options{}
	flags := pflag.NewFlagSet(program, pflag.ContinueOnError)
	flags.SetOutput(new(bytes.Buffer)) // run says it
	flags.SortFlags = false
	flags.BoolVarP(&o.help, "help", "h", false, "list the options")
	flags.BoolVarP(&o.version, "version", "v", false, "show the version")
	flags.BoolVar(&o.plain, "plain", false, "write lines, also on a terminal")
	flags.BoolVarP(&o.follow, "follow", "f", false, "with plain lines: go on as the logs grow, through their rotation")
	flags.Var(&o.filter.Level, "level", "only lines of this level and more severe ones; no_log for all")
	flags.StringVar(&o.filter.Module, "module", "", "only lines of this `module`")
	flags.StringVar(&o.filter.Session, "session", "", "only lines of the session with this `number`")
	flags.StringVar(&o.filter.Text, "text", "", "only lines with this `text`, in capitals or not")
	flags.StringVar(&o.bundle, "bundle", "", "write a zip `file` for support: the logs, the release, facts of the system, the settings without secrets")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	o.usage = "Usage: " + program + " [options] [file...]\n\n" + about + "\nOptions:\n" + flags.FlagUsages()
	o.files = flags.Args()
	return o, nil
}
