package host

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"impero/core/logs/event"
	"impero/core/secure"
	"impero/core/session"
	"impero/core/wire"
)

// Limits of connections that join a session there is already.
const (
	joinTime = 10 * time.Second // for SessionJoin, once the handshake is done
	maxNamed = 64               // sessions that ended a short while ago, kept to tell their Guests why
)

// sessionName is what a session is called between its two ends. It is no secret.
type sessionName = [wire.SessionLen]byte

// rejoin has a connection join its session, or tells its Guest that there is none.
func (h *Host) rejoin(ctx context.Context, d *session.Dialogue, conn *secure.Conn, x *caller, log *slog.Logger) {
	wait, cancel := context.WithTimeout(ctx, joinTime)
	defer cancel()
	m, err := receive[*wire.SessionJoin](wait, d)
	defer h.gate.leave(x)
	if err != nil {
		if code, ok := session.CodeOf(err); ok {
			d.Close(code, "")
		}
		conn.Close()
		h.noteJoin(log, wire.CloseProtocol, err)
		return
	}
	h.mu.Lock()
	g := h.named[m.Session]
	h.mu.Unlock()
	purpose := conn.Peer().Purpose
	switch {
	case g == nil:
		d.Close(wire.CloseSessionOver, "")
		h.noteJoin(log, wire.CloseSessionOver, errors.New("there is no such session"))
	case conn.Peer().Level != g.level:
		d.Close(wire.CloseSessionOver, "")
		h.noteJoin(log, wire.CloseSessionOver, errors.New("the session has another encryption level"))
	default:
		if err := g.s.Join(wait, d, conn, purpose, m); err != nil {
			conn.Close()
			h.noteJoin(log, wire.CloseDenied, err)
			return
		}
		if purpose == wire.PurposeResume {
			g.movedTo(x.from.ip)
			g.record(event.SessionFound, "")
		}
		log.Info("joined a session", "session", g.id, "purpose", uint8(purpose))
	}
}

// forget drops a session that never began.
func (h *Host) forget(g *guestSession) {
	h.mu.Lock()
	delete(h.named, g.name)
	h.mu.Unlock()
	h.leave(g)
}

// noteJoin logs a connection that joined no session.
func (h *Host) noteJoin(log *slog.Logger, code wire.CloseCode, err error) {
	h.notes.add(log, kind{message: "a connection did not join a session", level: slog.LevelWarn, of: int(code), free: freeRefusals}, "reason", err)
}

// keepName lets the Guest of a session that has ended learn why, as long as it would have tried to come back.
func (h *Host) keepName(g *guestSession) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.named) >= MaxSessions+maxNamed {
		delete(h.named, g.name)
		return
	}
	time.AfterFunc(session.ResumeTime, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.named, g.name)
	})
}

// makeRoom ends the session that is lost for longest, if one is; mu is held.
func (h *Host) makeRoom() bool {
	var oldest *guestSession
	var since time.Time
	for _, g := range h.sessions {
		if l, lost := g.s.Lost(); lost && (oldest == nil || l.Since.Before(since)) {
			oldest, since = g, l.Since
		}
	}
	if oldest == nil {
		return false
	}
	delete(h.sessions, oldest.id)
	oldest.log.Warn("a lost session gives its place to another Guest", "session", oldest.id)
	go oldest.end(wire.CloseFull)
	return true
}
