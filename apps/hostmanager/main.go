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
	"os/user"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"impero/core/config"
	"impero/core/control"
	"impero/core/local"
	"impero/core/logs"
	"impero/core/machine"
	"impero/core/store"
	"impero/core/version"
	"impero/ui/hostmanager"
	"impero/ui/hostmanager/hostfile"
	"impero/ui/hostmanager/hostservice"
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
	if err := serve(o, home); err != nil {
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

// serve shows the window until the person ends it.
func serve(o *options, home store.Home) (err error) {
	log, logFile, err := logs.Open(o.logs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, logFile.Close()) }()
	backend, close, err := backendFor(o, home, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, close()) }()
	return desktop(backend, home, log)
}

// backendFor finds where the configuration is.
func backendFor(o *options, home store.Home, log *slog.Logger) (b presenter.Backend, close func() error, err error) {
	if o.file == "" {
		if system, err := store.OpenSystem(); err == nil && hasService(system) {
			moved := os.Getenv(store.HomeVariable) != ""
			s := hostservice.New(&control.Client{Path: system.ControlSocket(), Own: moved}, "sudo service "+machine.ServiceName+" start")
			return s, s.Close, nil
		}
		o.file = filepath.Join(home.HostDir(), config.FileName)
	}
	account := "?"
	if u, err := user.Current(); err == nil {
		account = u.Username
	}
	file, err := hostfile.New(o.file, account, log)
	if err != nil {
		return nil, nil, err
	}
	return file, file.Close, nil
}

// hasService says whether the Host service answers on this computer, or has been here.
func hasService(system store.Home) bool {
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	if c, err := local.Dial(ctx, system.ControlSocket()); err == nil {
		c.Close()
		return true
	}
	if os.Getenv(store.HomeVariable) != "" { // a service's folder and a person's are the same then
		return false
	}
	_, err := os.Stat(system.HostDir())
	return err == nil
}

// lookTime bounds how long the service is looked for.
const lookTime = 2 * time.Second

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
