package lab

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Limits and defaults of a Link.
const (
	mtu          = 1500
	defaultQueue = 256 << 10
	maxQueue     = 64 << 20
	maxDelay     = 10 * time.Second
)

// Shape is how one direction of a Link treats packets: they wait in a queue,
// are sent one after another at the rate, some are lost then, the others
// arrive after the delay. Their order never changes. Zero fields mean no limit
// of the rate, no delay, no loss, and a queue of 256 KiB.
type Shape struct {
	Rate  int64         // bits of IP packets a second
	Delay time.Duration // one way, at most 10 s
	Queue int           // bytes that may wait, at least 1500, at most 64 MiB; what comes on top is dropped
	Loss  float64       // share of packets that are lost at random, from 0 to 1
}

func (s Shape) orDefault() Shape {
	if s.Queue == 0 {
		s.Queue = defaultQueue
	}
	return s
}

func (s Shape) check() error {
	switch {
	case s.Rate < 0:
		return fmt.Errorf("a rate of %d bit/s", s.Rate)
	case s.Delay < 0 || s.Delay > maxDelay:
		return fmt.Errorf("a delay of %v, at most %v is allowed", s.Delay, maxDelay)
	case s.Queue < mtu || s.Queue > maxQueue:
		return fmt.Errorf("a queue of %d bytes, %d to %d are allowed", s.Queue, mtu, maxQueue)
	case !(s.Loss >= 0 && s.Loss <= 1):
		return fmt.Errorf("a loss of %v, 0 to 1 is allowed", s.Loss)
	}
	return nil
}

// LinkConfig is how a Link begins. Its zero value passes everything at once.
type LinkConfig struct {
	Up, Down Shape  // from A to B, and back
	Seed     uint64 // which packets are lost: the same for the same seed and packets
}

// Symmetric is a LinkConfig with the same shape both ways.
func Symmetric(s Shape) LinkConfig { return LinkConfig{Up: s, Down: s} }

// Link is a network of two computers, A and B, and the line between them, in
// network namespaces of their own: nothing on it reaches, or can be reached
// from, any other network. Both have an address in the same 10.99.x.0/24, a
// loopback, and MTU 1500. By custom A is the Guest and B the Host or server.
//
// The namespaces have no name, and so are gone with this process however that
// ends. Each direction is carried by a thread of this process, with a raised
// priority: it is exact to a fraction of a millisecond while a processor is
// free, and keeps its rate when it was late.
//
// A Link needs Linux, root, /dev/net/tun and the program ip (package iproute2).
type Link struct {
	A, B     *End
	Up, Down *Direction // from A to B, and back

	began    time.Time
	watching sync.WaitGroup // who ends the link with its context
	closing  sync.Once
	closed   error
}

// Direction is one way of a Link. Changes count at once, also for packets that
// wait already; what is under way keeps its delay.
type Direction struct {
	line *line
	link *Link
	pump *pump
}

// linkNumber makes the addresses of links differ, so that captures can be told
// apart. Nothing depends on it.
var linkNumber atomic.Uint32

// RunLink makes a link. It ends with ctx or with Close.
func RunLink(ctx context.Context, cfg LinkConfig) (*Link, error) {
	up, down := cfg.Up.orDefault(), cfg.Down.orDefault()
	for _, shape := range []Shape{up, down} {
		if err := shape.check(); err != nil {
			return nil, fmt.Errorf("make a link: %w", err)
		}
	}
	l := &Link{began: time.Now()}
	l.Up = &Direction{line: newLine(up, cfg.Seed), link: l}
	l.Down = &Direction{line: newLine(down, cfg.Seed+1), link: l}
	if err := l.build(); err != nil {
		return nil, errors.Join(fmt.Errorf("make a link: %w", err), l.Close())
	}
	stop := context.AfterFunc(ctx, func() { l.Close() })
	l.watching.Go(func() { <-l.Up.pump.done; stop() })
	return l, nil
}

// StartLink is [RunLink] for a test.
func StartLink(t testing.TB, cfg LinkConfig) *Link {
	t.Helper()
	l, err := RunLink(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("take the link down: %v", err)
		}
	})
	return l
}

// build makes both ends and starts carrying packets.
func (l *Link) build() error {
	number := byte(linkNumber.Add(1))
	var err error
	if l.A, err = newEnd("A", netip.AddrFrom4([4]byte{10, 99, number, 1})); err != nil {
		return err
	}
	if l.B, err = newEnd("B", netip.AddrFrom4([4]byte{10, 99, number, 2})); err != nil {
		return err
	}
	l.admitOnly(l.A.Addr())
	if l.Up.pump, err = startPump(l.began, l.Up.line, l.A.device, l.B.device); err != nil {
		return err
	}
	l.Down.pump, err = startPump(l.began, l.Down.line, l.B.device, l.A.device)
	return err
}

// Close ends the link and waits until nothing of it runs. Connections over it
// hang as after Cut; programs started in it go on until they are closed.
func (l *Link) Close() error {
	l.closing.Do(func() {
		for _, d := range []*Direction{l.Up, l.Down} {
			if d.pump != nil {
				l.closed = errors.Join(l.closed, d.pump.close())
			}
		}
		for _, e := range []*End{l.A, l.B} {
			if e != nil {
				l.closed = errors.Join(l.closed, e.close())
			}
		}
	})
	l.watching.Wait()
	return l.closed
}

// each does something with both directions.
func (l *Link) each(f func(*Direction)) { f(l.Up); f(l.Down) }

// Cut drops everything, both ways, from now on, and what is under way, as a
// pulled cable does. Neither end is told.
func (l *Link) Cut() { l.each((*Direction).Cut) }

// Freeze holds everything, both ways: nothing arrives until Restore. Queues
// fill up and drop what is too much.
func (l *Link) Freeze() { l.each((*Direction).Freeze) }

// Restore ends Cut and Freeze. What Freeze held under way arrives at once,
// what waited in the queue is sent now.
func (l *Link) Restore() { l.each((*Direction).Restore) }

// SetRate changes the rate of both directions, in bits a second; 0 is none.
func (l *Link) SetRate(bits int64) error {
	return errors.Join(l.Up.SetRate(bits), l.Down.SetRate(bits))
}

// SetDelay changes the one-way delay of both directions.
func (l *Link) SetDelay(delay time.Duration) error {
	return errors.Join(l.Up.SetDelay(delay), l.Down.SetDelay(delay))
}

// SetLoss changes the share of packets that are lost, in both directions.
func (l *Link) SetLoss(share float64) error {
	return errors.Join(l.Up.SetLoss(share), l.Down.SetLoss(share))
}

// Flip gives A another address of the link's /24, as a notebook gets in
// another network. Everything from and to the old address is dropped from then
// on, without a word to either end. The zero address means the next free one.
func (l *Link) Flip(to netip.Addr) error {
	from := l.A.Addr()
	if to == (netip.Addr{}) {
		if to = from.Next(); to == l.B.Addr() {
			to = to.Next()
		}
	}
	if !network(from).Contains(to) || to.As4()[3] == 0 || to.As4()[3] == 255 || to == from || to == l.B.Addr() {
		return fmt.Errorf("flip from %v to %v: want another free address of %v", from, to, network(from))
	}
	l.admitOnly(to)
	if err := l.A.move(to); err != nil {
		l.admitOnly(from)
		return fmt.Errorf("flip from %v to %v: %w", from, to, err)
	}
	return nil
}

// admitOnly lets packets pass that are from A's address (up) or to it (down).
func (l *Link) admitOnly(address netip.Addr) {
	is := func(at int) func([]byte) bool {
		want := address.As4()
		return func(ip []byte) bool { return [4]byte(ip[at:at+4]) == want }
	}
	now := time.Since(l.began)
	l.Up.line.change(now, func() { l.Up.line.admit = is(12) })
	l.Down.line.change(now, func() { l.Down.line.admit = is(16) })
}

// change changes the shape if the result is sound.
func (d *Direction) change(f func(*Shape)) error {
	var err error
	d.line.change(time.Since(d.link.began), func() {
		shape := d.line.shape
		f(&shape)
		if err = shape.check(); err == nil {
			d.line.shape = shape
		}
	})
	d.pump.wake()
	if err != nil {
		return fmt.Errorf("change a link: %w", err)
	}
	return nil
}

// SetRate changes the rate, in bits a second; 0 is none.
func (d *Direction) SetRate(bits int64) error { return d.change(func(s *Shape) { s.Rate = bits }) }

// SetDelay changes the one-way delay. After a shorter one nothing overtakes
// what is under way.
func (d *Direction) SetDelay(delay time.Duration) error {
	return d.change(func(s *Shape) { s.Delay = delay })
}

// SetLoss changes the share of packets that are lost.
func (d *Direction) SetLoss(share float64) error { return d.change(func(s *Shape) { s.Loss = share }) }

// SetQueue changes how many bytes may wait. What waits already stays.
func (d *Direction) SetQueue(bytes int) error { return d.change(func(s *Shape) { s.Queue = bytes }) }

// Cut drops everything this way from now on, and what is under way.
func (d *Direction) Cut() { d.set(func(l *line) { l.cut = true; l.drop() }) }

// Freeze holds everything this way.
func (d *Direction) Freeze() { d.set(func(l *line) { l.frozen = true }) }

// Restore ends Cut and Freeze this way.
func (d *Direction) Restore() { d.set(func(l *line) { l.cut, l.frozen = false, false }) }

func (d *Direction) set(f func(*line)) {
	d.line.change(time.Since(d.link.began), func() { f(d.line) })
	d.pump.wake()
}

// Counters are what this direction did until now.
func (d *Direction) Counters() Counters { return d.line.counters() }
