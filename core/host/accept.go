package host

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"time"

	"impero/core/logs/event"
	"impero/core/secure"
	"impero/core/session"
	"impero/core/wire"
)

// accept takes connections until the listener is closed; those that are not sessions yet end with communication, or when
// it restarts.
func (h *Host) accept(l *listener) {
	for {
		c, err := l.Accept()
		h.mu.Lock()
		ctx, profile := h.hung, l.profile
		h.mu.Unlock()
		if ctx == nil { // communication was stopped
			if err == nil {
				c.Close()
			}
			return
		}
		if err == nil {
			h.wg.Add(1) // Go would cost a refusal a tenth more
			go func() {
				defer h.wg.Done()
				h.serve(ctx, c, profile)
			}()
			continue
		}
		if errors.Is(err, net.ErrClosed) {
			return
		}
		h.notes.add(h.log, kind{message: "a connection could not be accepted", level: slog.LevelError}, "reason", err)
		wait := acceptWait
		if h.gate.relieve() { // out of descriptors: a newcomer gets in all the same
			wait = time.Millisecond
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// serve takes a connection that came by a profile from its first byte to its end.
func (h *Host) serve(ctx context.Context, c net.Conn, profile string) {
	from, com := addressOf(c), h.com.Load()
	x := h.gate.arrive(from, func() { c.Close() })
	defer h.gate.leave(x)
	conn, err := secure.Host(ctx, c, secure.HostConfig{
		Identity:     h.identity,
		Name:         com.Name,
		Levels:       com.Levels,
		Capabilities: capabilities(),
		Admit:        func(p wire.Preamble) wire.CloseCode { return h.admit(p, from) },
		Afford:       func() wire.CloseCode { return h.gate.afford(x) },
		Linger:       h.linger,
	})
	if err != nil {
		h.noteEnd(c.RemoteAddr(), from, err, h.gate.wasPutOut(x))
		return
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if !h.gate.endsBy(x, func() { cancel(errPutOut) }) {
		cancel(errPutOut)
	}
	x.from.way = profile
	rules := h.rules()
	ctx, done := context.WithTimeout(ctx, rules.logonLimit()+rules.Confirm.limit())
	defer done()
	// A Guest that does not read could keep what is sent to it waiting for ever.
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Now().Add(time.Second)) })
	log := h.gateLog.With("from", c.RemoteAddr())
	d := session.NewDialogue(conn, wire.FromGuest)
	if conn.Peer().Purpose != wire.PurposeSession {
		defer stop()
		h.rejoin(ctx, d, conn, x, log)
		return
	}
	g, err := h.welcome(ctx, d, conn, x.from, log)
	h.gate.leave(x)
	if !stop() && err == nil {
		h.forget(g)
		err = context.Cause(ctx)
	}
	if err != nil {
		h.noteRefused(log, x.from, err)
		conn.Close()
		return
	}
	h.runSession(g)
}

// errPutOut says that a connection had to make room for another.
var errPutOut = errors.New("it made room for a newer connection")

// Why a connection ends before its logon, to tell kinds of the log apart; refusals are told by their code besides.
const (
	endOther = iota
	endPutOut
	endNotImpero
	endHandshake
	endTime
	endRefused // and the code
)

// noteEnd logs a connection that ended before the logon began, one of each kind a period.
func (h *Host) noteEnd(remote net.Addr, from netip.Addr, err error, out bool) {
	k := kind{message: "connection ended before logon"}
	var refused *secure.RefusedError
	switch {
	case out:
		k.of, err = endPutOut, errPutOut
	case errors.As(err, &refused):
		k.of = endRefused + int(refused.Code)
	case errors.Is(err, wire.ErrNotImpero):
		k.of = endNotImpero
	case errors.Is(err, secure.ErrHandshake):
		k.of = endHandshake
	case errors.Is(err, os.ErrDeadlineExceeded):
		k.of = endTime
	}
	if k.of > endRefused && refused != nil && refusedForGood(refused.Code) {
		k.level = slog.LevelWarn
		h.noteRefusal(from, "", refused.Code)
	}
	if k.of == endPutOut || k.of == endRefused+int(wire.CloseBusy) {
		k.level = slog.LevelWarn
	}
	h.notes.add(h.gateLog, k, "from", remote, "reason", err)
}

// freeRefusals is how many refused logons of a kind are logged each a period. Whoever looks for the one person who cannot
// log on finds them; a flood does not fill the disk.
const freeRefusals = 5

// refusedForGood says whether a code tells a decision of who may do what, and no trouble that passes.
func refusedForGood(c wire.CloseCode) bool { return c == wire.CloseAddress || c == wire.CloseMode }

// noteRefused logs a logon that was refused.
func (h *Host) noteRefused(log *slog.Logger, from place, err error) {
	k := kind{message: "logon refused", level: slog.LevelWarn, free: freeRefusals}
	var end *logonEnd
	var closed *wire.Closed
	code, broken := session.CodeOf(err)
	switch {
	case errors.As(err, &end):
		k.of = endRefused + int(end.code)
		h.noteRefusal(from.ip, end.user, end.code)
	case broken:
		k.of = endRefused + int(code)
	case errors.As(err, &closed):
		k.of = endOther // by the Guest, with whatever code
	case errors.Is(err, context.DeadlineExceeded):
		k.of = endTime
	}
	if h.notes.add(log, k, "reason", err) { // so that a flood does not fill the event log either
		h.recordBy(from.way, event.Refused, event.Guest{Address: from.ip.String()}, err.Error())
	}
}

// admit says whether a connection's purpose is served.
func (h *Host) admit(p wire.Preamble, from netip.Addr) wire.CloseCode {
	h.mu.Lock()
	a, password := h.access, h.verifier != nil
	h.mu.Unlock()
	switch {
	case !a.addresses.allows(from):
		return wire.CloseAddress
	case p.Purpose == wire.PurposeTest:
		return wire.CloseDone
	case p.Purpose == wire.PurposeAttach, p.Purpose == wire.PurposeResume:
		return 0
	case p.Purpose != wire.PurposeSession:
		return wire.ClosePurpose
	case !a.Mode.served():
		return wire.CloseMode
	case a.Mode == ModeImpero && !password:
		return wire.CloseNoLogon
	}
	return 0
}

// capabilities are what a Host can do; the agent decides at StreamOpen whether there is a display, and codes as it can.
func capabilities() []wire.Capability {
	return []wire.Capability{{Number: wire.CapabilityJPEG}, {Number: wire.CapabilityLossless}, {Number: wire.CapabilityH264}, {Number: wire.CapabilityVP8},
		{Number: wire.CapabilityTiles}, {Number: wire.CapabilityScreen}, {Number: wire.CapabilityCursor}}
}

func addressOf(c net.Conn) netip.Addr {
	if a, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		return a.AddrPort().Addr()
	}
	return netip.IPv6Unspecified() // an in-memory connection
}
