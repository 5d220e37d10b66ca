// Package daemon is the Host as a service of the computer: the daemon half, the socket that its agents come to, and the
// keeper that starts them. What comes in from other users of the computer is checked by who the system says they are.
//
// Run owns all it starts and returns when all is gone.
package daemon

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"impero/core/control/server"
	"impero/core/daemon/keeper"
	"impero/core/directory"
	"impero/core/host"
	"impero/core/local"
	"impero/core/seat"
)

// Config is what a daemon is made of.
type Config struct {
	Keeper   *keeper.Keeper     // has the Host, without an agent; whoever opened it closes it when Run has returned
	Display  seat.X             // which display to share, where no logind says so or one is named
	Program  []string           // the agent and its arguments
	Bare     []string           // more of them for an agent without a window, if it does not stay otherwise
	Env      []string           // for the agent: NAME=value
	Accounts directory.Accounts // nil for this system's
	Ready    func(*host.Host)   // is told when agents can come; nil for nobody
	Changed  func(*host.Host)   // is told, after Ready and on one goroutine, when the Host's state is another; nil for nobody
}

// watchAgain is how long after a failure the screen is watched again.
const watchAgain = 5 * time.Second

// refusedEvery is how often strangers at the socket are logged.
const refusedEvery = time.Second

// daemon is one that runs.
type daemon struct {
	cfg    Config
	log    *slog.Logger
	h      *host.Host
	keeper *seat.Keeper
	server *server.Server
}

// Run serves until ctx ends, or the Host was idle for as long as the configuration says.
func Run(ctx context.Context, cfg Config) error {
	log := cfg.Keeper.Service()
	if cfg.Accounts == nil {
		cfg.Accounts = &directory.System{Log: log}
	}
	if cfg.Display.Display == "" {
		cfg.Display.Display = cfg.Keeper.General().Display
	}
	cfg.Display.Accounts = cfg.Accounts
	h := cfg.Keeper.Host()
	l, err := local.Listen(cfg.Keeper.Home().AgentSocket()) // the lock that the Keeper holds keeps another daemon out
	if err != nil {
		return err
	}
	c, err := local.Listen(cfg.Keeper.Home().ControlSocket())
	if err != nil {
		return errors.Join(err, l.Close())
	}
	d := &daemon{cfg: cfg, log: log, h: h}
	d.keeper = &seat.Keeper{Accounts: cfg.Accounts, Program: cfg.Program, Bare: cfg.Bare, Env: cfg.Env, Vacant: h.Vacant, Log: d.log}
	d.server = server.New(server.Config{
		Host: controlled{h, cfg.Keeper}, Keeper: kept{cfg.Keeper}, Accounts: cfg.Accounts, Here: d.keeper.Here, Log: d.log, Events: cfg.Keeper.Events(),
	})
	cfg.Keeper.Seat(d.keeper.LoggedIn)
	return d.run(ctx, l, c)
}

func (d *daemon) run(ctx context.Context, l, c *local.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	d.h.Vacant(seat.Starting)
	var parts sync.WaitGroup
	parts.Go(func() { d.accept(ctx, l) })
	parts.Go(func() { d.server.Serve(ctx, c) })
	parts.Go(func() { d.follow(ctx) })
	if d.cfg.Ready != nil {
		d.cfg.Ready(d.h)
	}
	parts.Go(func() { d.relay(ctx) })
	err := d.cfg.Keeper.Run(ctx)
	cancel()
	err = errors.Join(err, l.Close())
	parts.Wait()
	return err
}

// accept gives agents to the Host until the listener is closed, and sends everybody else away.
func (d *daemon) accept(serve context.Context, l *local.Listener) {
	var serving sync.WaitGroup
	defer serving.Wait()
	defer context.AfterFunc(serve, func() { l.Close() })()
	var said time.Time
	for {
		c, err := l.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			d.log.Error("an agent's connection could not be accepted", "reason", err)
			select {
			case <-serve.Done():
				return
			case <-time.After(time.Second):
			}
			continue
		}
		run, leave, err := d.keeper.Admit(c.Peer)
		if err != nil {
			if now := time.Now(); now.Sub(said) >= refusedEvery {
				said = now
				d.log.Warn("refused as the agent", "user", c.Peer.User, "process", c.Peer.Process, "reason", err)
			}
			c.Close()
			continue
		}
		serving.Go(func() {
			defer leave()
			d.log.Info("the agent is there", "user", c.Peer.User, "process", c.Peer.Process)
			// What its process left open, or hands to another, is of no use once it has ended.
			ctx, cancel := context.WithCancel(run)
			defer cancel()
			defer context.AfterFunc(serve, cancel)()
			if err := d.h.Attach(ctx, c); err != nil {
				d.log.Warn("the agent is gone", "user", c.Peer.User, "process", c.Peer.Process, "reason", err)
			}
		})
	}
}

// follow keeps an agent at the desktop on the screen.
func (d *daemon) follow(ctx context.Context) {
	for ctx.Err() == nil {
		d.keeper.Watcher = seat.Open(ctx, d.cfg.Display)
		if err := d.keeper.Run(ctx); err != nil && ctx.Err() == nil {
			d.log.Error("who is at the screen cannot be seen; it is tried again", "reason", err)
			d.h.Vacant("Who is at this computer's screen cannot be seen: " + err.Error())
		}
		select {
		case <-ctx.Done():
		case <-time.After(watchAgain):
		}
	}
}
