package lab

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// Limits of a Pipe: what it holds in each direction, besides what the system
// does, is at most 1 MiB.
const (
	pipeChunk = 16 << 10
	pipeHeld  = 64 // chunks
)

// pipeState is what a Pipe does with what it reads.
type pipeState uint8

const (
	pipeOpen   pipeState = 0
	pipeFrozen pipeState = 1
	pipeCut    pipeState = 2
)

// Pipe is one connection through a Proxy.
type Pipe struct {
	near, far *net.TCPConn
	over      chan struct{} // closed when both sides are closed
	ending    sync.Once

	mu      sync.Mutex // guards all below
	state   pipeState
	delay   time.Duration
	changed chan struct{} // closed and renewed when state changes
}

func newPipe(near, far *net.TCPConn) *Pipe {
	return &Pipe{near: near, far: far, over: make(chan struct{}), changed: make(chan struct{})}
}

// run passes on both ways until both have ended.
func (p *Pipe) run() {
	var ways sync.WaitGroup
	ways.Go(func() { p.way(p.near, p.far) })
	ways.Go(func() { p.way(p.far, p.near) })
	ways.Wait()
	p.end()
}

// chunk is some bytes under way, or the end of them.
type chunk struct {
	due  time.Time
	data []byte
	err  error // io.EOF for an end in order
}

// way passes on in one direction until it ends.
func (p *Pipe) way(from, to *net.TCPConn) {
	held := make(chan chunk, pipeHeld)
	var reading sync.WaitGroup
	reading.Go(func() { p.read(from, held) })
	defer reading.Wait()
	for c := range held {
		if !p.wait(c.due) {
			break
		}
		if c.err == io.EOF {
			to.CloseWrite()
			return
		}
		err := c.err
		if err == nil {
			_, err = to.Write(c.data)
		}
		if err != nil { // one side is gone with a reset, so the other gets one
			p.Reset()
			break
		}
	}
}

// read reads until the end, and says with what.
func (p *Pipe) read(from *net.TCPConn, held chan<- chunk) {
	defer close(held)
	for {
		if !p.wait(time.Time{}) {
			return
		}
		buffer := make([]byte, pipeChunk)
		n, err := from.Read(buffer)
		p.mu.Lock()
		due := time.Now().Add(p.delay)
		p.mu.Unlock()
		for _, c := range []chunk{{due, buffer[:n], nil}, {due, nil, err}} {
			if len(c.data) == 0 && c.err == nil {
				continue
			}
			select {
			case held <- c:
			case <-p.over:
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// wait waits until a time, and until the pipe is open. It is false if the pipe
// is over.
func (p *Pipe) wait(due time.Time) bool {
	if left := time.Until(due); !due.IsZero() && left > 0 {
		timer := time.NewTimer(left)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-p.over:
			return false
		}
	}
	for {
		p.mu.Lock()
		state, changed := p.state, p.changed
		p.mu.Unlock()
		if state == pipeOpen {
			return true // or over, which the next read or write will tell
		}
		select {
		case <-changed:
		case <-p.over:
			return false
		}
	}
}

func (p *Pipe) set(state pipeState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state != pipeCut {
		p.state = state
		close(p.changed)
		p.changed = make(chan struct{})
	}
}

// Cut stops the connection for good: nothing passes, and neither side is told.
func (p *Pipe) Cut() { p.set(pipeCut) }

// Freeze stops the connection until Restore.
func (p *Pipe) Freeze() { p.set(pipeFrozen) }

// Restore ends Freeze. A connection that was cut stays so.
func (p *Pipe) Restore() { p.set(pipeOpen) }

// Reset ends the connection with a reset to both sides.
func (p *Pipe) Reset() {
	p.ending.Do(func() {
		close(p.over)
		reset(p.near)
		reset(p.far)
	})
}

// end closes both sides.
func (p *Pipe) end() {
	p.ending.Do(func() {
		close(p.over)
		p.near.Close()
		p.far.Close()
	})
}

// Done is closed when both sides are closed.
func (p *Pipe) Done() <-chan struct{} { return p.over }

// LocalAddr is the address from which the target sees the connection come.
func (p *Pipe) LocalAddr() net.Addr { return p.far.LocalAddr() }

// reset closes a connection with a reset.
func reset(c *net.TCPConn) error { return errors.Join(c.SetLinger(0), c.Close()) }
