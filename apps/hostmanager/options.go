package main

import (
	"bytes"
	"fmt"
	"path/filepath"

	"github.com/spf13/pflag"

	"impero/core/config"
	"impero/core/logs"
	"impero/core/store"
)

// options are what the command line says.
type options struct {
	help, version bool
	file          string // empty for the service's, or the person's own
	logs          logs.Options
	usage         string
}

// parse reads a command line. Its errors are for people, without a full stop.
func parse(args []string, home store.Home) (*options, error) {
	o := &options{logs: logs.HostDefaults(filepath.Join(filepath.Dir(home.HostLogFile()), "Impero_hostmanager.log"))}
	flags := pflag.NewFlagSet(program, pflag.ContinueOnError)
	flags.SetOutput(new(bytes.Buffer)) // run says it
	flags.SortFlags = false
	flags.BoolVarP(&o.help, "help", "h", false, "list the options")
	flags.BoolVarP(&o.version, "version", "v", false, "show the version")
	flags.StringVar(&o.file, "file", "", "edit this `host.xml`, or the one in this folder, of a Host that does not run (default: what the Host service has; "+
		"where it is not installed, "+filepath.Join(home.HostDir(), config.FileName)+")")
	o.logs.Flags(flags)
	if err := flags.Parse(args); err != nil {
		return nil, fmt.Errorf("%w; %s --help lists the options", err, program)
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("%q is no option; %s --help lists them", flags.Arg(0), program)
	}
	o.usage = "Usage: " + program + " [options]\n\nChanges the configuration of a Host. Nothing is changed before you apply it.\n\nOptions:\n" + flags.FlagUsages()
	return o, nil
}
