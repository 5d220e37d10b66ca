package host

import (
	"errors"
	"strings"

	"impero/core/logs/event"
	"impero/core/role"
	"impero/core/wire"
)

// record records an event of somebody who has no session, or of nobody. It never blocks.
func (h *Host) record(code event.Code, who event.Guest, what string) { h.recordBy("", code, who, what) }

// recordBy is record for what came by a communication profile.
func (h *Host) recordBy(way string, code event.Code, who event.Guest, what string) {
	h.cfg.Events.Record(event.Event{Code: code, Host: h.com.Load().Name, Guest: who, Way: way, What: what})
}

// record records an event of this session.
func (g *guestSession) record(code event.Code, what string) {
	who := event.Guest{Computer: g.computer, Address: g.address(), User: g.identity().user}
	g.h.cfg.Events.Record(event.Event{Code: code, Host: g.h.com.Load().Name, Session: g.id, Guest: who, Way: g.way, What: what})
}

// guestOf is who tries to log on. The name and the computer are what it says of itself.
func guestOf(start *wire.LogonStart, from place) event.Guest {
	return event.Guest{Computer: start.Computer, Address: from.ip.String(), User: start.User}
}

// recordCommunication records that the Host listens, or does no more; mu is held.
func (h *Host) recordCommunication(code event.Code) {
	addresses, ways := make([]string, len(h.listeners)), h.profiles()
	for i, l := range h.listeners {
		addresses[i] = l.Addr().String()
	}
	h.recordBy(strings.Join(ways, ", "), code, event.Guest{}, strings.Join(addresses, ", "))
}

// recordScreen records that a session's screen changed from one viewer to another, of which nil is none.
func (g *guestSession) recordScreen(old, now *viewer) {
	begun, ended := event.ViewBegun, event.ViewEnded
	if g.currentRole().Allows(role.UseKeyboardMouse) {
		begun, ended = event.ControlBegun, event.ControlEnded
	}
	if old != nil {
		g.record(ended, "")
	}
	if now != nil {
		g.record(begun, "")
	}
}

// ended is the reason for which this Host ended the session; Done where it had none.
func (g *guestSession) ended() wire.CloseCode {
	if code := wire.CloseCode(g.code.Load()); code != 0 {
		return code
	}
	return wire.CloseDone
}

// endOf says why a session ended.
func (g *guestSession) endOf(err error) string {
	var closed *wire.Closed
	switch {
	case err == nil:
		return "by this Host: " + g.ended().String()
	case errors.As(err, &closed):
		return "by the Guest: " + closed.Code.String()
	}
	return err.Error()
}
