package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"impero/core/agent"
	"impero/core/local"
	"impero/core/machine"
	"impero/core/store"
)

// Why an agent does not start.
var (
	errNoService = errors.New(`the Host service is not running, so there is nothing to share this desktop for.
Start it, or run a Host of your own:
    ` + machine.StartCommand + `
    ` + program + ` --standalone`)
	errNotOurs = errors.New(`the Host service runs, and shares the desktop at the screen by itself: there is
nothing to start. For a Host of your own beside it, on another port:
    ` + program + ` --standalone --port 6503`)
	errNoWindow = errors.New(`the Host service runs, and shares the desktop at the screen by itself. Its window
is for the user at the screen, not for root: no window was shown. root has
    sudo Imperohostd status
    sudo ImperoHostManager`)
	errImpostor = errors.New("what answers in place of the Host service is not root's: somebody else pretends to be it")
	errRoot     = errors.New("the part of the Host that sees the desktop does not run as root: nothing of a Guest's may be done with root's rights")
)

// serviceRuns says whether the Host service answers on this computer.
func serviceRuns(ctx context.Context, home store.Home) bool {
	c, err := local.Dial(ctx, home.ControlSocket())
	if err != nil {
		return false
	}
	c.Close()
	return isService(c.Peer)
}

// isService says whether a peer may be the service: root, or this user where all state was moved to a folder of the user's.
func isService(p local.Peer) bool {
	return p.Rules() || os.Getenv(store.HomeVariable) != "" && p.Same()
}

// serveDaemon is the service's agent until the service ends it or goes. What it
// says the service writes to its log.
func serveDaemon(ctx context.Context, home store.Home, headless bool, errs io.Writer) error {
	if err := agent.Guard(); err != nil {
		return fmt.Errorf("keep other programs out: %w", err)
	}
	c, err := local.Dial(ctx, home.AgentSocket())
	switch {
	case errors.Is(err, local.ErrNobody):
		return errNoService
	case err != nil:
		return err
	case !isService(c.Peer):
		return errors.Join(errImpostor, c.Close())
	case os.Geteuid() == 0:
		return errors.Join(errRoot, c.Close())
	}
	log := slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{ReplaceAttr: noTime}))
	run := func() error { return agent.Run(ctx, c, agent.Config{Log: log}) }
	if !headless {
		if tray, why := window(ctx, home); why == nil {
			run = func() error { return attended(ctx, c, home, tray, log) }
		} else {
			log.Info("the agent has no window", "reason", why)
		}
	}
	err = run()
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("%w\n(%w)", errNotOurs, err)
	}
	return nil
}

// noTime leaves the time out: the service's log has it.
func noTime(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}
