// Command ImperoHostManager changes the configuration of a Host in a window of three panes: the elements, the
// attributes of one of them, and messages. Nothing is changed before the person applies it.
//
// It speaks to the Host service (Imperohostd) of this computer, or edits the host.xml of a Host that does not run. It exits with 0 when it was ended, with 1
// when something went wrong, and with 2 when the command line is wrong.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"impero/core/logs"
	"impero/core/store"
	"impero/core/version"
	"impero/ui/hostmanager"
	"impero/ui/hostmanager/hostfile"
	"impero/ui/hostmanager/presenter"
	"impero/ui/shell"
	"impero/ui/shell/start"
)

// The names of this program: its file's, and the desktop's.
const (
	program = "ImperoHostManager"
	appID   = "io.impero.hostmanager"
)

// The exit codes.
const (
	exitDone  = 0
	exitError = 1
	exitUsage = 2
)

func main() {
	start.Console()
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program with its streams; it returns the exit code.
func run(args []string, out, errs io.Writer) int {
	home, err := store.Open()
	if err != nil {
		return complain(errs, exitError, err)
	}
	o, err := parse(args, home)
	switch {
	case err != nil:
		return complain(errs, exitUsage, err)
	case o.help:
		fmt.Fprint(out, o.usage)
		return exitDone
	case o.version:
		fmt.Fprintln(out, version.Line(program))
		return exitDone
	}
	if err := serve(o, home, errs); err != nil {
		start.Alert(program, err)
		if errors.Is(err, hostfile.ErrName) {
			return complain(errs, exitUsage, err)
		}
		return complain(errs, exitError, err)
	}
	return exitDone
}

func complain(errs io.Writer, code int, err error) int {
	fmt.Fprintf(errs, "%s: %v.\n", program, err)
	return code
}

// serve shows the window until the person ends it. A log that cannot be written keeps nobody from it.
func serve(o *options, home store.Home, errs io.Writer) (err error) {
	log := slog.New(slog.DiscardHandler)
	if l, file, failed := logs.Open(o.logs); failed != nil {
		fmt.Fprintf(errs, "%s: nothing is logged: %v.\n", program, failed)
	} else {
		log = l
		defer func() { err = errors.Join(err, file.Close()) }()
	}
	backend, close, err := backendFor(o, home, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, close()) }()
	return desktop(backend, home, log)
}

func desktop(backend presenter.Backend, home store.Home, log *slog.Logger) error {
	sh, err := start.App(appID, shell.Options{Program: "hostmanager", Name: "Impero Host Manager", Dir: home.HostDir(),
		Trouble: func(err error) { log.Warn("the window could not do all", "reason", err) }})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	own, err := os.UserHomeDir()
	if err != nil {
		own = home.HostDir()
	}
	window := hostmanager.NewWindow(sh, backend, own, sh.Quit)
	var work sync.WaitGroup
	work.Go(func() { window.Run(ctx) })
	window.Open()
	sh.Run()
	stop()
	work.Wait()
	return nil
}
