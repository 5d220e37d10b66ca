package lab

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is a TCP server that hands its connections to the test.
func server(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// through is a connection through a proxy, seen from both sides.
func through(t *testing.T, p *Proxy, l net.Listener) (near, far net.Conn) {
	t.Helper()
	near, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	if far, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []net.Conn{near, far} {
		t.Cleanup(func() { c.Close() })
		c.SetDeadline(time.Now().Add(60 * time.Second))
	}
	return near, far
}

// passes says that a text written at one side is read at the other.
func passes(t *testing.T, from, to net.Conn, text string) {
	t.Helper()
	if _, err := from.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	expect(t, to, text)
}

func expect(t *testing.T, at net.Conn, text string) {
	t.Helper()
	got := make([]byte, len(text))
	if _, err := io.ReadFull(at, got); err != nil || string(got) != text {
		t.Fatalf("read %q, %v; want %q", got, err, text)
	}
}

// silent says that nothing comes for a while, and nothing ends.
func silent(t *testing.T, conns ...net.Conn) {
	t.Helper()
	for _, c := range conns {
		c.SetReadDeadline(time.Now().Add(100 * ms))
		if n, err := c.Read(make([]byte, 9)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("%d bytes and %v came", n, err)
		}
		c.SetReadDeadline(time.Now().Add(60 * time.Second))
	}
}

func awaitPipes(t *testing.T, p *Proxy, n int) []*Pipe {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	pipes, err := p.Await(ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	return pipes
}

func TestProxyPassesOn(t *testing.T) {
	l := server(t)
	p := StartProxy(t, l.Addr().String())
	near, far := through(t, p, l)
	text := make([]byte, 3<<20)
	rand.NewChaCha8([32]byte{}).Read(text)
	var ways sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		ways.Go(func() {
			way[0].Write(text)
			way[0].(*net.TCPConn).CloseWrite()
		})
		ways.Go(func() {
			if got, err := io.ReadAll(way[1]); err != nil || !bytes.Equal(got, text) {
				t.Errorf("%d bytes came, of %d, or others: %v", len(got), len(text), err)
			}
		})
	}
	ways.Wait()
	awaitPipes(t, p, 0)
}

func TestProxyFreezes(t *testing.T) {
	l := server(t)
	p := StartProxy(t, l.Addr().String())
	near, far := through(t, p, l)
	passes(t, near, far, "before")
	awaitPipes(t, p, 1)
	p.Freeze()
	near.Write([]byte("there"))
	far.Write([]byte("back"))
	late, lateFar := through(t, p, l)
	late.Write([]byte("late"))
	silent(t, near, far, lateFar)
	p.Restore()
	expect(t, far, "there")
	expect(t, near, "back")
	expect(t, lateFar, "late")
}

func TestProxyCutsForGood(t *testing.T) {
	l := server(t)
	p := StartProxy(t, l.Addr().String())
	near, far := through(t, p, l)
	passes(t, near, far, "before")
	awaitPipes(t, p, 1)
	p.Cut()
	near.Write([]byte("lost"))
	far.(*net.TCPConn).CloseWrite() // not even that is told
	silent(t, near, far)
	p.Restore()
	silent(t, near, far)
	again, againFar := through(t, p, l)
	passes(t, again, againFar, "after")
	silent(t, near, far)
}

func TestOnePipeOfMany(t *testing.T) {
	l := server(t)
	p := StartProxy(t, l.Addr().String())
	near1, far1 := through(t, p, l)
	awaitPipes(t, p, 1)
	near2, far2 := through(t, p, l)
	pipes := awaitPipes(t, p, 2)
	pipes[0].Cut()
	near1.Write([]byte("x"))
	silent(t, near1, far1)
	passes(t, near2, far2, "the other works")
	pipes[0].Reset()
	<-pipes[0].Done()
	if _, err := far1.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the reset is told as %v", err)
	}
	passes(t, far2, near2, "the other works")
	awaitPipes(t, p, 1)
}

func TestProxyResets(t *testing.T) {
	l := server(t)
	p := StartProxy(t, l.Addr().String())
	near, far := through(t, p, l)
	passes(t, near, far, "before")
	p.Reset()
	for _, c := range []net.Conn{near, far} {
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("the reset is told as %v", err)
		}
	}
	near, far = through(t, p, l) // and new ones work
	passes(t, near, far, "after")
	far.(*net.TCPConn).SetLinger(0)
	far.Close()
	if _, err := near.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the other side's reset is told as %v", err)
	}
}

func TestProxyRefuses(t *testing.T) {
	l := server(t)
	p := StartProxy(t, l.Addr().String())
	near, far := through(t, p, l)
	passes(t, near, far, "before")
	p.Refuse()
	if c, err := net.Dial("tcp", p.Addr()); err == nil {
		c.Close()
		t.Error("a connection was taken")
	}
	passes(t, near, far, "the old one works")
	for range 2 {
		if err := p.Admit(); err != nil {
			t.Fatal(err)
		}
	}
	near, far = through(t, p, l)
	passes(t, near, far, "after")
	l.Close() // the target is gone
	c, err := net.Dial("tcp", p.Addr())
	if err == nil {
		defer c.Close()
		if _, err = c.Read(make([]byte, 1)); err == io.EOF {
			t.Error("a target that is gone ends a connection in order")
		}
	}
	if err == nil {
		t.Error("a target that is gone was reached")
	}
}

func TestProxyDelays(t *testing.T) {
	l := server(t)
	p := StartProxy(t, l.Addr().String())
	near, far := through(t, p, l)
	passes(t, near, far, "before")
	const delay = 30 * ms
	p.SetDelay(delay)
	start := time.Now()
	passes(t, near, far, "there")
	passes(t, far, near, "back")
	if took := time.Since(start); took < 2*delay {
		t.Errorf("there and back in %v with %v each way", took, delay)
	}
	p.SetDelay(0)
	passes(t, near, far, "after")
}

func TestProxyDialsFromElsewhere(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has all of 127.0.0.0/8")
	}
	l := server(t)
	p := StartProxy(t, l.Addr().String())
	moved := netip.MustParseAddr("127.9.8.7")
	p.DialFrom(moved)
	_, far := through(t, p, l)
	if got := far.RemoteAddr().(*net.TCPAddr).AddrPort().Addr(); got != moved {
		t.Errorf("the target sees %v", got)
	}
	if got := awaitPipes(t, p, 1)[0].LocalAddr().String(); got != far.RemoteAddr().String() {
		t.Errorf("the pipe says %v", got)
	}
	p.DialFrom(netip.Addr{})
	if _, far = through(t, p, l); far.RemoteAddr().(*net.TCPAddr).AddrPort().Addr() == moved {
		t.Error("the address stayed")
	}
}

func TestProxyEndsWithEverything(t *testing.T) {
	l := server(t)
	ctx, cancel := context.WithCancel(t.Context())
	p, err := RunProxy(ctx, l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	near, far := through(t, p, l)
	p.Freeze() // it ends nevertheless
	cancel()
	for _, c := range []net.Conn{near, far} {
		if _, err := c.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the connection goes on: %v", err)
		}
	}
	for range 2 {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	if c, err := net.Dial("tcp", p.Addr()); err == nil {
		c.Close()
		t.Error("the port is still open")
	}
	if err := p.Admit(); err != nil {
		t.Error(err)
	}
	if _, err := p.Await(ctx, 1); err == nil {
		t.Error("a proxy that ended has a connection")
	}
}
