package host

import (
	"slices"
	"time"

	"impero/core/role"
	"impero/core/seam"
)

// Notify is what the Host's user is told of sessions, by the agent.
type Notify struct {
	Before bool // when one begins
	During bool // while somebody sees the screen: a strip that stays
	After  bool // when one has ended
}

// showWatchers has the agent show who sees the screen now, if that is another than before.
func (h *Host) showWatchers() {
	h.watchMu.Lock()
	defer h.watchMu.Unlock()
	list := h.watchers()
	if slices.Equal(list, h.watching) {
		return
	}
	h.watching = list
	h.agent.send(&seam.Watching{Watchers: list})
}

// showWatchersAnew is for an agent that knows nothing yet.
func (h *Host) showWatchersAnew() {
	h.watchMu.Lock()
	h.watching = nil
	h.watchMu.Unlock()
	h.showWatchers()
}

func (h *Host) watchers() []seam.Watcher {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.access.Notify.During {
		return nil
	}
	var list []seam.Watcher
	for _, g := range h.sessions {
		if g.currentViewer() != nil && len(list) < seam.MaxViewers {
			list = append(list, seam.Watcher{Session: g.id, Name: g.guestName(), Controls: g.currentRole().Allows(role.UseKeyboardMouse)})
		}
	}
	slices.SortFunc(list, func(a, b seam.Watcher) int { return int(a.Session) - int(b.Session) })
	return list
}

// guestName is how the Host's user knows a Guest: its account, else what its computer calls itself, else its address.
func (g *guestSession) guestName() string {
	switch who := g.identity(); {
	case who.user != "":
		return who.user
	case g.computer != "":
		return g.computer
	}
	return g.address()
}

// noticeBegin and noticeEnd tell the user of a session.
func (g *guestSession) noticeBegin() {
	if g.h.rules().Notify.Before {
		g.h.agent.send(&seam.Notice{Phase: seam.PhaseBefore, Name: g.guestName(), From: g.address()})
	}
}

func (g *guestSession) noticeEnd() {
	if g.h.rules().Notify.After {
		g.h.agent.send(&seam.Notice{Phase: seam.PhaseAfter, Name: g.guestName(), From: g.address(), Seconds: uint32(time.Since(g.since) / time.Second)})
	}
}
