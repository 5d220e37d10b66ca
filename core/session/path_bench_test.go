package session_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"impero/core/key"
	"impero/core/lab"
	"impero/core/secure"
	"impero/core/session"
	"impero/core/wire"
)

// kindBulk is any kind that goes by the second connection.
const kindBulk wire.StreamKind = 0x7001

// deaf hides a connection's socket, so that what the system queues is not held back.
type deaf struct{ session.Sealed }

// path is a session over a link: Guest at A, Host at B.
type path struct {
	b          *testing.B
	link       *lab.Link
	id         *key.Identity
	limit      bool // hold back what the system queues
	g, h       *session.Session
	ctx        context.Context
	sessionOn  chan *session.Session
	answered   chan struct{}
	background sync.WaitGroup
}

func (p *path) wrap(c *secure.Conn) session.Sealed {
	if p.limit {
		return c
	}
	return deaf{c}
}

// serve is the Host's side: the first connection makes the session, others join it.
func (p *path) serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		p.background.Go(func() {
			conn, err := secure.Host(p.ctx, c, secure.HostConfig{Identity: p.id})
			if err != nil {
				return
			}
			if conn.Peer().Purpose == wire.PurposeSession {
				p.h = session.New(p.wrap(conn), session.Config{
					Self: wire.FromHost, Keep: session.ResumeTime, Accept: p.source,
					Message: func(stream uint32, m wire.Message) error {
						return p.h.Send(0, &wire.Denied{Permission: m.(*wire.Key).Usage})
					},
				})
				p.sessionOn <- p.h
				p.h.Run(p.ctx)
				return
			}
			d := session.NewDialogue(conn, wire.FromGuest)
			m, err := d.Receive(p.ctx)
			if join, ok := m.(*wire.SessionJoin); ok && err == nil {
				err = p.h.Join(p.ctx, d, p.wrap(conn), conn.Peer().Purpose, join)
			}
			if err != nil {
				conn.Close()
			}
		})
	}
}

// source answers a bulk stream with bytes without end.
func (p *path) source(st *session.Stream) {
	st.Accept()
	if st.Kind == wire.KindScreen {
		return
	}
	p.background.Go(func() {
		buf := make([]byte, 256<<10)
		for {
			if _, err := st.Write(buf); err != nil {
				return
			}
		}
	})
}

func (p *path) dial(ctx context.Context, purpose wire.Purpose) (session.Sealed, error) {
	c, err := p.link.A.Dial(ctx, net.JoinHostPort(p.link.B.Addr().String(), "6502"))
	if err != nil {
		return nil, err
	}
	conn, err := secure.Guest(ctx, c, secure.GuestConfig{Purpose: purpose, Verify: func(context.Context, secure.HostID) error { return nil }})
	if err != nil {
		return nil, err
	}
	return p.wrap(conn), nil
}

// typeAt sends a key every 20 ms for a while and gives the times until each was answered.
func (p *path) typeAt(stream uint32, span time.Duration) (took []time.Duration) {
	for until := time.Now().Add(span); time.Now().Before(until); {
		start := time.Now()
		p.g.Send(stream, &wire.Key{Usage: 4, Down: true})
		select {
		case <-p.answered:
		case <-time.After(20 * time.Second):
			p.b.Fatal("no answer")
		}
		took = append(took, time.Since(start))
		time.Sleep(20 * time.Millisecond)
	}
	slices.Sort(took)
	return took
}

func share(sorted []time.Duration, q float64) float64 {
	return float64(sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]) / 1e6
}

// BenchmarkInputUnderBulk measures how long a key and its answer take while a file fills the line towards the Guest.
func BenchmarkInputUnderBulk(b *testing.B) {
	const span = 6 * time.Second
	for _, line := range []struct {
		name string
		rate int64
		way  time.Duration
	}{{"20mbit-40ms", 20_000_000, 20 * time.Millisecond}, {"2mbit-100ms", 2_000_000, 50 * time.Millisecond}} {
		for _, congestion := range []string{"bbr", "cubic"} {
			for _, two := range []bool{true, false} {
				for _, limit := range []bool{true, false} {
					name := fmt.Sprintf("%s/%s/connections=%d/unsent-limit=%t", line.name, congestion, map[bool]int{true: 2, false: 1}[two], limit)
					b.Run(name, func(b *testing.B) {
						for range b.N {
							p := newPath(b, lab.Symmetric(lab.Shape{Rate: line.rate, Delay: line.way}), congestion, two, limit)
							screen, err := p.g.Open(p.ctx, wire.KindScreen, nil)
							if err != nil {
								b.Fatal(err)
							}
							idle := p.typeAt(screen.ID, 2*time.Second)
							bulk, err := p.g.Open(p.ctx, kindBulk, nil)
							if err != nil {
								b.Fatal(err)
							}
							p.background.Go(func() { io.Copy(io.Discard, struct{ io.Reader }{bulk}) })
							start := p.typeAt(screen.ID, 4*time.Second) // until it is in full flow
							before, at := p.link.Down.Counters(), time.Now()
							busy := p.typeAt(screen.ID, span)
							after, took := p.link.Down.Counters(), time.Since(at)
							b.ReportMetric(share(idle, 0.5), "idle-p50-ms")
							b.ReportMetric(share(start, 1), "start-most-ms")
							b.ReportMetric(share(busy, 0.5), "p50-ms")
							b.ReportMetric(share(busy, 0.95), "p95-ms")
							b.ReportMetric(100*float64(after.Busy-before.Busy)/float64(took), "line-%")
							p.g.Close(wire.CloseDone, "")
						}
					})
				}
			}
		}
	}
}

func newPath(b *testing.B, cfg lab.LinkConfig, congestion string, two, limit bool) *path {
	b.Helper()
	id, err := key.Generate()
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &path{b: b, link: lab.StartLink(b, cfg), id: id, limit: limit, ctx: ctx, sessionOn: make(chan *session.Session, 1), answered: make(chan struct{}, 16)}
	if err := p.link.A.CongestionControl(congestion); err != nil {
		b.Fatal(err)
	}
	if err := p.link.B.CongestionControl(congestion); err != nil {
		b.Fatal(err)
	}
	l, err := p.link.B.Listen(":6502")
	if err != nil {
		b.Fatal(err)
	}
	p.background.Go(func() { p.serve(l) })
	first, err := p.dial(ctx, wire.PurposeSession)
	if err != nil {
		b.Fatal(err)
	}
	cfg2 := session.Config{Self: wire.FromGuest, Keep: session.ResumeTime, Message: func(uint32, wire.Message) error {
		p.answered <- struct{}{}
		return nil
	}}
	if two {
		cfg2.Dial = p.dial
	}
	p.g = session.New(first, cfg2)
	p.background.Go(func() { p.g.Run(ctx) })
	<-p.sessionOn
	b.Cleanup(func() { l.Close(); cancel(); p.background.Wait() })
	return p
}
