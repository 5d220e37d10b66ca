// Command Imperohostd is the Host as a service of the computer: it listens,
// authenticates, decides and logs, and starts Imperohost in the session on the
// screen, as its user.
//
// It exits with 0 when it was ended or did what it was asked, with 1 when
// something went wrong, and with 2 when the command line is wrong; status also
// with 3 when the service does not run, and with 4 when that is not known.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"impero/core/daemon"
	"impero/core/daemon/keeper"
	"impero/core/directory"
	"impero/core/host"
	"impero/core/host/setup"
	"impero/core/seat"
	"impero/core/store"
	"impero/core/version"
)

const program = "Imperohostd"

// The exit codes.
const (
	exitDone  = 0
	exitError = 1
	exitUsage = 2
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == directory.ChildFlag {
		os.Exit(directory.Child(os.Stdin, os.Stdout))
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program with its streams; it returns the exit code.
func run(args []string, in *os.File, out, errs io.Writer) int {
	home, err := store.OpenSystem()
	if err != nil {
		return complain(errs, exitError, err)
	}
	o, err := parse(args, home)
	if err != nil {
		complain(errs, exitUsage, err)
		fmt.Fprintf(errs, "%s --help lists the commands and options.\n", program)
		return exitUsage
	}
	switch {
	case o.help:
		fmt.Fprint(out, o.usage)
		return exitDone
	case o.version:
		fmt.Fprintln(out, version.Line(program))
		return exitDone
	case o.command == commandPassword:
		return setPassword(o, home, in, out, errs)
	}
	return manage(o, home, out, errs)
}

// serve runs the daemon until ctx ends, and says on out where things are and where it listens.
func serve(ctx context.Context, o *options, home store.Home, out io.Writer) (err error) {
	accounts, why := keeper.Accounts(new(directory.System))
	k, err := keeper.Open(keeper.Options{Home: home, Service: true, Command: keeper.CommandOf(&o.Options), Accounts: accounts, Without: why})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	log := k.Service()
	log.Info("Host service starts", "version", version.Version, "process", os.Getpid())
	if weak := k.Weak(); len(weak) > 0 {
		log.Warn("weak encryption levels are allowed", "levels", strings.Join(weak, ", "))
	}
	say := &teller{out: out}
	err = daemon.Run(ctx, daemon.Config{
		Keeper:  k,
		Display: seat.X{Display: o.display, User: o.displayUser, Authority: o.displayAuthority},
		Program: []string{o.agent, "--agent"},
		Bare:    []string{"--headless"},
		Env:     inherited(),
		Ready:   func(h *host.Host) { sayReady(h, log); say.begin(k) },
		Changed: say.changed,
	})
	if err != nil {
		log.Error("Host service ended", "reason", err)
		return err
	}
	log.Info("Host service ended")
	return nil
}

func sayReady(h *host.Host, log *slog.Logger) {
	s := h.State()
	log.Info("Host service is ready", "name", s.Name, "fingerprint", s.Fingerprint)
	if !s.PasswordSet {
		log.Warn("no password is set, so nobody can log on and this Host does not listen: " + asRoot + program + " set-password")
	}
}

// inherited is what agents get of this program's environment.
func inherited() []string {
	var env []string
	for _, name := range []string{"LANG", "LC_ALL", store.HomeVariable} {
		if value := os.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// agentBeside is the agent that was installed with this program.
func agentBeside() string {
	self, err := os.Executable()
	if err != nil {
		return agentName
	}
	if whole, err := filepath.EvalSymlinks(self); err == nil {
		self = whole
	}
	return filepath.Join(filepath.Dir(self), agentName)
}

// setPassword reads a password, keeps it for Guests, and returns the exit code.
func setPassword(o *options, home store.Home, in *os.File, out, errs io.Writer) int {
	pw, err := setup.AskPassword(in, out)
	if err != nil {
		return complain(errs, exitUsage, err)
	}
	k, err := keeper.Open(keeper.Options{Home: home, Service: true, Command: keeper.Quietly(o.Name)})
	if err != nil {
		return complain(errs, exitError, err)
	}
	err = k.Host().SetLogon(pw, o.role)
	role := k.Host().State().Role
	if err = errors.Join(err, k.Close()); err != nil {
		return complain(errs, exitError, err)
	}
	fmt.Fprintf(out, "Password set. Guests log on with it and get the role %s.\n", role)
	return exitDone
}
