// Package hostservice is the Host of this computer's service as the Backend of Host Manager: it turns what the client of the
// control socket gives into what the presenter shows. Who may do what the service decides.
package hostservice

import (
	"context"
	"errors"
	"fmt"

	"impero/core/config"
	"impero/core/control"
	"impero/ui/hostmanager/people"
	"impero/ui/hostmanager/presenter"
	"impero/ui/shell/phrase"
)

// Service is a Backend. It is safe for concurrent use as far as Backend says.
type Service struct {
	c     *control.Client
	start string
}

var _ presenter.Backend = (*Service)(nil)

// New gives the Backend for a client that is not connected. start is the command that starts the service.
func New(c *control.Client, start string) *Service { return &Service{c: c, start: start} }

// Close ends the connection.
func (s *Service) Close() error { s.c.Close(); return nil }

// Hello implements presenter.Backend.
func (s *Service) Hello(ctx context.Context) (presenter.Place, error) {
	place := presenter.Place{
		Service: phrase.New("the Host service of this computer"), Start: s.start,
		Document: phrase.With("host.xml version {{.Version}}", phrase.Args{"Version": config.Version}),
	}
	h, err := s.c.Hello(ctx)
	if err != nil {
		return place, ours(err)
	}
	place.Host, place.User, place.Wants = h.Host, h.User, presenter.Wants(h.Wants)
	place.Service = phrase.With("Imperohostd on {{.Host}} (this computer)", phrase.Args{"Host": h.Host})
	return place, nil
}

// Open implements presenter.Backend.
func (s *Service) Open(ctx context.Context, a presenter.Account) (presenter.Rights, error) {
	account := control.Account{Maintenance: a.Maintenance}
	if a.Maintenance == "" {
		account = control.Account{User: a.User, Password: a.Password}
	}
	r, err := s.c.Open(ctx, account)
	if err != nil {
		return presenter.Rights{}, ours(err)
	}
	rights := presenter.Rights{User: r.User, Change: r.Change, Paths: r.Paths}
	if !r.Change {
		rights.Reason = phrase.With("{{.User}} may see the configuration and not change it. Configuration access names who may.", phrase.Args{"User": r.User})
	}
	return rights, nil
}

// Load implements presenter.Backend.
func (s *Service) Load(ctx context.Context) (presenter.Snapshot, error) {
	now, err := s.c.Load(ctx)
	if err != nil {
		return presenter.Snapshot{}, ours(err)
	}
	return snapshot(now), nil
}

func snapshot(c *control.Configuration) presenter.Snapshot {
	return presenter.Snapshot{Document: c.Document, Revision: c.Revision, Written: c.Written.Local(), Trouble: phrase.Plain(c.Trouble), Overruled: c.Overruled}
}

// Check implements presenter.Backend.
func (s *Service) Check(ctx context.Context, d *config.Document) ([]*config.Fault, error) {
	faults, err := s.c.Check(ctx, d)
	return faults, ours(err)
}

// Apply implements presenter.Backend.
func (s *Service) Apply(ctx context.Context, d *config.Document, revision string) (presenter.Outcome, error) {
	done, err := s.c.Apply(ctx, d, revision)
	if err != nil {
		return presenter.Outcome{}, ours(err)
	}
	return presenter.Outcome{Snapshot: snapshot(done.Now), Restarted: done.Restarted, Ended: done.Ended, Pending: done.Pending}, nil
}

// Sessions implements presenter.Backend.
func (s *Service) Sessions(ctx context.Context) ([]presenter.Session, error) {
	state, err := s.c.State(ctx)
	if err != nil {
		return nil, ours(err)
	}
	var list []presenter.Session
	for _, g := range state.Sessions {
		who := g.User
		for _, other := range []string{g.Computer, g.From} {
			if who == "" {
				who = other
			}
		}
		list = append(list, presenter.Session{Who: who, From: g.From})
	}
	return list, nil
}

// Missing implements presenter.Backend: the service is of this computer.
func (s *Service) Missing(ctx context.Context, names []presenter.SystemName) ([]presenter.SystemName, error) {
	return people.Missing(ctx, names)
}

// Watch implements presenter.Backend.
func (s *Service) Watch(ctx context.Context, changed func()) error {
	return ours(s.c.Watch(ctx, func(n control.News) {
		if n&control.NewConfiguration != 0 {
			changed()
		}
	}))
}

// ours is an error of the client as the presenter knows it.
func ours(err error) error {
	var denied *control.DeniedError
	var conflict *control.ConflictError
	switch {
	case errors.As(err, &denied):
		d := &presenter.DeniedError{Left: denied.Left}
		if !denied.Until.IsZero() {
			d.Until = denied.Until.Local()
		}
		return d
	case errors.As(err, &conflict):
		return &presenter.ConflictError{Now: snapshot(conflict.Now)}
	case errors.Is(err, control.ErrNotAllowed):
		return presenter.ErrNotAllowed
	case errors.Is(err, control.ErrImpostor):
		return &presenter.GoneError{Reason: phrase.New("What answers in place of the Host service belongs to another user: somebody pretends to be it.")}
	case errors.Is(err, control.ErrVersion):
		return &presenter.GoneError{Reason: phrase.New("The Host service is of another release. Install the same release of both.")}
	case errors.Is(err, control.ErrBusy):
		return &presenter.GoneError{Reason: phrase.New("Too many programs speak to the Host service at once. Close some of them.")}
	case errors.Is(err, control.ErrGone):
		return fmt.Errorf("%w: %w", presenter.ErrGone, err)
	}
	return err
}
