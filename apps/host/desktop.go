package main

import (
	"context"
	"log/slog"
	"sync"

	"impero/core/logs"
	"impero/core/store"
	"impero/ui/host"
	"impero/ui/shell"
	"impero/ui/shell/start"
)

// appID names this program to the desktop.
const appID = "io.impero.host"

// desktop runs the Host with its window until the person or ctx ends it. It
// must be called from main's goroutine.
func desktop(ctx context.Context, w *whole, home store.Home, log *slog.Logger) error {
	sh, err := start.App(appID, shell.Options{
		Program: "host", Name: "Impero Host", Dir: home.HostDir(),
		Trouble: func(err error) { logs.Window.Of(log).Warn("the window could not do all", "reason", err) },
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	general := w.keeper.General()
	window := host.NewWindow(sh, w, cancel, host.Look{HideExit: general.HideExit, InTray: general.InTray})
	w.prompts = window.Prompts()
	window.UseTray(hasTray(ctx))
	var parts sync.WaitGroup
	var failed error
	parts.Go(func() {
		failed = w.run(ctx)
		cancel() // if it ended by itself
	})
	parts.Go(func() { window.Run(ctx) })
	quit := make(chan struct{})
	go func() {
		// The window stays until every Guest is told: it goes when all is done.
		parts.Wait()
		sh.Post(sh.Quit)
		close(quit)
	}()
	window.Open()
	sh.Run()
	cancel() // the desktop ended the program
	<-quit
	return failed
}
