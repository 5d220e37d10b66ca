package host

import (
	"context"
	"fmt"
	"net"
	"sync"

	"impero/core/seam"
	"impero/core/wire"
)

const (
	// maxOwed bounds the messages that wait for the agent: about 2 MiB. An agent that lets so many wait hangs.
	maxOwed = 4096
	// maxOwedOf bounds those that one Guest made: it is not read further until the agent takes them. All Guests together
	// stay below maxOwed, so that none can have the agent cut off.
	maxOwedOf = 256
)

// noAgent is what a Guest is told when the agent half is gone.
const noAgent = "The part of this Host that sees the desktop has stopped. Start the Host again."

// agentLink is the daemon half's end of the seam.
type agentLink struct {
	h *Host
	c *seam.Conn

	mu    sync.Mutex
	state Display
	owed  []any
	of    map[uint32]int // how many of owed a Guest's messages made
	acks  map[uint32]*seam.Ack
	taken chan struct{} // closed when owed is taken, or gone
	wake  chan struct{} // capacity 1
	gone  bool
	ended chan struct{} // closed with gone
}

func newAgentLink(c net.Conn, h *Host) *agentLink {
	return &agentLink{
		h: h, c: seam.New(c), state: h.display, wake: make(chan struct{}, 1),
		of: map[uint32]int{}, acks: map[uint32]*seam.Ack{}, taken: make(chan struct{}), ended: make(chan struct{}),
	}
}

func (a *agentLink) display() Display {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state
}

// over is closed when the agent is gone.
func (a *agentLink) over() <-chan struct{} { return a.ended }

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
	for a.of[viewer] >= maxOwedOf && !a.gone {
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
	if ack, ok := m.(*seam.Ack); ok {
		if last := a.acks[viewer]; last != nil {
			last.Sequence = ack.Sequence // only the newest counts
			return
		}
		a.acks[viewer] = ack
	}
	a.of[viewer]++
	a.owe(m)
}

// owe queues m; mu is held.
func (a *agentLink) owe(m any) {
	if a.gone {
		return
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
	if !a.gone {
		close(a.taken)
		a.taken = make(chan struct{})
	}
	return owed
}

// leave ends the conversation; mu is held.
func (a *agentLink) leave() {
	if !a.gone {
		a.gone = true
		close(a.ended)
		close(a.taken)
	}
	a.c.Close()
}

func (a *agentLink) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.leave()
}

// run speaks with the agent until its connection ends.
func (a *agentLink) run(ctx context.Context) {
	stop := context.AfterFunc(ctx, a.close)
	defer stop()
	err := a.c.Greet()
	if err == nil {
		done := make(chan struct{})
		finished := make(chan struct{})
		go func() { defer close(finished); a.write(done) }()
		err = a.read()
		close(done)
		a.close()
		<-finished
	}
	if ctx.Err() == nil {
		a.h.log.Error("the agent half is gone", "reason", err)
	}
	a.setDisplay(Display{Reason: noAgent})
}

func (a *agentLink) write(done <-chan struct{}) {
	for {
		select {
		case <-a.wake:
		case <-done:
			return
		}
		for _, m := range a.take() {
			if a.c.Send(m) != nil {
				return // read ends too and tells
			}
		}
	}
}

func (a *agentLink) read() error {
	for {
		m, err := a.c.Receive()
		if err != nil {
			return err
		}
		switch m := m.(type) {
		case *seam.Display:
			a.setDisplay(Display{Ready: m.Ready, Reason: m.Reason})
		case *seam.Picture:
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

// show gives a picture to its viewers.
func (h *Host) show(p *seam.Picture) {
	for _, id := range p.Viewers {
		// It may have left while the picture was under way.
		if g, v := h.viewerOf(id); v != nil && !v.put(p.Class, p.Data) {
			h.log.Error("more updates than a viewer may be owed", "session", g.id)
			g.s.Close(wire.CloseInternal, "")
		}
	}
}
