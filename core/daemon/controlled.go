package daemon

import (
	"context"
	"errors"
	"time"

	"impero/core/config"
	"impero/core/control"
	"impero/core/control/server"
	"impero/core/daemon/keeper"
	"impero/core/host"
)

// controlled is the Host as the control socket has it.
type controlled struct {
	h *host.Host
	k *keeper.Keeper
}

func (c controlled) State() control.State {
	s := c.h.State().Control()
	s.InTray = c.k.General().InTray
	return s
}

func (c controlled) Stop()                     { c.h.Stop() }
func (c controlled) Disconnect(session uint32) { c.h.Disconnect(session) }
func (c controlled) DisconnectAll()            { c.h.DisconnectAll() }

func (c controlled) Start() error {
	err := c.h.Start()
	if errors.Is(err, host.ErrNoPassword) {
		return control.ErrNoPassword
	}
	return err
}

func (c controlled) CheckMaintenance(user string, s control.Scope, password string) error {
	return denied(c.h.CheckMaintenanceOf("user "+user, host.Scope(s), password))
}

// denied says of a maintenance password that was not taken what the control socket says.
func denied(err error) error {
	var locked *host.MaintenanceLockedError
	switch {
	case errors.As(err, &locked):
		return &control.DeniedError{Until: time.Now().Add(locked.Wait)}
	case errors.Is(err, host.ErrMaintenance):
		return &control.DeniedError{Left: -1}
	}
	return err
}

// kept is the configuration as the control socket has it.
type kept struct{ *keeper.Keeper }

func (k kept) Apply(ctx context.Context, d *config.Document, revision, who string) (server.Outcome, error) {
	o, err := k.Keeper.Apply(ctx, d, revision, who)
	if errors.Is(err, keeper.ErrConflict) {
		err = control.ErrConflict
	}
	return server.Outcome(o), denied(err)
}

// relay tells the control socket that the Host's state or its configuration is another.
func (d *daemon) relay(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.h.Changes():
			d.server.Notify(control.NewState)
			if d.cfg.Changed != nil && ctx.Err() == nil { // at the end nobody is told of the end
				d.cfg.Changed(d.h)
			}
		case <-d.cfg.Keeper.Changes():
			d.server.Notify(control.NewConfiguration)
		}
	}
}
