package guest

import (
	"context"
	"errors"
	"net"
	"time"

	"impero/core/key"
	"impero/core/secure"
	"impero/core/session"
	"impero/core/wire"
)

// attempt is one run of Connect.
type attempt struct {
	e      *Engine
	target Target
	p      Prompter
	known  bool // the Host's key was kept before
	id     secure.HostID
	waited time.Duration // for the Host's user, 0 if nobody was asked
	asked  time.Time     // when that began
}

// Connect connects, makes sure who the Host is, logs on and waits for the first picture. Every error is an *Error. The
// attempt is kept in the history, but for one the person cancelled.
func (e *Engine) Connect(ctx context.Context, t Target, p Prompter) (*Session, error) {
	a := &attempt{e: e, target: t, p: p}
	start := e.now()
	s, err := a.run(ctx)
	if err != nil {
		err = a.explain(ctx, err)
		e.log.Warn("connection failed", "host", t.String(), "reason", err)
		e.record(Record{Target: t, Address: t.Address(), Start: start}, err)
		return nil, err
	}
	e.log.Info("session started", "host", t.String(), "address", s.info.Address, "fingerprint", s.info.Fingerprint, "role", s.info.Role)
	return s, nil
}

func (a *attempt) run(ctx context.Context) (*Session, error) {
	a.p.Progress(StepDial)
	c, err := a.e.cfg.Dial(ctx, a.target.Address())
	if err != nil {
		return nil, err
	}
	a.p.Progress(StepSecure)
	conn, err := secure.Guest(ctx, c, secure.GuestConfig{
		Target:       a.target.Host,
		Levels:       a.e.profiles.levels(a.target.Profile),
		Capabilities: a.e.cfg.capabilities(),
		Verify:       a.verify,
	})
	if err != nil {
		c.Close()
		return nil, err
	}
	s, err := a.enter(ctx, c, conn)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return s, nil
}

// capabilities are what a Guest can do.
func (c Config) capabilities() []wire.Capability {
	return append(c.abilities().Capabilities(), wire.Capability{Number: wire.CapabilityScreen}, wire.Capability{Number: wire.CapabilityCursor})
}

// verify decides whether the Host is the one that is meant. A known key that differs stops here, without a way on.
func (a *attempt) verify(ctx context.Context, id secure.HostID) error {
	a.id = id
	kept, record, known, err := a.e.known.lookup(a.target)
	switch {
	case err != nil:
		return fileError(KindKnownHosts, a.e.known.path, err)
	case known && kept.Equal(id.Key):
		a.known = true
		return nil
	case known:
		return &Error{Kind: KindChangedKey, Changed: &ChangedKey{
			Known: kept.Fingerprint(), Shown: id.Key.Fingerprint(), Since: record.Since, Used: record.Used,
		}}
	}
	a.p.Progress(StepIdentity)
	ok, err := a.p.Identity(ctx, Identity{
		Target: a.target, HostName: id.Name, Fingerprint: id.Key.Fingerprint(), Level: id.Level.String(), KnownAs: a.e.known.elsewhere(id.Key),
	})
	if err != nil {
		return err
	}
	if !ok {
		return &Error{Kind: KindNotTrusted}
	}
	return a.keep(id.Key, id.Name)
}

// keep notes the key in the known hosts; without that the next contact could not be checked.
func (a *attempt) keep(k key.Public, name string) error {
	if err := a.e.known.used(a.target, k, name, a.e.now()); err != nil {
		return fileError(KindKnownHosts, a.e.known.path, err)
	}
	return nil
}

// enter logs on and opens the screen.
func (a *attempt) enter(ctx context.Context, c net.Conn, conn *secure.Conn) (*Session, error) {
	a.p.Progress(StepLogon)
	d := session.NewDialogue(conn, wire.FromHost)
	done, err := a.logon(ctx, d, conn)
	if err != nil {
		var g *Error
		var closed *wire.Closed
		switch code, ok := session.CodeOf(err); {
		case errors.As(err, &closed):
		case ok:
			d.Close(code, "")
		case errors.As(err, &g), ctx.Err() != nil:
			d.Close(wire.CloseDone, "")
		}
		return nil, err
	}
	if a.known {
		if err := a.keep(a.id.Key, a.id.Name); err != nil {
			a.e.log.Error("the known hosts could not be written", "reason", err)
		}
	}
	s := newSession(a, c, conn, done)
	a.p.Progress(StepScreen)
	if err := s.begin(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}
