package session

import (
	"slices"
	"sync/atomic"
	"time"

	"impero/core/wire"
)

// Times of the keepalive. A Guest's Ping and its Pong are 2 × 42 bytes of records every 3 s, about 75 B/s with all
// headers below.
const (
	lookEvery = time.Second
	pingEvery = 3 * time.Second
	peerDead  = 15 * time.Second // nothing heard for so long: the connection is dead
	// A Guest gives a connection up sooner, since it can make another: when nothing was heard for guestDead, and a Ping
	// is unanswered for answerTime and four round trips.
	guestDead  = 5 * time.Second
	answerTime = 2 * time.Second
	// askEvery is how often at most a side that receives much asks for a round trip, to steer by.
	askEvery = 100 * time.Millisecond
)

// keepalive asks whether the other side is there, on every connection, and gives those up where it is not.
func (s *Session) keepalive() {
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	for {
		now := time.Now()
		s.mu.Lock()
		links := s.links
		s.mu.Unlock()
		for _, l := range links {
			if l != nil {
				s.look(l, now)
			}
		}
		s.tendBulk(now)
		select {
		case <-s.over:
			return
		case <-t.C:
		}
	}
}

// look gives l up if it is dead, and sends a Ping if it is time.
func (s *Session) look(l *link, now time.Time) {
	silent := now.Sub(s.began) - time.Duration(l.heard.Load())
	if silent > peerDead || s.cfg.Self == wire.FromGuest && silent >= guestDead && l.unanswered(now.Sub(s.began)) {
		s.lose(l, &LostError{Silent: silent})
		return
	}
	// A Host that receives little needs no round trip but the first: the Guest's Pings keep the connection.
	s.mu.Lock()
	first := l.asked.IsZero()
	if first || now.Sub(l.asked) >= pingEvery && s.cfg.Self == wire.FromGuest {
		s.ask(l, now)
	}
	s.mu.Unlock()
	if first || now.Sub(l.toldAt) < pingEvery || l.place != linkFirst {
		return
	}
	l.toldAt = now
	s.tell(l, 1)
}

// ask sends a Ping; mu is held.
func (s *Session) ask(l *link, now time.Time) {
	l.asked = now
	at := max(1, now.Sub(s.began))
	l.pinged.CompareAndSwap(0, int64(at))
	s.hurry(l, &wire.Ping{Token: uint64(at)})
}

// unanswered says whether the other side owes a Pong for longer than the path explains.
func (l *link) unanswered(now time.Duration) bool {
	at := time.Duration(l.pinged.Load())
	return at != 0 && now-at >= answerTime+4*l.trips.last()
}

// pong takes the answer to a Ping of l. The token is this side's clock.
func (s *Session) pong(l *link, m *wire.Pong) {
	took := int64(time.Since(s.began)) - int64(m.Token)
	if took < 0 || took > int64(time.Minute) {
		return // a token that was never sent
	}
	took = max(1, took)
	l.pinged.Store(0)
	l.trips.add(time.Duration(took))
	if l.place != linkFirst {
		return
	}
	s.roundTrip.Store(took)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.order {
		st.in.window.trip(time.Duration(took), l.trips.shortest())
	}
}

// trips are the round trips of a connection. The zero value has none.
type trips struct {
	newest, least atomic.Int64 // ns
	recent        [10]time.Duration
	n             int // of recent, over all; both owned by the reading goroutine
}

// add notes one. The least of them stands for the path without queues; when all of the last ten are half as long again, the
// path is another, or others fill it.
func (t *trips) add(took time.Duration) {
	t.newest.Store(int64(took))
	t.recent[t.n%len(t.recent)] = took
	t.n++
	least := t.least.Load()
	if least == 0 || int64(took) < least {
		t.least.Store(int64(took))
	}
	if now := slices.Min(t.recent[:]); t.n >= len(t.recent) && 2*int64(now) > 3*least {
		t.least.Store(int64(now))
	}
}

func (t *trips) last() time.Duration     { return time.Duration(t.newest.Load()) }
func (t *trips) shortest() time.Duration { return time.Duration(t.least.Load()) }
