// Command Imperohost is the Host in a user's session. Where the Host service
// (Imperohostd) runs it is that service's agent, which sees the desktop;
// elsewhere, and with --standalone, it is the whole Host with its window.
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

	"impero/core/daemon/keeper"
	"impero/core/directory"
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
	if len(os.Args) == 2 && os.Args[1] == directory.ChildFlag {
		os.Exit(directory.Child(os.Stdin, os.Stdout))
	}
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
	if err := begin(o, home, out, errs); err != nil {
		defer alert(o, err)
		var code *exit
		if errors.As(err, &code) {
			return complain(errs, code.code, code.err)
		}
		return complain(errs, exitError, err)
	}
	return exitDone
}

// begin runs what the options and this computer ask for until it is ended.
func begin(o *options, home store.Home, out, errs io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if o.mode == modeFitting && serviceRuns(ctx, home) {
		switch {
		case o.headless:
			return errNotOurs
		case raise(ctx, home) == nil:
			fmt.Fprintln(out, "The Host service runs; its window is shown.")
			return nil
		case os.Geteuid() == 0:
			return errNoWindow
		}
		o.mode = modeAgent
	}
	if o.mode == modeAgent {
		return serveDaemon(ctx, home, o.headless, errs)
	}
	return serve(ctx, o, home, out, errs)
}

// serve runs the whole Host until it is ended, with its window or without.
func serve(ctx context.Context, o *options, home store.Home, out, errs io.Writer) (err error) {
	w, err := assemble(home, keeper.CommandOf(&o.Options))
	if err != nil {
		return err
	}
	log := w.log
	defer func() { err = errors.Join(err, w.Close()) }()
	if weak := w.keeper.Weak(); len(weak) > 0 {
		log.Warn("weak encryption levels are allowed", "levels", strings.Join(weak, ", "))
		fmt.Fprintf(errs, weakLevels, strings.Join(weak, ", "))
	}
	log.Info("Host starts", "version", version.Version, "headless", o.headless)
	if !o.headless {
		err = start.CheckDisplay()
		if err == nil {
			if !w.keeper.Console() {
				start.LeaveConsole()
			}
			return desktop(ctx, w, home, log)
		}
		fmt.Fprintf(errs, noDisplay, err)
	}
	return headless(ctx, w, out)
}
