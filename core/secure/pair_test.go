package secure

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"impero/core/key"
	"impero/core/wire"
)

// hostKey is an identity for tests that do not care which.
func hostKey(t testing.TB) *key.Identity {
	t.Helper()
	id, err := key.Generate()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func trust(context.Context, HostID) error { return nil }

// result is what one side's handshake gave.
type result struct {
	conn *Conn
	err  error
}

// meet runs both sides, each on its connection, and waits for both.
func meet(t testing.TB, guest, host net.Conn, gc GuestConfig, hc HostConfig) (g, h result) {
	t.Helper()
	if gc.Verify == nil {
		gc.Verify = trust
	}
	if hc.Identity == nil {
		hc.Identity = hostKey(t)
	}
	done := make(chan result)
	go func() {
		c, err := Host(context.Background(), host, hc)
		done <- result{c, err}
	}()
	c, err := Guest(context.Background(), guest, gc)
	if err == nil {
		// Only the Host knows whether GuestFinished was right: read what it says, so that a failure is seen here too.
		return result{c, nil}, <-done
	}
	return result{c, err}, <-done
}

// pair makes both ends of a sealed connection in memory.
func pair(t testing.TB) (g, h *Conn) {
	t.Helper()
	a, b := net.Pipe()
	rg, rh := meet(t, a, b, GuestConfig{Target: "desk"}, HostConfig{Name: "Desk"})
	if rg.err != nil || rh.err != nil {
		t.Fatalf("handshake: guest %v, host %v", rg.err, rh.err)
	}
	return rg.conn, rh.conn
}

// tap is a connection that keeps what is written and may change it on the way.
type tap struct {
	net.Conn
	change func(offset int, b []byte) []byte // nil: nothing

	mu      sync.Mutex
	written bytes.Buffer
	offset  int
}

func (c *tap) Write(b []byte) (int, error) {
	c.mu.Lock()
	c.written.Write(b)
	out := bytes.Clone(b)
	if c.change != nil {
		out = c.change(c.offset, out)
	}
	c.offset += len(b)
	c.mu.Unlock()
	if _, err := c.Conn.Write(out); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (c *tap) bytes() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Clone(c.written.Bytes())
}

// script is a connection that gives what it holds, then its end, and keeps what is written.
type script struct {
	in     *bytes.Reader
	out    bytes.Buffer
	closed bool
}

func newScript(in ...[]byte) *script { return &script{in: bytes.NewReader(bytes.Join(in, nil))} }

func (s *script) Read(b []byte) (int, error) {
	if s.closed {
		return 0, net.ErrClosed
	}
	return s.in.Read(b)
}

func (s *script) Write(b []byte) (int, error) {
	if s.closed {
		return 0, net.ErrClosed
	}
	return s.out.Write(b)
}
func (s *script) Close() error                     { s.closed = true; return nil }
func (s *script) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (s *script) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (s *script) SetDeadline(time.Time) error      { return nil }
func (s *script) SetReadDeadline(time.Time) error  { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }

// offline takes a sealed connection off its stream: records are made and read by hand.
func offline(c *Conn) *Conn {
	c.conn = newScript()
	c.in.from = c.conn
	return c
}

// sealOf gives the record that c would send.
func sealOf(t testing.TB, c *Conn, ch wire.Channel, text string) []byte {
	t.Helper()
	s := c.conn.(*script)
	s.out.Reset()
	if err := c.WriteRecord(ch, []byte(text)); err != nil {
		t.Fatalf("seal %q: %v", text, err)
	}
	return bytes.Clone(s.out.Bytes())
}

// openOn lets c read the records, and gives their texts up to the first error, which is io.EOF if all were good.
func openOn(c *Conn, records ...[]byte) (texts []string, err error) {
	s := newScript(records...)
	c.conn, c.in.from = s, s
	for {
		_, plaintext, err := c.ReadRecord()
		if err != nil {
			if errors.Is(err, io.EOF) {
				c.readErr = nil // the script ended, not the stream
			}
			return texts, err
		}
		texts = append(texts, string(plaintext))
	}
}
