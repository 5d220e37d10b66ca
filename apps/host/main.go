// Command Imperohost is the Host in a user's session: its window, and in this
// version the daemon half too, in one process (--standalone).
//
// It exits with 0 when it was ended or did what it was asked, with 1 when
// something went wrong, and with 2 when the command line is wrong or no
// password is set where nobody can be asked for one.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"impero/core/host"
	"impero/core/logs"
	"impero/core/store"
	"impero/core/version"
	"impero/ui/shell/start"
)

const program = "Imperohost"

// The exit codes.
const (
	exitDone  = 0
	exitError = 1
	exitUsage = 2
)

func main() {
	start.Console()
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program with its streams; it returns the exit code.
func run(args []string, in *os.File, out, errs io.Writer) int {
	home, err := store.Open()
	if err != nil {
		return complain(errs, exitError, err)
	}
	o, err := parse(args, home)
	switch {
	case err != nil:
		complain(errs, exitUsage, err)
		fmt.Fprintf(errs, "%s --help lists the options.\n", program)
		return exitUsage
	case o.help:
		fmt.Fprint(out, o.usage)
		return exitDone
	case o.version:
		fmt.Fprintln(out, version.Line(program))
		return exitDone
	case o.verifyLog != "":
		return verifyLog(o.verifyLog, out, errs)
	case o.setPassword:
		return setPassword(o, home, in, out, errs)
	}
	if err := serve(o, home, out, errs); err != nil {
		defer alert(o, err)
		var code *exit
		if errors.As(err, &code) {
			return complain(errs, code.code, code.err)
		}
		return complain(errs, exitError, err)
	}
	return exitDone
}

// serve runs the Host until it is ended, with its window or without.
func serve(o *options, home store.Home, out, errs io.Writer) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	log, logFile, err := logs.Open(o.logs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, logFile.Close()) }()
	events, endEvents, err := openEvents(o, home, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, endEvents()) }()
	w, err := assemble(host.Config{Home: home, Name: o.name, Listen: o.listen, Levels: o.levels, Log: log, Events: events})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if weak := host.WeakLevels(o.levels); len(weak) > 0 {
		log.Warn("weak encryption levels are allowed", "levels", strings.Join(weak, ", "))
		fmt.Fprintf(errs, weakLevels, strings.Join(weak, ", "))
	}
	log.Info("Host starts", "version", version.Version, "headless", o.headless)
	if !o.headless {
		err = start.CheckDisplay()
		if err == nil {
			if o.logs.Console == logs.NoLog {
				start.LeaveConsole()
			}
			return desktop(ctx, w, home, log)
		}
		fmt.Fprintf(errs, noDisplay, err)
	}
	return headless(ctx, w, out)
}
