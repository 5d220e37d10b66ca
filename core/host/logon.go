package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"impero/core/logs/event"
	"impero/core/password"
	"impero/core/role"
	"impero/core/secure"
	"impero/core/session"
	"impero/core/wire"
)

// triesOfConnection is how many tries one connection has.
const triesOfConnection = 3

// logonExport is the label of the secret that ties a password proof to its handshake, core/wire/PROTOCOL.md §9.
const logonExport = "logon"

// logonEnd is a logon that ended without a session: what the Guest was told, and why.
type logonEnd struct {
	code wire.CloseCode
	why  error
}

func (e *logonEnd) Error() string { return fmt.Sprintf("%v (%s)", e.why, e.code) }
func (e *logonEnd) Unwrap() error { return e.why }

// welcome holds the logon conversation and makes a session of it. Whatever ends it otherwise was told to the Guest.
func (h *Host) welcome(ctx context.Context, d *session.Dialogue, conn *secure.Conn, from place, log *slog.Logger) (*guestSession, error) {
	g, err := h.converse(ctx, d, conn, from, log)
	if err == nil {
		return g, nil
	}
	var end *logonEnd
	switch code, ok := session.CodeOf(err); {
	case errors.As(err, &end):
		d.Close(end.code, "")
	case ok:
		d.Close(code, "")
	case errors.Is(err, context.DeadlineExceeded):
		d.Close(wire.CloseLogonTime, "")
	case context.Cause(ctx) == errPutOut:
		d.Close(wire.CloseBusy, "")
		return nil, errPutOut
	case errors.Is(err, context.Canceled):
		d.Close(wire.CloseHostStopping, "")
	}
	return nil, err
}

func (h *Host) converse(ctx context.Context, d *session.Dialogue, conn *secure.Conn, from place, log *slog.Logger) (*guestSession, error) {
	if err := d.Send(&wire.LogonOffer{Methods: []wire.Method{wire.MethodPassword}}); err != nil {
		return nil, err
	}
	for range triesOfConnection {
		start, err := receive[*wire.LogonStart](ctx, d)
		if err != nil {
			return nil, err
		}
		try, err := h.proof(ctx, d, conn, start, from)
		switch {
		case err == nil:
			h.guard.right(try)
			return h.admitted(d, conn, start, from, log)
		case !errors.Is(err, password.ErrWrong):
			return nil, err
		}
		h.notes.add(log, kind{message: "wrong password", level: slog.LevelWarn, free: freeRefusals}, "computer", start.Computer, "left", try.left)
		h.record(event.LogonWrong, guestOf(start, from), fmt.Sprintf("%d tries left", try.left))
		if try.lock > 0 {
			h.record(event.LockedOut, guestOf(start, from), fmt.Sprintf("counted by %s, for %s", try.by, try.lock.Round(time.Second)))
			return nil, h.lockOut(d, try)
		}
		if err := d.Send(&wire.LogonFailed{Left: uint8(try.left)}); err != nil {
			return nil, err
		}
	}
	return nil, &logonEnd{wire.CloseLogonFailed, errors.New("no tries left")}
}

func (h *Host) lockOut(d *session.Dialogue, try guess) error {
	seconds := min(int(try.lock/time.Second)+1, 1<<16-1)
	if err := d.Send(&wire.LogonFailed{Wait: uint16(seconds)}); err != nil {
		return err
	}
	return &logonEnd{wire.CloseLockedOut, fmt.Errorf("too many wrong tries, counted by %s", try.by)}
}

// proof runs the password proof for one try. The try is counted before the answer that a guess could be checked with.
func (h *Host) proof(ctx context.Context, d *session.Dialogue, conn *secure.Conn, start *wire.LogonStart, from place) (guess, error) {
	if start.Method != wire.MethodPassword || start.User != "" {
		return guess{}, &wire.Violation{Code: wire.CloseProtocol, Err: errors.New("a logon method that was not offered")}
	}
	h.mu.Lock()
	verifier := h.verifier
	h.mu.Unlock()
	try := h.guard.try(from, start.User)
	if !try.ok {
		return try, h.lockOut(d, try)
	}
	answer, attempt, err := verifier.Begin(conn.Export(logonExport), "", start.Data)
	if err != nil {
		return guess{}, &wire.Violation{Code: wire.CloseProtocol, Err: err}
	}
	if err := d.Send(&wire.LogonData{Data: answer}); err != nil {
		return guess{}, err
	}
	data, err := receive[*wire.LogonData](ctx, d)
	if err != nil {
		return guess{}, err
	}
	if err := attempt.Finish(data.Data); err != nil {
		return try, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.verifier != verifier { // the password was changed since
		return try, password.ErrWrong
	}
	return try, nil
}

// admitted gives the Guest its role and a place among the sessions.
func (h *Host) admitted(d *session.Dialogue, conn *secure.Conn, start *wire.LogonStart, from place, log *slog.Logger) (*guestSession, error) {
	h.mu.Lock()
	r, _ := role.ByName(h.logon.Role)
	h.mu.Unlock()
	g := newGuestSession(h, conn, r, log)
	g.computer, g.from, g.user = start.Computer, from.ip.String(), start.User // nobody else knows g yet
	if err := h.enter(g); err != nil {
		return nil, err
	}
	done := &wire.LogonDone{Role: r.Name, Session: g.name}
	for _, p := range r.Allowed() {
		done.Permissions = append(done.Permissions, uint16(p))
	}
	if err := d.Send(done); err != nil {
		h.forget(g)
		return nil, err
	}
	log.Info("logged on", "session", g.id, "role", r.Name, "computer", start.Computer)
	g.record(event.LogonRight, "role "+r.Name)
	return g, nil
}

// receive waits for a message of one kind; another one breaks the protocol.
func receive[M wire.Message](ctx context.Context, d *session.Dialogue) (M, error) {
	var none M
	m, err := d.Receive(ctx)
	if err != nil {
		return none, err
	}
	if m, ok := m.(M); ok {
		return m, nil
	}
	return none, &wire.Violation{Code: wire.CloseProtocol, Err: fmt.Errorf("message %#x out of turn", uint16(m.Type()))}
}
