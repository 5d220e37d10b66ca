// Package daemon is the Host as a service of the computer: the daemon half, the socket that its agents come to, and the
// keeper that starts them. What comes in from other users of the computer is checked by who the system says they are.
//
// Run owns all it starts and returns when all is gone.
package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"impero/core/control/server"
	"impero/core/directory"
	"impero/core/host"
	"impero/core/local"
	"impero/core/machine"
	"impero/core/seat"
)

// General are the startup options of a Host. The zero value is a new Host's.
type General struct {
	Quiet         bool          // communication does not start when the Host loads ("Start at load" disabled)
	LoadAtBoot    *bool         // the service starts with the computer; nil: as it was installed
	ExitWhenIdle  time.Duration // the Host exits when it had no session for so long; 0: never
	StandbyAtExit bool          // and then the computer goes to standby
	Wake          machine.Daily // it wakes up every day
}

// Config is what a daemon is made of.
type Config struct {
	Host     host.Config // without an Agent
	General  General
	Display  seat.X             // which display to share, where no logind says so or one is named
	Program  []string           // the agent and its arguments
	Bare     []string           // more of them for an agent without a window, if it does not stay otherwise
	Env      []string           // for the agent: NAME=value
	Accounts directory.Accounts // nil for this system's
	Machine  machine.Machine    // nil for this computer
	Keeper   server.Keeper      // of the configuration; nil for none
	Ready    func(*host.Host)   // is told when agents can come; nil for nobody
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
	stir   chan struct{} // capacity 1: the Host's state is another
}

// Run serves until ctx ends, or the Host was idle for as long as General says.
func Run(ctx context.Context, cfg Config) (err error) {
	if cfg.Host.Log == nil {
		cfg.Host.Log = slog.New(slog.DiscardHandler)
	}
	if err := cfg.General.Wake.Check(); err != nil {
		return fmt.Errorf("wake up every day: %w", err)
	}
	if cfg.Accounts == nil {
		cfg.Accounts = &directory.System{Log: cfg.Host.Log}
	}
	if cfg.Machine == nil {
		cfg.Machine = machine.New(nil)
	}
	cfg.Display.Accounts = cfg.Accounts
	cfg.Host.Quiet = cfg.General.Quiet
	h, err := host.New(cfg.Host)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	l, err := local.Listen(cfg.Host.Home.AgentSocket()) // the lock that h holds keeps another daemon out
	if err != nil {
		return err
	}
	c, err := local.Listen(cfg.Host.Home.ControlSocket())
	if err != nil {
		return errors.Join(err, l.Close())
	}
	d := &daemon{cfg: cfg, log: cfg.Host.Log, h: h, stir: make(chan struct{}, 1)}
	d.keeper = &seat.Keeper{Accounts: cfg.Accounts, Program: cfg.Program, Bare: cfg.Bare, Env: cfg.Env, Vacant: h.Vacant, Log: d.log}
	d.server = server.New(server.Config{
		Host: controlled{h}, Keeper: cfg.Keeper, Accounts: cfg.Accounts, Here: d.keeper.Here, Log: d.log, Events: cfg.Host.Events,
	})
	return d.run(ctx, l, c)
}

func (d *daemon) run(ctx context.Context, l, c *local.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	d.h.Vacant(seat.Starting)
	var parts sync.WaitGroup
	parts.Go(func() { d.accept(ctx, l) })
	parts.Go(func() { d.server.Serve(ctx, c) })
	parts.Go(func() { d.relay(ctx) })
	parts.Go(func() { d.follow(ctx) })
	parts.Go(func() { d.cfg.General.Wake.Keep(ctx, d.cfg.Machine, d.log) })
	if on := d.cfg.General.LoadAtBoot; on != nil {
		if err := d.cfg.Machine.LoadAtBoot(ctx, *on); err != nil {
			d.log.Error("whether the service starts with the computer cannot be set", "reason", err)
		}
	}
	idle := false
	parts.Go(func() {
		if idle = d.awaitIdle(ctx); idle {
			d.log.Info("the Host was idle and exits", "after", d.cfg.General.ExitWhenIdle)
			cancel()
		}
	})
	if d.cfg.Ready != nil {
		d.cfg.Ready(d.h)
	}
	err := d.h.Run(ctx)
	cancel()
	err = errors.Join(err, l.Close())
	parts.Wait()
	if idle && d.cfg.General.StandbyAtExit {
		err = errors.Join(err, d.standby())
	}
	return err
}

// standby sends the computer to sleep when all else is done.
func (d *daemon) standby() error {
	d.log.Info("the computer goes to standby")
	return d.cfg.Machine.Standby(context.Background())
}

// accept gives agents to the Host until the listener is closed, and sends everybody else away.
func (d *daemon) accept(ctx context.Context, l *local.Listener) {
	var serving sync.WaitGroup
	defer serving.Wait()
	defer context.AfterFunc(ctx, func() { l.Close() })()
	var said time.Time
	for {
		c, err := l.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			d.log.Error("an agent's connection could not be accepted", "reason", err)
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Second):
			}
			continue
		}
		if err := d.keeper.Admit(c.Peer); err != nil {
			if now := time.Now(); now.Sub(said) >= refusedEvery {
				said = now
				d.log.Warn("refused as the agent", "user", c.Peer.User, "process", c.Peer.Process, "reason", err)
			}
			c.Close()
			continue
		}
		serving.Go(func() {
			d.log.Info("the agent is there", "user", c.Peer.User, "process", c.Peer.Process)
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

// awaitIdle returns true when the Host had no session for as long as it may, false when ctx ends.
func (d *daemon) awaitIdle(ctx context.Context) bool {
	after := d.cfg.General.ExitWhenIdle
	if after <= 0 {
		return false
	}
	since := time.Now()
	for {
		if len(d.h.State().Sessions) > 0 {
			since = time.Now()
		}
		t := time.NewTimer(time.Until(since.Add(after)))
		select {
		case <-ctx.Done():
			t.Stop()
			return false
		case <-d.stir:
			t.Stop()
		case <-t.C:
			if len(d.h.State().Sessions) == 0 {
				return true
			}
		}
	}
}
