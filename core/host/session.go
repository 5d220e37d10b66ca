package host

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"impero/core/logs"
	"impero/core/logs/event"
	"impero/core/role"
	"impero/core/seam"
	"impero/core/secure"
	"impero/core/session"
	"impero/core/wire"
)

// guestSession is one Guest that has logged on.
type guestSession struct {
	h        *Host
	s        *session.Session
	id       uint32
	name     sessionName
	level    wire.Level
	pictures []wire.Capability // of the Guest, as far as they concern pictures
	computer string
	way      string // the communication profile it came by
	since    time.Time
	log      *slog.Logger
	notes    *notes          // of what it was refused
	ctx      context.Context // ends with the session
	over     context.CancelFunc
	idle     idle
	limit    idle          // of the whole session: nothing touches it
	under    *access       // what counted when it logged on
	byUser   atomic.Bool   // the Host's user ended it
	code     atomic.Uint32 // why this Host ended it, a wire.CloseCode; 0 while it did not

	mu       sync.Mutex
	role     role.Role
	who      identity
	served   map[*session.Stream]role.Permission // streams of activities
	from     string                              // the Guest's address
	viewer   *viewer                             // of the screen, nil if not shown
	opened   time.Time                           // the last screen
	reopened uint64                              // screens that may be opened at once since one was lost
	former   []uint32                            // streams of screens that were lost with their connection, maxFormer at most
	taken    uint32                              // the stream of the last screen that ended because the role does not allow it any more
}

// end ends the session, and says why. The first reason counts.
func (g *guestSession) end(code wire.CloseCode) {
	g.code.CompareAndSwap(0, uint32(code))
	g.s.Close(code, "")
}

func newGuestSession(h *Host, conn *secure.Conn, r role.Role, who identity, log *slog.Logger) *guestSession {
	g := &guestSession{h: h, role: r, who: who, served: map[*session.Stream]role.Permission{}, level: conn.Peer().Level, pictures: seam.PictureCapabilities(conn.Peer().Capabilities), since: time.Now(), notes: newNotes(deniedEvery)}
	log = logs.Session.Of(log)
	g.log = log
	g.idle.over = func() {
		g.log.Warn("session is ended: its Guest did nothing for too long", "session", g.id)
		go g.end(wire.CloseInactive)
	}
	g.limit.over = func() {
		g.log.Warn("session is ended: it lasted as long as one may", "session", g.id)
		go g.end(wire.CloseTime)
	}
	g.ctx, g.over = context.WithCancel(context.WithoutCancel(h.ctx))
	rand.Read(g.name[:])
	g.s = session.New(conn, session.Config{
		Self: wire.FromHost, ID: g.name, Keep: session.ResumeTime, Changed: h.changed,
		Message: g.message, Accept: g.accept, Reset: g.reset, Lost: g.lost, Log: log,
	})
	return g
}

// enter gives g a number and a place, if there is one and communication has not ended meanwhile, which ends ctx.
func (h *Host) enter(ctx context.Context, g *guestSession) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.since.IsZero(), errors.Is(context.Cause(ctx), context.Canceled):
		return &logonEnd{code: wire.CloseHostStopping, why: errors.New("communication was stopped meanwhile")}
	case len(h.sessions) >= h.access.sessionLimit() && !h.makeRoom():
		return &logonEnd{code: wire.CloseFull, why: fmt.Errorf("there are %d sessions already", len(h.sessions))}
	}
	h.lastID++
	g.id = h.lastID
	h.sessions[g.id], h.named[g.name] = g, g
	return nil
}

func (h *Host) leave(g *guestSession) {
	h.mu.Lock()
	delete(h.sessions, g.id)
	if len(h.sessions) == 0 {
		h.empty = time.Now()
	}
	h.mu.Unlock()
	h.changed()
}

// runSession carries a session to its end.
func (h *Host) runSession(g *guestSession) {
	h.changed()
	g.record(event.SessionBegun, "encryption "+g.level.String())
	g.idle.set(h.rules().Inactivity)
	g.limit.set(h.rules().SessionTime)
	g.noticeBegin()
	if g.under != h.rules() { // who may do what has changed since the logon
		g.reconsider()
	}
	err := g.s.Run(context.WithoutCancel(h.ctx)) // Stop ends it and says why
	g.over()
	g.idle.stop()
	g.limit.stop()
	g.setViewer(nil)
	g.notes.close()
	g.letGo()
	h.keepName(g)
	h.leave(g)
	g.record(event.SessionEnded, g.endOf(err))
	g.noticeEnd()
	h.afterLast(g.byUser.Load())
	var closed *wire.Closed
	switch {
	case err == nil:
		g.log.Info("session ended by this Host", "session", g.id, "code", g.ended().String())
	case errors.As(err, &closed):
		g.log.Info("session ended by the Guest", "session", g.id, "code", closed.Code.String())
	default:
		g.log.Warn("session ended", "session", g.id, "reason", err)
	}
}

func (g *guestSession) describe() Session {
	r := g.currentRole()
	s := Session{
		ID: g.id, User: g.identity().user, Computer: g.computer, From: g.address(), Role: r.Name, Level: g.level.String(),
		MayControl: r.Allows(role.UseKeyboardMouse), Since: g.since,
	}
	s.Idle = g.idle.running()
	if limit := g.limit.running(); limit > 0 {
		s.Ends = g.since.Add(limit)
	}
	if l, lost := g.s.Lost(); lost {
		s.Lost, s.Until = l.Since, l.Until
	}
	if g.currentViewer() != nil {
		s.Activity = "Remote control"
	}
	return s
}

func (g *guestSession) address() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.from
}

// remote is the address that the Guest comes from.
func (g *guestSession) remote() netip.Addr {
	ip, _ := netip.ParseAddr(g.address()) // it was written by netip
	return ip
}

// movedTo notes that the Guest came back, perhaps from another address.
func (g *guestSession) movedTo(from netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if now := from.Unmap().String(); now != g.from {
		g.log.Info("the Guest has another address now", "session", g.id, "before", g.from, "now", now)
		g.from = now
	}
}

func (g *guestSession) currentViewer() *viewer {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.viewer
}

// setViewer makes v the session's viewer and ends the one before.
func (g *guestSession) setViewer(v *viewer) {
	g.mu.Lock()
	old := g.viewer
	g.viewer = v
	g.mu.Unlock()
	g.recordScreen(old, v)
	if old != nil {
		old.close()
		g.h.agent.send(&seam.Leave{Viewer: old.id}) // at most one for each Join, which is counted
	}
	g.h.showWatchers()
	g.h.changed()
}

// letGo drops what the Guest typed and the display has not taken yet, and lets go of all that it holds.
func (g *guestSession) letGo() { g.h.agent.send(&seam.Leave{Viewer: g.id}) }

// accept answers a stream that the Guest opens. It is called by the reading goroutine.
func (g *guestSession) accept(st *session.Stream) {
	activity, known := g.h.cfg.Activities[st.Kind]
	switch {
	case !known && st.Kind != wire.KindScreen:
		g.refuse(st, wire.CloseNotSupported, "", "a kind that this Host does not know")
		return
	case !g.permit(&wire.StreamOpen{Kind: st.Kind}):
		st.Reset(wire.CloseDenied, "")
		return
	case st.Kind != wire.KindScreen:
		g.serve(activity, st)
		return
	}
	if d := g.h.agent.display(); !d.Ready {
		g.refuse(st, wire.CloseNoDisplay, d.Reason, d.Reason)
		return
	}
	if g.currentViewer() != nil {
		g.refuse(st, wire.CloseLimit, "one screen a session", "one screen a session")
		return
	}
	if !g.mayOpen() {
		g.refuse(st, wire.CloseLimit, "too soon after the last one", "too soon after the last one")
		return
	}
	if st.Accept() != nil {
		return
	}
	v := newViewer(st, g.h.nextViewer())
	g.setViewer(v)
	if !g.currentRole().Allows(role.SeeScreen) { // since it was permitted
		g.takeScreen()
		return
	}
	g.h.wg.Go(v.run)
	g.tell(&seam.Join{Viewer: v.id, Capabilities: g.pictures})
}

// mayOpen bounds how often a Guest opens a screen, since each begins with a whole picture.
func (g *guestSession) mayOpen() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if now.Sub(g.opened) < refreshEvery {
		return false
	}
	g.opened = now
	return true
}

// refuse resets a stream that the Guest opens. What is refused is logged once a second at most.
func (g *guestSession) refuse(st *session.Stream, code wire.CloseCode, detail, why string) {
	g.notes.add(g.log, kind{message: "stream refused", level: slog.LevelWarn}, "session", g.id, "kind", uint16(st.Kind), "code", code.String(), "reason", why)
	st.Reset(code, detail)
}

// reset takes it that a stream ended: what the Guest holds is let go, and it may open the screen again. One that was lost
// with its connection may do so at once, and what the Guest typed before still counts.
func (g *guestSession) reset(st *session.Stream) {
	v := g.currentViewer()
	if v == nil || v.st != st {
		return
	}
	g.setViewer(nil)
	var closed *wire.Closed
	if errors.As(st.Err(), &closed) && closed.Code == wire.CloseLost {
		g.lostScreen(st.ID)
		return
	}
	g.log.Info("remote control ended by the Guest", "session", g.id)
	g.letGo()
}

// lost lets go of what the Guest holds, after all of its input that arrived.
func (g *guestSession) lost() {
	g.record(event.SessionLost, "")
	g.h.agent.send(&seam.Input{Viewer: g.id, Message: &wire.ReleaseAll{}})
}

// lostScreen notes that a screen was lost with its connection. A Guest that resumed may open another at once: also where
// it did so before by a connection that broke, so that this one comes with the last.
func (g *guestSession) lostScreen(stream uint32) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.former = append(g.former, stream)
	g.former = g.former[max(0, len(g.former)-maxFormer):]
	if g.reopened < g.s.Losses() {
		g.opened = time.Time{}
		g.reopened++
	}
}

// maxFormer is how many screens that were lost are remembered: input for them may still come.
const maxFormer = 16

// wasScreen says whether a stream showed the screen until its connection was lost.
func (g *guestSession) wasScreen(stream uint32) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Contains(g.former, stream)
}

// message takes everything else the Guest sends.
func (g *guestSession) message(stream uint32, m wire.Message) error {
	if !g.permit(m) {
		return nil
	}
	v := g.currentViewer()
	switch current := v != nil && v.st.ID == stream; {
	case current:
	case g.wasScreen(stream):
		if isInput(m) {
			g.idle.touch()
			g.tell(&seam.Input{Viewer: g.id, Message: m})
		}
		return nil
	case g.wasTaken(stream):
		return nil
	default:
		return &wire.Violation{Code: wire.CloseProtocol, Err: fmt.Errorf("message %#x for stream %d, which shows no screen", uint16(m.Type()), stream)}
	}
	switch m := m.(type) {
	case *wire.ScreenAck:
		g.tell(&seam.Ack{Viewer: v.id, Sequence: m.Sequence, Delivery: uint32(min(g.s.Delivery(), math.MaxUint32))})
	case *wire.ScreenRefresh:
		if v.mayRefresh() {
			g.tell(&seam.Refresh{Viewer: v.id})
		}
	default:
		g.idle.touch()
		g.tell(&seam.Input{Viewer: g.id, Message: m})
	}
	return nil
}

func isInput(m wire.Message) bool {
	spec, ok := wire.Lookup(m.Type())
	return ok && spec.Channel == wire.ChannelInput
}

// tell sends the agent what the Guest wants. It may wait a little for the agent: the Guest is not read meanwhile.
func (g *guestSession) tell(m any) { g.h.agent.sendFor(g.id, m, g.s.Over()) }
