package session

import (
	"time"

	"impero/core/wire"
)

// Times of the second connection, for bulk. The Guest makes it when there is a stream for it.
const (
	bulkRetry = 5 * time.Second // doubled with every attempt that fails
	bulkLate  = 2 * time.Minute // at most
	bulkIdle  = 30 * time.Second
)

// bulkWish is when a Guest tries to get a second connection. Guarded by the session's mu.
type bulkWish struct {
	trying bool
	next   time.Time // not before
	wait   time.Duration
}

// tendBulk attaches a second connection where a stream wants one, and gives it up when none did for a while.
func (s *Session) tendBulk(now time.Time) {
	if s.cfg.Dial == nil || s.tickets == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l, wanted := s.links[linkBulk], s.hasBulk()
	switch {
	case s.lost != nil || s.err != nil:
	case l == nil && wanted && !s.bulk.trying && !now.Before(s.bulk.next):
		s.bulk.trying = true
		s.wg.Go(s.attach)
	case l != nil && wanted:
		l.idle = time.Time{}
	case l != nil && l.idle.IsZero():
		l.idle = now
	case l != nil && now.Sub(l.idle) > bulkIdle:
		s.drop(l)
	}
}

// hasBulk says whether a stream is open that would go by the second connection; mu is held.
func (s *Session) hasBulk() bool {
	for _, st := range s.order {
		if st.ch == wire.ChannelBulk && st.answered {
			return true
		}
	}
	return false
}

// attach tries once.
func (s *Session) attach() {
	err := s.join(wire.PurposeAttach)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bulk.trying = false
	if err == nil {
		s.bulk.wait = 0
		s.log.Info("bulk connection attached")
		return
	}
	s.bulk.wait = min(max(2*s.bulk.wait, bulkRetry), bulkLate)
	s.bulk.next = time.Now().Add(s.bulk.wait)
	s.log.Info("no bulk connection; the first one carries all", "reason", err)
}
