package session_test

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"

	"impero/core/key"
	"impero/core/secure"
	"impero/core/session"
	"impero/core/wire"
)

// near is a session over loopback.
type near struct {
	b    *testing.B
	id   *key.Identity
	l    net.Listener
	g, h *session.Session
	bulk chan struct{}        // gets one when the second connection has joined
	far  chan *session.Stream // opened at the Host
	work sync.WaitGroup
}

func newNear(b *testing.B, two bool) *near {
	b.Helper()
	id, err := key.Generate()
	if err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	n := &near{b: b, id: id, l: l, bulk: make(chan struct{}, 1), far: make(chan *session.Stream, 1)}
	conns := make(chan *secure.Conn)
	n.work.Go(func() { n.serve(conns) })
	guest, err := n.dial(b.Context(), wire.PurposeSession)
	if err != nil {
		b.Fatal(err)
	}
	cfg := session.Config{Self: wire.FromGuest, Keep: session.ResumeTime}
	if two {
		cfg.Dial = n.dial
	}
	n.h = session.New(<-conns, session.Config{Self: wire.FromHost, Keep: session.ResumeTime, Accept: func(st *session.Stream) {
		st.Accept()
		n.far <- st
	}})
	n.g = session.New(guest, cfg)
	n.work.Go(func() { n.h.Run(b.Context()) })
	n.work.Go(func() { n.g.Run(b.Context()) })
	b.Cleanup(func() { n.g.Close(wire.CloseDone, ""); l.Close(); n.work.Wait() })
	return n
}

func (n *near) dial(ctx context.Context, purpose wire.Purpose) (session.Sealed, error) {
	c, err := net.Dial("tcp", n.l.Addr().String())
	if err != nil {
		return nil, err
	}
	return secure.Guest(ctx, c, secure.GuestConfig{Purpose: purpose, Verify: func(context.Context, secure.HostID) error { return nil }})
}

// serve gives the first connection away and has others join.
func (n *near) serve(conns chan<- *secure.Conn) {
	for {
		c, err := n.l.Accept()
		if err != nil {
			return
		}
		conn, err := secure.Host(context.Background(), c, secure.HostConfig{Identity: n.id})
		if err != nil {
			n.b.Error(err)
			return
		}
		if conn.Peer().Purpose == wire.PurposeSession {
			conns <- conn
			continue
		}
		d := session.NewDialogue(conn, wire.FromGuest)
		m, err := d.Receive(context.Background())
		join, ok := m.(*wire.SessionJoin)
		if !ok {
			err = errors.Join(err, errors.New("no join"))
		} else {
			err = n.h.Join(context.Background(), d, conn, conn.Peer().Purpose, join)
		}
		if err != nil {
			n.b.Error(err)
			return
		}
		n.bulk <- struct{}{}
	}
}

// BenchmarkBulk is what one stream of bulk carries over loopback with all that a session does: frames, credit, keeping
// what may have to be sent again. BenchmarkRaw is the same seal without a session.
func BenchmarkBulk(b *testing.B) {
	for name, two := range map[string]bool{"connections=1": false, "connections=2": true} {
		b.Run(name, func(b *testing.B) {
			n := newNear(b, two)
			st, err := n.g.Open(b.Context(), kindBulk, nil)
			if err != nil {
				b.Fatal(err)
			}
			if two {
				<-n.bulk
			}
			pump(b, struct{ io.Reader }{<-n.far}, st.Write)
		})
	}
}

// pump sends pieces of 1 MiB and takes them.
func pump(b *testing.B, from io.Reader, write func([]byte) (int, error)) {
	piece := make([]byte, 1<<20)
	b.SetBytes(int64(len(piece)))
	b.ReportAllocs()
	warm := 16 // until the windows have their size
	done := make(chan error, 1)
	go func() {
		for range b.N + warm {
			if _, err := write(piece); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	into := make([]byte, 256<<10)
	take := func(n int) {
		for left := n; left > 0; {
			got, err := from.Read(into[:min(left, len(into))])
			if err != nil {
				b.Fatal(err)
			}
			left -= got
		}
	}
	take(warm << 20)
	b.ResetTimer()
	take(b.N << 20)
	b.StopTimer()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}

// records makes a stream of a sealed connection.
type records struct {
	*secure.Conn
	rest []byte
}

func (r *records) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		_, plain, err := r.ReadRecord()
		if err != nil {
			return 0, err
		}
		r.rest = plain
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func (r *records) Write(p []byte) (int, error) {
	for left := p; len(left) > 0; {
		n := min(len(left), r.MaxPayload())
		if err := r.WriteRecord(wire.ChannelBulk, left[:n]); err != nil {
			return 0, err
		}
		left = left[n:]
	}
	return len(p), nil
}

func BenchmarkRaw(b *testing.B) {
	for name, bulk := range map[string]bool{"16KiB": false, "256KiB": true} {
		b.Run(name, func(b *testing.B) {
			guest, host := sealedPair(b)
			ticket := make([]byte, 32)
			guest.Join(ticket, 1, bulk)
			host.Join(ticket, 1, bulk)
			pump(b, &records{Conn: host}, (&records{Conn: guest}).Write)
		})
	}
}

// sealedPair gives the ends of a connection over loopback.
func sealedPair(b *testing.B) (guest, host *secure.Conn) {
	b.Helper()
	id, err := key.Generate()
	if err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	got := make(chan *secure.Conn, 1)
	go func() {
		defer close(got)
		if c, err := l.Accept(); err == nil {
			if conn, err := secure.Host(b.Context(), c, secure.HostConfig{Identity: id}); err == nil {
				got <- conn
			}
		}
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	if guest, err = secure.Guest(b.Context(), c, secure.GuestConfig{Verify: func(context.Context, secure.HostID) error { return nil }}); err != nil {
		b.Fatal(err)
	}
	host = <-got
	b.Cleanup(func() { guest.Close(); host.Close() })
	return guest, host
}
