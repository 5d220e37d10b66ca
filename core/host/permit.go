package host

import (
	"fmt"
	"log/slog"
	"slices"

	"impero/core/logs/event"
	"impero/core/role"
	"impero/core/session"
	"impero/core/wire"
)

// permit is the one place where a Guest's permission is checked. A refusal is logged and told to the Guest, both once a
// second at most.
func (g *guestSession) permit(m wire.Message) bool {
	p, needed := g.h.needs(m)
	if !needed {
		return true
	}
	r := g.currentRole()
	if r.Allows(p) {
		return true
	}
	k := kind{message: "not permitted", level: slog.LevelWarn, of: int(p)}
	if g.notes.add(g.log, k, "session", g.id, "permission", p, "role", r.Name) {
		g.record(event.NotPermitted, fmt.Sprintf("%v, role %s", p, r.Name))
		g.s.Send(0, &wire.Denied{Permission: uint16(p)})
	}
	return false
}

func (g *guestSession) currentRole() role.Role {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.role
}

func (g *guestSession) identity() identity {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.who
}

// setRole changes what the Guest may do. What it may not any more ends: the screen, streams of activities, keys it holds.
func (g *guestSession) setRole(r role.Role, who identity) {
	g.mu.Lock()
	before := g.role
	g.role, g.who = r, who
	var ended []*session.Stream
	for st, p := range g.served {
		if !r.Allows(p) {
			ended = append(ended, st)
		}
	}
	g.mu.Unlock()
	lost := func(p role.Permission) bool { return before.Allows(p) && !r.Allows(p) }
	for _, p := range role.Permissions() {
		if lost(p) {
			g.log.Warn("a permission was taken away", "session", g.id, "permission", p, "role", r.Name)
		}
	}
	if lost(role.UseKeyboardMouse) {
		g.letGo()
	}
	if lost(role.SeeScreen) {
		g.takeScreen()
	}
	for _, st := range ended {
		st.Reset(wire.CloseDenied, "")
	}
	if r.Name != before.Name || !slices.Equal(numbers(r), numbers(before)) {
		g.log.Info("the role of a session is another", "session", g.id, "role", r.Name)
		g.s.Send(0, &wire.RoleChanged{Role: r.Name, Permissions: numbers(r)})
	}
	g.h.showWatchers()
	g.h.changed()
}

// numbers are the permissions that a role allows, as a Guest is told of them.
func numbers(r role.Role) (list []uint16) {
	for _, p := range r.Allowed() {
		list = append(list, uint16(p))
	}
	return list
}

// takeScreen ends the screen, which the role does not allow any more.
func (g *guestSession) takeScreen() {
	v := g.currentViewer()
	if v == nil {
		return
	}
	g.mu.Lock()
	g.taken = v.st.ID
	g.mu.Unlock()
	v.st.Reset(wire.CloseDenied, "")
	g.setViewer(nil)
}

// wasTaken says whether a stream showed the screen until the role did not allow it any more: messages for it are under way.
func (g *guestSession) wasTaken(stream uint32) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.taken == stream
}

// serve hands a stream that the Guest may open to its activity.
func (g *guestSession) serve(a Activity, st *session.Stream) {
	g.mu.Lock()
	g.served[st] = a.Permission
	taken := !g.role.Allows(a.Permission)
	g.mu.Unlock()
	if taken { // since it was permitted
		st.Reset(wire.CloseDenied, "")
	}
	g.h.wg.Go(func() {
		a.Serve(g.ctx, st)
		g.mu.Lock()
		delete(g.served, st)
		g.mu.Unlock()
	})
}
