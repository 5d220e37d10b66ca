package daemon

import (
	"context"
	"errors"
	"time"

	"impero/core/control"
	"impero/core/host"
)

// controlled is the Host as the control socket has it.
type controlled struct{ h *host.Host }

func (c controlled) State() control.State      { return c.h.State().Control() }
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

func (c controlled) CheckMaintenance(s control.Scope, password string) error {
	err := c.h.CheckMaintenance(host.Scope(s), password)
	var locked *host.MaintenanceLockedError
	switch {
	case errors.As(err, &locked):
		return &control.DeniedError{Until: time.Now().Add(locked.Wait)}
	case err != nil:
		return &control.DeniedError{Left: -1}
	}
	return nil
}

// relay tells the control socket, and who waits for an idle Host, that the Host's state is another.
func (d *daemon) relay(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.h.Changes():
		}
		d.server.Notify(control.NewState)
		select {
		case d.stir <- struct{}{}:
		default:
		}
	}
}
