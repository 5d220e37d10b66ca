package host

import (
	"context"
	"fmt"
	"net"
	"sync"

	"impero/core/seam"
	"impero/core/wire"
)

// maxOwed bounds the messages that wait for the agent: about 200 KiB. An agent that lets so many wait hangs.
const maxOwed = 4096

// noAgent is what a Guest is told when the agent half is gone.
const noAgent = "The part of this Host that sees the desktop has stopped. Start the Host again."

// agentLink is the daemon half's end of the seam.
type agentLink struct {
	h *Host
	c *seam.Conn

	mu    sync.Mutex
	state Display
	owed  []any
	wake  chan struct{} // capacity 1
	gone  bool
}

func newAgentLink(c net.Conn, h *Host) *agentLink {
	return &agentLink{h: h, c: seam.New(c), state: h.display, wake: make(chan struct{}, 1)}
}

func (a *agentLink) display() Display {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state
}

// send queues m for the agent; it never blocks.
func (a *agentLink) send(m any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.gone {
		return
	}
	if len(a.owed) >= maxOwed {
		a.h.log.Error("the agent half takes no messages and is cut off", "waiting", len(a.owed))
		a.gone = true
		a.c.Close()
		return
	}
	a.owed = append(a.owed, m)
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

func (a *agentLink) close() {
	a.mu.Lock()
	a.gone = true
	a.mu.Unlock()
	a.c.Close()
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
		a.mu.Lock()
		owed := a.owed
		a.owed = nil
		a.mu.Unlock()
		for _, m := range owed {
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
		h.mu.Lock()
		g := h.sessions[id]
		h.mu.Unlock()
		if g == nil {
			continue // it left while the picture was under way
		}
		if v := g.currentViewer(); v != nil && !v.put(p.Class, p.Data) {
			h.log.Error("more updates than a viewer may be owed", "session", id)
			g.s.Close(wire.CloseInternal, "")
		}
	}
}
