package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"sync"

	"impero/core/agent"
	"impero/core/control"
	"impero/core/store"
	"impero/ui/host"
	"impero/ui/shell"
	"impero/ui/shell/start"
)

// managerName is the program that changes the service's configuration.
const managerName = "ImperoHostManager"

// controls is a connection to the service's control socket that is not open yet.
func controls(home store.Home) *control.Client {
	return &control.Client{Path: home.ControlSocket(), Own: os.Getenv(store.HomeVariable) != "", Window: true}
}

// errLogin is why the agent at a login screen has no window: whoever is there has not said who they are.
var errLogin = errors.New("nobody has logged in at this screen")

// window says whether the window that an agent may have uses the tray, or why it has none.
func window(ctx context.Context, home store.Home) (inTray bool, why error) {
	if err := start.CheckDisplay(); err != nil {
		return false, err
	}
	c := controls(home)
	defer c.Close()
	hello, err := c.Hello(ctx)
	switch {
	case err != nil:
		return false, err
	case !hello.Here:
		return false, errLogin
	}
	if _, err := c.Open(ctx, control.Account{}); err != nil {
		return false, err
	}
	state, err := c.State(ctx)
	if err != nil {
		return false, err
	}
	return state.InTray && hasTray(ctx), nil
}

// attended is the service's agent with the Host's window and its prompts. Windows are made when they are first needed, at once
// where there is a tray to show the Host in. It must be called from main's goroutine, and returns when the service is gone or ctx
// has ended.
func attended(ctx context.Context, c net.Conn, home store.Home, tray bool, log *slog.Logger) error {
	trouble := func(err error) { log.Warn("the window could not do all", "reason", err) }
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	later, service := host.NewLater(), host.NewService(controls(home), trouble)
	service.OnRaise(later.Open)
	var parts sync.WaitGroup
	var failed error
	parts.Go(func() {
		failed = agent.Run(ctx, c, agent.Config{Prompts: later, Log: log})
		cancel() // the service is gone
	})
	parts.Go(func() { service.Run(ctx) })
	if !tray {
		select {
		case <-later.Wanted():
		case <-ctx.Done():
		}
	}
	var err error
	if ctx.Err() == nil {
		err = windows(ctx, home, later, service, tray, trouble)
	}
	cancel() // the desktop may have ended the program
	parts.Wait()
	return errors.Join(err, failed)
}

// windows shows the Host's windows until ctx ends or the desktop ends the program.
func windows(ctx context.Context, home store.Home, later *host.Later, service *host.Service, tray bool, trouble func(error)) error {
	sh, err := start.App(appID, shell.Options{Program: "host", Name: "Impero Host", Dir: home.HostDir(), Trouble: trouble})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := host.NewServiceWindow(sh, service, host.Look{InTray: tray}, func() error { return start.Program(managerName) })
	w.UseTray(tray)
	service.OnRaise(func() { sh.Post(w.Open) })
	if later.Use(w.Prompts()) {
		w.Open()
	}
	var showing sync.WaitGroup
	showing.Go(func() { w.Run(ctx) })
	showing.Go(func() {
		<-ctx.Done()
		sh.Post(sh.Quit)
	})
	sh.Run()
	cancel()
	showing.Wait()
	return nil
}

// raise has the agent of this user's desktop show its window. The error says why there is none to show.
func raise(ctx context.Context, home store.Home) error {
	c := controls(home)
	defer c.Close()
	if _, err := c.Hello(ctx); err != nil {
		return err
	}
	if _, err := c.Open(ctx, control.Account{}); err != nil {
		return err
	}
	return c.Do(ctx, control.OpRaise, 0)
}
