package host

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"impero/core/secure"
	"impero/core/session"
	"impero/core/wire"
)

// Limits of connections that are not sessions yet. Each costs about 100 KiB until it is one.
const (
	maxPending        = 64
	maxPendingAddress = 16 // of one address
	logonTime         = 5 * time.Minute
	acceptWait        = 100 * time.Millisecond // after a failed accept (out of descriptors)
	refusedEvery      = time.Second            // a flood that is refused costs a line
)

// accept takes connections until the listener is closed; those that are not sessions yet end with ctx.
func (h *Host) accept(ctx context.Context, l net.Listener) {
	refused, said := 0, time.Time{} // since it was logged last, and when
	for {
		c, err := l.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			h.log.Error("a connection could not be accepted", "reason", err)
			select {
			case <-ctx.Done():
				return
			case <-time.After(acceptWait):
				continue
			}
		}
		from := addressOf(c)
		if !h.reserve(from) {
			c.Close()
			if refused++; time.Since(said) >= refusedEvery {
				h.log.Warn("connections refused: too many are not logged on yet", "from", c.RemoteAddr(), "refused", refused)
				refused, said = 0, time.Now()
			}
			continue
		}
		h.wg.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, logonTime)
			defer cancel()
			h.serve(ctx, c, from)
		})
	}
}

// reserve counts one more connection that is not a session yet.
func (h *Host) reserve(from netip.Addr) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := prefixOf(from)
	if h.pending >= maxPending || h.pendingOf[p] >= maxPendingAddress {
		return false
	}
	h.pending++
	h.pendingOf[p]++
	return true
}

func (h *Host) unreserve(from netip.Addr) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pending--
	p := prefixOf(from)
	if h.pendingOf[p]--; h.pendingOf[p] == 0 {
		delete(h.pendingOf, p)
	}
}

// serve takes a connection from its first byte to its end.
func (h *Host) serve(ctx context.Context, c net.Conn, from netip.Addr) {
	log := h.log.With("from", c.RemoteAddr())
	conn, err := secure.Host(ctx, c, secure.HostConfig{
		Identity:     h.identity,
		Name:         h.cfg.Name,
		Levels:       h.cfg.Levels,
		Capabilities: capabilities(),
		Admit:        h.admit,
	})
	if err != nil {
		h.unreserve(from)
		c.Close()
		log.Info("connection ended before logon", "reason", err)
		return
	}
	// A Guest that does not read could keep what is sent to it waiting for ever.
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Now().Add(time.Second)) })
	d := session.NewDialogue(conn, wire.FromGuest)
	if conn.Peer().Purpose != wire.PurposeSession {
		defer stop()
		h.rejoin(ctx, d, conn, from, log)
		return
	}
	g, err := h.welcome(ctx, d, conn, from, log)
	h.unreserve(from)
	if !stop() && err == nil {
		h.leave(g)
		err = context.Cause(ctx)
	}
	if err != nil {
		log.Warn("logon refused", "reason", err)
		conn.Close()
		return
	}
	h.runSession(g)
}

// admit says whether a connection's purpose is served.
func (h *Host) admit(p wire.Preamble) wire.CloseCode {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case p.Purpose == wire.PurposeTest:
		return wire.CloseDone
	case p.Purpose == wire.PurposeAttach, p.Purpose == wire.PurposeResume:
		return 0
	case p.Purpose != wire.PurposeSession:
		return wire.ClosePurpose
	case h.verifier == nil:
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
