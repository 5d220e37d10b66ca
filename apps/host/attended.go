package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
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
	return &control.Client{Path: home.ControlSocket(), Own: os.Getenv(store.HomeVariable) != ""}
}

// errLogin is why the agent at a login screen has no window: whoever is there has not said who they are.
var errLogin = errors.New("nobody has logged in at this screen")

// window says why an agent has no window, nil if it can have one.
func window(ctx context.Context, home store.Home) error {
	if err := start.CheckDisplay(); err != nil {
		return err
	}
	c := controls(home)
	defer c.Close()
	hello, err := c.Hello(ctx)
	switch {
	case err != nil:
		return err
	case !hello.Here:
		return errLogin
	}
	return nil
}

// attended is the service's agent with the Host's window, which is hidden until the user wants it, and its prompts. It must be
// called from main's goroutine, and returns when the service is gone or ctx has ended.
func attended(ctx context.Context, c net.Conn, home store.Home, log *slog.Logger) error {
	trouble := func(err error) { log.Warn("the window could not do all", "reason", err) }
	sh, err := start.App(appID, shell.Options{Program: "host", Name: "Impero Host", Dir: home.HostDir(), Trouble: trouble})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	service := host.NewService(controls(home), trouble)
	w := host.NewServiceWindow(sh, service, startManager)
	service.OnRaise(func() { sh.Post(w.Open) })
	w.UseTray(hasTray(ctx))
	var parts sync.WaitGroup
	var failed error
	prompts := w.Prompts()
	parts.Go(func() {
		failed = agent.Run(ctx, c, agent.Config{Prompts: prompts, Log: log})
		cancel() // the service is gone
	})
	parts.Go(func() { service.Run(ctx) })
	parts.Go(func() { w.Run(ctx) })
	quit := make(chan struct{})
	go func() {
		parts.Wait()
		sh.Post(sh.Quit)
		close(quit)
	}()
	sh.Run()
	cancel() // the desktop ended the program
	<-quit
	return failed
}

// startManager starts Host Manager: the one beside this program, or the one that the user's shell would find.
func startManager() error {
	program := managerName
	if self, err := os.Executable(); err == nil {
		if beside := filepath.Join(filepath.Dir(self), managerName+filepath.Ext(self)); exists(beside) {
			program = beside
		}
	}
	c := exec.Command(program)
	if err := c.Start(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			err = fmt.Errorf("%s is not installed", managerName)
		}
		return err
	}
	go c.Wait()
	return nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
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
