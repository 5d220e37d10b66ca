package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"impero/core/seam"
	"impero/core/wire"
)

const (
	// maxOwed bounds the messages that wait for the agent: about 2 MiB. An agent that lets so many wait hangs.
	maxOwed = 4096
	// maxOwedOf bounds those that one Guest made: it is not read further until the agent takes them. All Guests together
	// stay below maxOwed, so that none can have the agent cut off.
	maxOwedOf = 256
	// greetTime is how long an agent may take to greet.
	greetTime = 10 * time.Second
)

// noAgent is what a Guest is told when the agent half is gone, unless Vacant gave better words.
const noAgent = "The part of this Host that sees the desktop has stopped. Start the Host again."

// ErrNotRunning says that a Host that does not run, or is ending, was given an agent or was to listen.
var ErrNotRunning = errors.New("the Host does not run")

// agentLink is the daemon half's end of the seam. Agents come and go: sessions stay, and get their picture from the next.
type agentLink struct {
	h    *Host
	turn chan struct{} // capacity 1: held by the one attach that has the link

	mu     sync.Mutex
	state  Display
	vacant string          // why there is no agent, for Guests
	c      *seam.Conn      // nil while there is no agent
	marks  marks           // of all agents so far
	joined map[uint32]bool // viewers that this agent knows
	owed   []any
	of     map[uint32]int // how many of owed a Guest's messages made
	acks   map[uint32]*seam.Ack
	taken  chan struct{} // closed when owed is taken, or the agent is gone
	ended  chan struct{} // closed when the agent is gone, or if there was none yet
	wake   chan struct{} // capacity 1
}

func newAgentLink(h *Host) *agentLink {
	none := make(chan struct{})
	close(none)
	return &agentLink{h: h, turn: make(chan struct{}, 1), state: h.display, vacant: noAgent, ended: none, wake: make(chan struct{}, 1)}
}

func (a *agentLink) display() Display {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state
}

// Attach makes c the connection to the agent half and serves it until it ends; it closes c. Whoever had the place before
// is sent away. Sessions go on: viewers get the new agent's picture, and keys that the former one may have left held go
// up. The caller has made sure that c leads to who may be the agent. The error says why it ended, nil if ctx or the Host did.
func (h *Host) Attach(ctx context.Context, c net.Conn) error {
	h.mu.Lock()
	run := h.ctx
	if run == nil || run.Err() != nil {
		h.mu.Unlock()
		return errors.Join(ErrNotRunning, c.Close())
	}
	h.wg.Add(1)
	h.mu.Unlock()
	defer h.wg.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(run, cancel)()
	return h.agent.attach(ctx, c)
}

// Vacant says why there is no agent, to Guests and in State, from now on; while there is one it does nothing but note that.
func (h *Host) Vacant(reason string) {
	a := h.agent
	a.mu.Lock()
	a.vacant = reason
	none := a.c == nil
	a.mu.Unlock()
	if none {
		a.setDisplay(Display{Reason: reason})
	}
}

// attach is Host.Attach.
func (a *agentLink) attach(ctx context.Context, c net.Conn) error {
	end := context.AfterFunc(ctx, func() { c.Close() })
	defer end()
	defer c.Close()
	a.close() // the newest is the one
	select {
	case a.turn <- struct{}{}:
	case <-ctx.Done():
		return nil
	}
	defer func() { <-a.turn }()
	s := seam.New(c)
	c.SetDeadline(time.Now().Add(greetTime))
	if err := s.Greet(); err != nil {
		return err
	}
	c.SetDeadline(time.Time{})
	a.begin(s)
	done, finished := make(chan struct{}), make(chan struct{})
	go func() { defer close(finished); a.write(s, done) }()
	err := a.read(s)
	close(done)
	a.end()
	<-finished
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// begin lets the agent at s have what there is to show.
func (a *agentLink) begin(s *seam.Conn) {
	a.mu.Lock()
	a.c = s
	a.owed, a.of, a.acks = nil, map[uint32]int{}, map[uint32]*seam.Ack{}
	a.joined, a.taken, a.ended = map[uint32]bool{}, make(chan struct{}), make(chan struct{})
	if a.marks.used {
		a.owe(&seam.Resume{Sequence: a.marks.sequence, Layout: a.marks.layout})
	}
	a.marks.used = true
	a.mu.Unlock()
	a.h.rejoinViewers()
	a.h.showWatchersAnew()
}

// end notes that the agent is gone.
func (a *agentLink) end() {
	a.mu.Lock()
	a.leave()
	a.c = nil
	close(a.ended)
	d := Display{Reason: a.vacant}
	a.mu.Unlock()
	a.setDisplay(d)
}

// over is closed when the agent that is there now is gone; it is closed already if there is none.
func (a *agentLink) over() <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ended
}

// send queues m for the agent; it never blocks.
func (a *agentLink) send(m any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.owe(m)
}

// sendFor is send for what a Guest asks. It waits while too much of this Guest's waits already, until over is closed.
func (a *agentLink) sendFor(viewer uint32, m any, over <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for a.c != nil && a.of[viewer] >= maxOwedOf {
		taken := a.taken
		a.mu.Unlock()
		select {
		case <-taken:
		case <-over:
			a.mu.Lock()
			return
		}
		a.mu.Lock()
	}
	if a.c == nil {
		return
	}
	if ack, ok := m.(*seam.Ack); ok {
		if last := a.acks[viewer]; last != nil {
			last.Sequence, last.Delivery = ack.Sequence, max(last.Delivery, ack.Delivery) // only the newest counts
			return
		}
		a.acks[viewer] = ack
	}
	a.of[viewer]++
	a.owe(m)
}

// owe queues m; mu is held.
func (a *agentLink) owe(m any) {
	if a.c == nil {
		return
	}
	switch m := m.(type) {
	case *seam.Join:
		if a.joined[m.Viewer] {
			return
		}
		a.joined[m.Viewer] = true
	case *seam.Leave:
		delete(a.joined, m.Viewer)
	}
	if len(a.owed) >= maxOwed {
		a.h.log.Error("the agent half takes no messages and is cut off", "waiting", len(a.owed))
		a.leave()
		return
	}
	a.owed = append(a.owed, m)
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// take gives all that is owed.
func (a *agentLink) take() []any {
	a.mu.Lock()
	defer a.mu.Unlock()
	owed := a.owed
	a.owed = nil
	clear(a.of)
	clear(a.acks)
	if a.c != nil {
		a.letOn()
		a.taken = make(chan struct{})
	}
	return owed
}

// leave ends the conversation, if there is one; mu is held. Its read ends by that, and then end is called.
func (a *agentLink) leave() {
	if a.c == nil {
		return
	}
	a.letOn()
	clear(a.of)
	a.c.Close()
}

// letOn lets those on who wait for the agent; mu is held.
func (a *agentLink) letOn() {
	select {
	case <-a.taken:
	default:
		close(a.taken)
	}
}

func (a *agentLink) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.leave()
}

// run serves the agent that the Host was made with.
func (a *agentLink) run(ctx context.Context, c net.Conn) {
	if err := a.attach(ctx, c); err != nil {
		a.h.log.Error("the agent half is gone", "reason", err)
	}
}

func (a *agentLink) write(s *seam.Conn, done <-chan struct{}) {
	for {
		select {
		case <-a.wake:
		case <-done:
			return
		}
		for _, m := range a.take() {
			if s.Send(m) != nil {
				return // read ends too and tells
			}
		}
	}
}

func (a *agentLink) read(s *seam.Conn) error {
	for {
		m, err := s.Receive()
		if err != nil {
			return err
		}
		switch m := m.(type) {
		case *seam.Display:
			a.setDisplay(Display{Ready: m.Ready, Reason: m.Reason})
		case *seam.Picture:
			if m.Class == seam.ClassUpdate {
				if err := a.marks.note(m.Data); err != nil {
					return err
				}
			}
			a.h.show(m)
		case *seam.Verdict:
			a.h.asks.answered(m)
		case *seam.HangUp:
			a.h.Disconnect(m.Session)
		default:
			return fmt.Errorf("%T from the agent half", m)
		}
	}
}

// setDisplay tells everybody who watches what the display's state is.
func (a *agentLink) setDisplay(d Display) {
	a.mu.Lock()
	a.state = d
	a.mu.Unlock()
	h := a.h
	h.mu.Lock()
	h.display = d
	for _, g := range h.sessions {
		if v := g.currentViewer(); v != nil {
			g.s.Send(v.st.ID, &wire.DisplayState{Ready: d.Ready, Reason: d.Reason})
		}
	}
	h.mu.Unlock()
	h.changed()
}

// rejoinViewers has a new agent serve all who watch.
func (h *Host) rejoinViewers() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, g := range h.sessions {
		v := g.currentViewer()
		if v == nil {
			continue
		}
		h.agent.send(&seam.Join{Viewer: v.id, Capabilities: g.pictures})
		if g.currentViewer() != v { // it left meanwhile, perhaps before it was joined
			h.agent.send(&seam.Leave{Viewer: v.id})
		}
	}
}

// show gives a picture to its viewers.
func (h *Host) show(p *seam.Picture) {
	for _, id := range p.Viewers {
		// It may have left while the picture was under way.
		if g, v := h.viewerOf(id); v != nil && !v.put(p.Class, p.Data) {
			h.log.Error("more updates than a viewer may be owed", "session", g.id)
			g.end(wire.CloseInternal)
		}
	}
}
