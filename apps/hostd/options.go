package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"impero/core/directory"
	"impero/core/host/setup"
	"impero/core/logs"
	"impero/core/machine"
	"impero/core/role"
	"impero/core/store"
)

// The commands.
const (
	commandRun       = "run"
	commandInstall   = "install"
	commandUninstall = "uninstall"
	commandStart     = "start"
	commandStop      = "stop"
	commandPassword  = "set-password"
	commandStatus    = "status"
)

// managed are the commands for the system's service manager.
var managed = []string{commandInstall, commandUninstall, commandStart, commandStop, "restart", commandStatus}

// done says that a command was done; its place is for the service's name.
var done = map[string]string{
	commandInstall:   "The service %s is installed, and starts with the computer. To start it now: " + machine.StartCommand + "\n",
	commandUninstall: "The service %s is uninstalled. Its configuration and logs are still there.\n",
	commandStart:     "The service %s was started. " + program + " status says what it does.\n",
	commandStop:      "The service %s was stopped.\n",
	"restart":        "The service %s was started again.\n",
}

// already says that a command had nothing to do.
var already = map[string]string{
	commandStart: "The service %s runs already. " + program + " status says what it does.\n",
	commandStop:  "The service %s does not run.\n",
}

// options are what the command line says.
type options struct {
	setup.Options
	help, version bool
	command       string
	role          string // of a logon; with set-password, empty for as before

	display, displayUser, displayAuthority string
	agent                                  string
	arguments                              []string // the options as they were given, for a service that is installed
	usage                                  string
}

const about = `The Host as a service of this computer. Commands:

  run            serve until told to end (the default)
  install        have the computer start the service at boot
  uninstall      undo that
  start, stop, restart
                 of the installed service
  status         say what the service does; exits with 0 if it runs, 3 if not,
                 4 if that is not known
  set-password   read the password for Guests from the terminal or standard
                 input and keep it; the service must not run

A Host without a password does not listen. The service starts Imperohost in the
session at the screen, as its user; the login screen is a session too.

`

// parse reads a command line. Its errors are for people, without a full stop.
func parse(args []string, home store.Home) (*options, error) {
	o := &options{Options: setup.Options{Logs: logs.HostDefaults(home.HostLogFile())}, command: commandRun}
	flags := pflag.NewFlagSet(program, pflag.ContinueOnError)
	flags.SetOutput(new(bytes.Buffer)) // run says it
	flags.SortFlags = false
	flags.BoolVarP(&o.help, "help", "h", false, "list the commands and options")
	flags.BoolVarP(&o.version, "version", "v", false, "show the version")
	flags.StringVar(&o.role, "role", "", "with set-password: the `role` of a Guest that logs on, \"Full control\" or \"View only\"")
	flags.StringVar(&o.display, "display", "", "share this X `display` (:0), whatever the system says is on the screen")
	flags.StringVar(&o.displayUser, "display-user", "", "`name` of the user whose desktop is on that display, where its server is root's")
	flags.StringVar(&o.displayAuthority, "display-authority", "", "`file` with the key of that display (default: as the user's programs have it)")
	flags.StringVar(&o.agent, "agent-program", agentBeside(), "the `program` to start in the session")
	o.Add(flags)
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	o.usage = "Usage: " + program + " [command] [options]\n\n" + about + setup.Levels + "\nOptions:\n" + flags.FlagUsages()
	if o.help || o.version {
		return o, nil
	}
	rest := flags.Args()
	if len(rest) > 1 {
		return nil, fmt.Errorf("%q is one command too many", rest[1])
	}
	if len(rest) == 1 {
		o.command = rest[0]
		at := slices.Index(args, o.command)
		o.arguments = slices.Delete(slices.Clone(args), at, at+1)
	}
	return o, o.check()
}

// check says what is wrong with the options.
func (o *options) check() error {
	known := o.command == commandRun || o.command == commandPassword || slices.Contains(managed, o.command)
	switch {
	case !known:
		return fmt.Errorf("%q is no command: there are %s, %s and %s", o.command, commandRun, commandPassword, strings.Join(managed, ", "))
	case len(o.arguments) > 0 && o.command != commandInstall && slices.Contains(managed, o.command):
		return fmt.Errorf("%s takes no options. Those of an installed service are given to %s install", o.command, program)
	case o.role != "" && o.command != commandPassword:
		return errors.New("--role goes with set-password")
	case o.display == "" && (o.displayUser != "" || o.displayAuthority != ""):
		return errors.New("--display-user and --display-authority go with --display")
	}
	if _, ok := role.ByName(o.role); o.role != "" && !ok {
		return fmt.Errorf("%q is no role: give \"Full control\" or \"View only\"", o.role)
	}
	if o.command == commandInstall {
		if err := checkInstalled(o.arguments); err != nil {
			return err
		}
	}
	return o.Finish()
}

// complain says what is wrong and returns code.
func complain(errs io.Writer, code int, err error) int {
	var running *store.RunningError
	if errors.As(err, &running) {
		err = fmt.Errorf("the Host service runs already (process %d). Stop it first", running.Process)
	}
	if errors.Is(err, directory.ErrUnknown) {
		err = fmt.Errorf("%w. Give the name of a user of this computer", err)
	}
	fmt.Fprintf(errs, "%s: %s.\n", program, strings.TrimSuffix(err.Error(), ".")) // some end with a sentence
	return code
}
