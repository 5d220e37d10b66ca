// Command ImperoGuest is the Guest: it shows the screen of a Host and drives it
// with this computer's keyboard and mouse. With --headless it does so without a
// window, for scripts and measurements.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"impero/core/guest"
	"impero/core/logs"
	"impero/core/picture"
	"impero/core/store"
	"impero/core/version"
	guestui "impero/ui/guest"
	"impero/ui/guest/presenter"
	"impero/ui/remote"
	"impero/ui/shell"
	"impero/ui/shell/start"
)

const (
	program = "ImperoGuest"
	appID   = "io.impero.connect.guest"
)

func main() {
	start.Console()
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program with its streams; it returns the exit code.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	home, err := store.Open()
	if err != nil {
		return complain(errs, exitError, err)
	}
	o, err := parse(args, home, in)
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
	}
	if !o.headless {
		if err := start.CheckDisplay(); err != nil {
			complain(errs, exitError, err)
			fmt.Fprintf(errs, "Start it in a desktop session, or with --headless --host NAME.\n")
			return exitError
		}
	}
	code, err := serve(o, home, out, errs)
	if err == nil {
		return code
	}
	complain(errs, code, inWords(err))
	if !o.headless {
		start.Alert(program, inWords(err))
	}
	return code
}

// checkProfile says that there is no such communication profile, and which there
// are. The empty name is the default one's.
func checkProfile(engine *guest.Engine, name string) error {
	var names []string
	for _, p := range engine.Profiles() {
		if p.Name == name || name == "" {
			return nil
		}
		names = append(names, strconv.Quote(p.Name))
	}
	return fmt.Errorf("there is no communication profile %q; there is %s", name, strings.Join(names, ", "))
}

// serve makes the engine and runs with windows or without.
func serve(o *options, home store.Home, out, errs io.Writer) (code int, err error) {
	log, logFile, err := logs.Open(o.logs)
	if err != nil {
		return exitError, because("The log file "+o.logs.FileName+" cannot be written", err)
	}
	defer func() { err = errors.Join(err, logFile.Close()) }()
	order := picture.RGBX // as a picture file wants it
	if !o.headless {
		order = remote.Order
	}
	engine, err := guest.New(guest.Config{Home: home, Log: log, Order: order})
	if err != nil {
		log.Error("the Guest cannot start", "reason", err)
		return exitError, err
	}
	if err := checkProfile(engine, o.profile); err != nil {
		return exitUsage, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if o.headless {
		return headless(ctx, o, engine, out, errs)
	}
	if o.logs.Console == logs.NoLog {
		start.LeaveConsole()
	}
	sh, err := start.App(appID, shell.Options{Program: "guest", Name: "Impero Guest", Dir: home.GuestDir(),
		Trouble: func(err error) { log.Warn("window trouble", "reason", err) }})
	if err != nil {
		return exitError, err
	}
	g := guestui.New(guestui.Options{Shell: sh, Engine: presenter.FromEngine(engine), Direct: o.host != "", Profile: o.profile})
	sh.App.Lifecycle().SetOnStarted(func() {
		if o.host != "" {
			g.Connect(o.host, o.profile, presenter.Logon{User: o.user, Password: o.password})
		}
		context.AfterFunc(ctx, func() { sh.Post(sh.Quit) })
	})
	if o.host == "" {
		g.Open()
	}
	sh.Run()
	g.Close()
	return exitDone, nil
}
