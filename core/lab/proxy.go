package lab

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"
)

// Limits of a Proxy.
const (
	dialLimit    = 10 * time.Second
	admitLimit   = 10 * time.Second
	maxProxyWait = 10 * time.Second
)

// Proxy passes TCP connections on to a target, and does to them what a cable,
// a router or a firewall would. It needs no rights and runs everywhere.
//
// TCP's own repair goes on below it, so two kinds of a pulled cable differ:
// Freeze is one that is put back in time (what was sent meanwhile arrives
// then), Cut one after which the connection never works again, although
// nobody tells either end. A connection made while the proxy is cut or frozen
// succeeds, since the system accepts it, and carries nothing.
//
// A Pipe does the same to one connection.
type Proxy struct {
	target   string
	address  string
	stop     context.CancelFunc
	ctx      context.Context // ends with the proxy
	watching func() bool
	running  sync.WaitGroup

	mu       sync.Mutex // guards all below
	listener net.Listener
	pipes    []*Pipe // that are not over
	state    pipeState
	delay    time.Duration
	from     netip.Addr // to dial from; zero for any
	closed   bool
	accepted chan struct{} // closed and renewed when pipes changes
}

// RunProxy makes a proxy on a free port of 127.0.0.1. It ends with ctx or with
// Close. The target is dialled anew for each connection; if that fails, the
// connection is reset.
func RunProxy(ctx context.Context, target string) (*Proxy, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("make a proxy: %w", err)
	}
	p := &Proxy{target: target, address: listener.Addr().String(), listener: listener, accepted: make(chan struct{})}
	p.ctx, p.stop = context.WithCancel(context.Background())
	p.running.Go(func() { p.accept(listener) })
	p.watching = context.AfterFunc(ctx, p.shut)
	return p, nil
}

// StartProxy is [RunProxy] for a test.
func StartProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	p, err := RunProxy(context.Background(), target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// Addr is where to connect to ("127.0.0.1:7").
func (p *Proxy) Addr() string { return p.address }

// Close ends the proxy and its connections, and returns when all is gone.
func (p *Proxy) Close() error {
	p.watching()
	p.shut()
	p.running.Wait()
	return nil
}

// shut tells everything to end.
func (p *Proxy) shut() {
	p.stop() // first: Admit may be waiting
	p.mu.Lock()
	p.closed = true
	if p.listener != nil {
		p.listener.Close()
	}
	p.mu.Unlock()
	for _, pipe := range p.Pipes() {
		pipe.end()
	}
}

// accept takes connections until the listener is closed.
func (p *Proxy) accept(from net.Listener) {
	for {
		conn, err := from.Accept()
		if err != nil {
			return
		}
		p.running.Go(func() { p.connect(conn.(*net.TCPConn)) })
	}
}

// connect dials the target and passes on until both sides have ended.
func (p *Proxy) connect(near *net.TCPConn) {
	far, err := p.dial()
	if err != nil {
		reset(near)
		return
	}
	pipe := newPipe(near, far)
	p.mu.Lock()
	pipe.state, pipe.delay = p.state, p.delay
	p.pipes = append(p.pipes, pipe)
	closed := p.closed
	p.announce()
	p.mu.Unlock()
	if closed {
		pipe.end()
	}
	pipe.run()
	p.mu.Lock()
	p.pipes = slices.DeleteFunc(p.pipes, func(other *Pipe) bool { return other == pipe })
	p.announce()
	p.mu.Unlock()
}

// announce tells those who wait that pipes changed. The caller holds mu.
func (p *Proxy) announce() {
	close(p.accepted)
	p.accepted = make(chan struct{})
}

func (p *Proxy) dial() (*net.TCPConn, error) {
	dialer := net.Dialer{Timeout: dialLimit}
	p.mu.Lock()
	if p.from.IsValid() {
		dialer.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(p.from, 0))
	}
	p.mu.Unlock()
	conn, err := dialer.DialContext(p.ctx, "tcp", p.target)
	if err != nil {
		return nil, err
	}
	return conn.(*net.TCPConn), nil
}

// Pipes are the connections that are not over, in the order in which the
// target took them.
func (p *Proxy) Pipes() []*Pipe {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.pipes)
}

// Await waits until the proxy has n connections, and gives them.
func (p *Proxy) Await(ctx context.Context, n int) ([]*Pipe, error) {
	for {
		p.mu.Lock()
		pipes, next := slices.Clone(p.pipes), p.accepted
		p.mu.Unlock()
		if len(pipes) == n {
			return pipes, nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for %d connections, there are %d: %w", n, len(pipes), ctx.Err())
		}
	}
}

// set changes what the pipes there are do, and those to come.
func (p *Proxy) set(state pipeState, each func(*Pipe)) {
	p.mu.Lock()
	p.state = state
	pipes := slices.Clone(p.pipes)
	p.mu.Unlock()
	for _, pipe := range pipes {
		each(pipe)
	}
}

// Cut stops every connection for good, silently. Those to come are cut too,
// until Restore.
func (p *Proxy) Cut() { p.set(pipeCut, (*Pipe).Cut) }

// Freeze stops every connection, and those to come, until Restore.
func (p *Proxy) Freeze() { p.set(pipeFrozen, (*Pipe).Freeze) }

// Restore ends Freeze, and lets new connections work after Cut.
func (p *Proxy) Restore() { p.set(pipeOpen, (*Pipe).Restore) }

// Reset ends every connection there is with a reset to both sides.
func (p *Proxy) Reset() {
	for _, pipe := range p.Pipes() {
		pipe.Reset()
	}
}

// SetDelay makes everything sent from now on arrive later, each way, by at
// most 10 s; on connections there are and those to come.
func (p *Proxy) SetDelay(delay time.Duration) {
	p.mu.Lock()
	p.delay = min(max(delay, 0), maxProxyWait)
	delay = p.delay
	pipes := slices.Clone(p.pipes)
	p.mu.Unlock()
	for _, pipe := range pipes {
		pipe.mu.Lock()
		pipe.delay = delay
		pipe.mu.Unlock()
	}
}

// DialFrom makes later connections reach the target from another address of
// this machine, as a Guest's that has moved: on Linux any of 127.0.0.0/8. The
// zero address is the system's choice again.
func (p *Proxy) DialFrom(address netip.Addr) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.from = address
}

// Refuse closes the port: new connections are refused, those there are stay.
func (p *Proxy) Refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != nil {
		p.listener.Close()
		p.listener = nil
	}
}

// Admit opens the port again after Refuse. It is an error if another program
// got the port meanwhile and keeps it for 10 s.
func (p *Proxy) Admit() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != nil || p.closed {
		return nil
	}
	ctx, cancel := context.WithTimeout(p.ctx, admitLimit)
	defer cancel()
	for {
		listener, err := net.Listen("tcp4", p.address)
		if err == nil {
			p.listener = listener
			p.running.Go(func() { p.accept(listener) })
			return nil
		}
		select {
		case <-time.After(lookEvery):
		case <-ctx.Done():
			return fmt.Errorf("open the proxy's port again: %w", err)
		}
	}
}
