package session

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"impero/core/wire"
)

// Places of a session's connections.
const (
	linkFirst = 0 // control, input, audio, screen; bulk while there is no other
	linkBulk  = 1 // bulk alone
)

// link is one connection of a session.
type link struct {
	place int
	rec   Records
	check wire.Checker  // owned by the reading goroutine
	wake  chan struct{} // capacity 1: the writer has work
	gone  chan struct{} // closed when the session has given this connection up
	read  chan struct{} // closed when nobody reads it any more
	left  chan struct{} // closed when everybody was told that it was lost

	// Guarded by the session's mu.
	urgent []wire.Message // Ping, Pong, Received: before everything else
	asked  time.Time      // the last Ping
	told   wire.Received  // what the other side was told last
	pace   pace
	idle   time.Time // since when a bulk connection has nothing to carry; zero while it has

	toldAt time.Time     // when Received was due last; owned by the keepalive goroutine
	heard  atomic.Int64  // of the last record on control, since the session began
	pinged atomic.Int64  // of the last Ping that has no answer yet, since the session began; 0 if it has
	bytes  atomic.Uint64 // received
	trips  trips
}

// maxUrgent bounds what a peer that asks and does not read can have queued.
const maxUrgent = 1024

func (s *Session) newLink(place int, rec Records) *link {
	l := &link{
		place: place, rec: rec, check: wire.Checker{From: wire.FromBoth ^ s.cfg.Self, State: wire.StateOpen},
		wake: make(chan struct{}, 1), gone: make(chan struct{}), read: make(chan struct{}), left: make(chan struct{}),
		pace: newPace(rec, place),
	}
	l.heard.Store(int64(time.Since(s.began)))
	return l
}

// start begins to read and write l; mu is held and the session lasts.
func (s *Session) start(l *link) {
	s.wg.Go(func() { s.readLoop(l) })
	s.wg.Go(func() { s.writeLoop(l) })
}

func (l *link) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// hurry queues a message that is not numbered; mu is held.
func (s *Session) hurry(l *link, m wire.Message) error {
	if len(l.urgent) >= maxUrgent {
		return violation(wire.CloseLimit, "%d pings are not answered since nothing is read", maxUrgent)
	}
	l.urgent = append(l.urgent, m)
	l.signal()
	return nil
}

// brokenError is the failure of a connection, not of the session.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

func (s *Session) readLoop(l *link) {
	defer close(l.read)
	err := s.receive(l)
	var broken *brokenError
	if errors.As(err, &broken) {
		s.lose(l, broken.err)
		return
	}
	s.end(err)
}

// receive takes records of l until it or the session ends. A *brokenError says that only l did.
func (s *Session) receive(l *link) error {
	for {
		ch, plain, err := l.rec.ReadRecord()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF // an end without a Close is a cut
			}
			return &brokenError{fmt.Errorf("read record: %w", err)}
		}
		if ch == wire.ChannelControl { // sealed at every level: others could be anybody's
			l.heard.Store(int64(time.Since(s.began)))
		}
		l.bytes.Add(uint64(len(plain)))
		s.in.Add(uint64(len(plain)))
		for len(plain) > 0 {
			f, rest, err := wire.NextFrame(plain)
			if err != nil {
				return &wire.Violation{Code: wire.CloseProtocol, Err: err}
			}
			plain = rest
			if err := s.take(l, ch, f); err != nil {
				return err
			}
		}
		if l.place == linkFirst {
			if err := s.tell(l, tellEvery); err != nil {
				return err
			}
		}
	}
}

// take handles one frame.
func (s *Session) take(l *link, ch wire.Channel, f wire.Frame) error {
	if l.place == linkBulk && !carriedByBulk(f.Type) {
		return violation(wire.CloseProtocol, "message %#x on a bulk connection", uint16(f.Type))
	}
	m, err := l.check.Check(ch, f)
	if err == nil && m != nil {
		err = s.handle(l, ch, f.Stream, m)
	}
	if err == nil && ch <= wire.ChannelInput && f.Type.Numbered() {
		s.mu.Lock()
		s.got[ch]++
		s.mu.Unlock()
	}
	return err
}

func carriedByBulk(t wire.Type) bool {
	switch t {
	case wire.TypePing, wire.TypePong, wire.TypeStreamData, wire.TypeStreamEnd:
		return true
	}
	return false
}

// tell says how many numbered messages have arrived if that is at least many more than was told.
func (s *Session) tell(l *link, many uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.got[wire.ChannelControl]-l.told.Control < many && s.got[wire.ChannelInput]-l.told.Input < many {
		return nil
	}
	l.told = wire.Received{Control: s.got[wire.ChannelControl], Input: s.got[wire.ChannelInput]}
	told := l.told
	return s.hurry(l, &told)
}
