package main

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"impero/core/host/setup"
	"impero/core/logs"
	"impero/core/role"
	"impero/core/store"
)

// mode is what this program is to be.
type mode int

const (
	modeFitting    mode = iota // the service's agent where there is the service, else a whole Host
	modeStandalone             // a whole Host
	modeAgent                  // the service's agent
)

// options are what the command line says.
type options struct {
	setup.Options
	help, version bool
	mode          mode
	headless      bool
	setPassword   bool
	role          string // of a logon; with setPassword, empty for as before
	verifyLog     string // an event log to verify
	usage         string
}

// parse reads a command line. Its errors are for people, without a full stop.
func parse(args []string, home store.Home) (*options, error) {
	o := &options{Options: setup.Options{Logs: logs.HostDefaults(home.HostLogFile())}}
	flags := pflag.NewFlagSet(program, pflag.ContinueOnError)
	flags.SetOutput(new(bytes.Buffer)) // run says it
	flags.SortFlags = false
	flags.BoolVarP(&o.help, "help", "h", false, "list the options")
	flags.BoolVarP(&o.version, "version", "v", false, "show the version")
	standalone := flags.Bool("standalone", false, "run the whole Host in this program, also where the Host service runs")
	agent := flags.Bool("agent", false, "be the part of the Host service that sees the desktop; the service starts it so")
	flags.BoolVar(&o.headless, "headless", false, "never open a window; say on standard output what happens")
	flags.BoolVar(&o.setPassword, "set-password", false, "read the password for Guests from standard input, keep it and exit")
	flags.StringVar(&o.role, "role", "", "with --set-password: the `role` of a Guest that logs on, \"Full control\" or \"View only\"")
	flags.StringVar(&o.verifyLog, "verify-log", "", "verify the event log `file`, say what it holds and exit: 0 if it is whole, 1 if not")
	o.Add(flags)
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	o.usage = "Usage: " + program + " [options]\n\n" + about + setup.Levels + "\nOptions:\n" + flags.FlagUsages()
	if o.help || o.version {
		return o, nil
	}
	switch {
	case *agent && *standalone:
		return nil, errors.New("--agent and --standalone exclude one another")
	case *standalone:
		o.mode = modeStandalone
	case *agent, flags.Changed("standalone"):
		o.mode = modeAgent
	}
	return o, o.check(flags.Args())
}

const about = `Lets Guests with the password see and control this computer.

Where the Host service (Imperohostd) runs, it shares the desktop at the screen
by itself. Elsewhere, and with --standalone, this program is the whole Host.
A Host without a password does not listen. Its window asks for one at first
start; without a window, set it with --set-password.

`

// check says what is wrong with the options.
func (o *options) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("%q is no option", rest[0])
	case o.role != "" && !o.setPassword:
		return errors.New("--role goes with --set-password")
	}
	if _, ok := role.ByName(o.role); o.role != "" && !ok {
		return fmt.Errorf("%q is no role: give \"Full control\" or \"View only\"", o.role)
	}
	return o.Finish()
}
