package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"impero/core/logs/event"
	"impero/core/password"
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
	user string // the account that was tried, where it is known
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

// errLockedOut says that a try was not taken, because something is locked.
var errLockedOut = errors.New("locked out")

// prover checks one try of a logon. Errors besides those that end it are password.ErrWrong, as it is or in a *wrongError, and
// errLockedOut.
type prover func(context.Context, *session.Dialogue, *wire.LogonStart, place) (identity, guess, error)

// way gives the method that the Host offers now, and who checks it.
func (h *Host) way(conn *secure.Conn) (wire.Method, prover, error) {
	switch m := h.rules().Mode; m {
	case ModeImpero:
		return wire.MethodPassword, func(ctx context.Context, d *session.Dialogue, start *wire.LogonStart, from place) (identity, guess, error) {
			try, err := h.proof(ctx, d, conn, start, from)
			return identity{mode: ModeImpero}, try, err
		}, nil
	case ModeSystem:
		return wire.MethodSystem, h.system, nil
	default:
		return 0, nil, &logonEnd{code: wire.CloseMode, why: fmt.Errorf("guest security is set to %s, which this version does not have yet", m)}
	}
}

func (h *Host) converse(ctx context.Context, d *session.Dialogue, conn *secure.Conn, from place, log *slog.Logger) (*guestSession, error) {
	method, prove, err := h.way(conn)
	if err != nil {
		return nil, err
	}
	whole := ctx // with the time in which the Host's user may be asked
	ctx, cancel := context.WithTimeout(ctx, h.rules().logonLimit())
	defer cancel()
	if err := d.Send(&wire.LogonOffer{Methods: []wire.Method{method}}); err != nil {
		return nil, err
	}
	for n := range triesOfConnection {
		start, err := receive[*wire.LogonStart](ctx, d)
		if err != nil {
			return nil, err
		}
		if start.Method != method {
			return nil, &wire.Violation{Code: wire.CloseProtocol, Err: errors.New("a logon method that was not offered")}
		}
		who, try, err := prove(ctx, d, start, from)
		switch {
		case err == nil:
			h.guard.right(try)
			return h.admitted(whole, d, conn, start, who, from, log)
		case err == errLockedOut:
			return nil, h.lockOut(d, start, try)
		case !errors.Is(err, password.ErrWrong):
			return nil, err
		}
		h.noteWrong(log, start, try, err)
		h.noteRefusal(from.ip, start.User, refusalOf(err))
		h.recordBy(from.way, event.LogonWrong, guestOf(start, from), fmt.Sprintf("%d tries left", try.left))
		if try.lock > 0 {
			h.recordBy(from.way, event.LockedOut, guestOf(start, from), fmt.Sprintf("counted by %s, for %s", try.by, try.lock.Round(time.Second)))
			h.tooMany(try)
			return nil, h.lockOut(d, start, try)
		}
		if err := d.Send(&wire.LogonFailed{Left: uint8(min(try.left, triesOfConnection-1-n))}); err != nil {
			return nil, err
		}
	}
	return nil, &logonEnd{code: wire.CloseLogonFailed, why: errors.New("no tries left")}
}

// refusalOf is what the Host's user is told of a wrong try.
func refusalOf(err error) wire.CloseCode {
	if wrong := (*wrongError)(nil); errors.As(err, &wrong) && wrong.of == withoutRole {
		return wire.CloseDenied
	}
	return wire.CloseLogonFailed
}

// noteWrong logs a wrong try, with what the Guest is not told.
func (h *Host) noteWrong(log *slog.Logger, start *wire.LogonStart, try guess, err error) {
	var wrong *wrongError
	if errors.As(err, &wrong) {
		h.notes.add(log, kind{message: "the system did not take a logon", level: slog.LevelWarn, of: wrong.of, free: freeRefusals},
			"user", start.User, "why", wrong.why, "computer", start.Computer, "left", try.left)
		return
	}
	h.notes.add(log, kind{message: "wrong password", level: slog.LevelWarn, free: freeRefusals}, "computer", start.Computer, "left", try.left)
}

func (h *Host) lockOut(d *session.Dialogue, start *wire.LogonStart, try guess) error {
	seconds := min(int(try.lock/time.Second)+1, 1<<16-1)
	if err := d.Send(&wire.LogonFailed{Wait: uint16(seconds)}); err != nil {
		return err
	}
	return &logonEnd{code: wire.CloseLockedOut, why: fmt.Errorf("too many wrong tries, counted by %s", try.by), user: start.User}
}

// proof runs the password proof for one try. The try is counted before the answer that a guess could be checked with.
func (h *Host) proof(ctx context.Context, d *session.Dialogue, conn *secure.Conn, start *wire.LogonStart, from place) (guess, error) {
	if start.User != "" {
		return guess{}, &wire.Violation{Code: wire.CloseProtocol, Err: errors.New("a user, for a method without one")}
	}
	h.mu.Lock()
	verifier := h.verifier
	h.mu.Unlock()
	if verifier == nil { // the mode was changed since the connection was admitted
		return guess{}, &logonEnd{code: wire.CloseNoLogon, why: errors.New("no password is set")}
	}
	try := h.guard.try(from, start.User)
	if !try.ok {
		return try, errLockedOut
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

// admitted gives the Guest its role and a place among the sessions, once the Host's user has confirmed it where he must.
func (h *Host) admitted(ctx context.Context, d *session.Dialogue, conn *secure.Conn, start *wire.LogonStart, who identity, from place, log *slog.Logger) (*guestSession, error) {
	under := h.rules()
	r, who, err := h.confirmed(ctx, d, start, who, from, log)
	if err != nil {
		return nil, err
	}
	g := newGuestSession(h, conn, r, who, log)
	g.under = under
	g.computer, g.from, g.way = start.Computer, from.ip.String(), from.way // nobody else knows g yet
	if err := h.enter(ctx, g); err != nil {
		return nil, err
	}
	done := &wire.LogonDone{Role: r.Name, Session: g.name, Permissions: numbers(r)}
	if err := d.Send(done); err != nil {
		h.forget(g)
		return nil, err
	}
	log.Info("logged on", "session", g.id, "role", r.Name, "user", who.user, "computer", start.Computer)
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
