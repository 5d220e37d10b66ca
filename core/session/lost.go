package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"impero/core/wire"
)

// ResumeTime is how long both sides keep a session that lost its connection.
const ResumeTime = 60 * time.Second

// Times of resuming, on the Guest.
const (
	attemptTime = 5 * time.Second // of one attempt, all of it
	retryFirst  = 500 * time.Millisecond
	retryMost   = 3 * time.Second
	// lastsWell is how long a connection must have lasted, or the next loss has to wait before it is mended: hastyFirst, and
	// longer each time.
	lastsWell     = time.Second
	hastyFirst    = 125 * time.Millisecond
	complainEvery = time.Second
)

// Lost describes a session that has no connection now.
type Lost struct {
	Since, Until time.Time // the session ends then
	Heard        time.Time // when the other side was heard of last
	Next         time.Time // of the next attempt to resume; zero while one goes on, and on a Host
	Tries        int       // attempts that failed
}

// Lost says whether the session has no connection now, and since when.
func (s *Session) Lost() (Lost, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost == nil || s.err != nil {
		return Lost{}, false
	}
	return *s.lost, true
}

// Losses is how often the session lost its connection.
func (s *Session) Losses() uint64 { return s.losses.Load() }

// TryNow has a lost session not wait for its next attempt.
func (s *Session) TryNow() {
	select {
	case s.try <- struct{}{}:
	default:
	}
}

// lose gives a connection up. The session goes on without it, or is lost, or ends if it is not kept.
func (s *Session) lose(l *link, err error) {
	s.mu.Lock()
	if s.err != nil || s.links[l.place] != l {
		s.mu.Unlock()
		l.rec.Close()
		return
	}
	if l.place == linkFirst && (s.tickets == nil || s.closing != nil) {
		s.mu.Unlock()
		s.end(err)
		l.rec.Close() // frees its reader or writer
		return
	}
	var ended []*Stream
	s.drop(l)
	first := l.place == linkFirst
	if first {
		if b := s.links[linkBulk]; b != nil {
			s.drop(b)
		}
		s.losses.Add(1)
		ended = s.endScreens()
		now := time.Now()
		s.lost = &Lost{Since: now, Until: now.Add(s.cfg.Keep), Heard: s.began.Add(time.Duration(l.heard.Load()))}
		s.stopJoin() // an attempt to attach is in vain now
		lost := s.lost
		s.expiry = time.AfterFunc(s.cfg.Keep, func() { s.expire(lost) })
	}
	for _, st := range s.streams {
		if !first && st.ch == wire.ChannelBulk || first {
			st.rewind()
		}
	}
	s.signal()
	if first {
		s.wg.Go(func() { s.parted(l, ended) })
		if s.cfg.Dial != nil {
			s.wg.Go(s.resume)
		}
	}
	s.mu.Unlock()
	if first {
		s.log.Log(context.Background(), s.gravity(), "connection lost", "reason", err)
	} else {
		s.log.Info("bulk connection lost", "reason", err)
	}
	s.changed()
}

// parted tells what a loss ended, once all that came by the lost connection was handled: nothing that was under way comes
// after.
func (s *Session) parted(l *link, ended []*Stream) {
	<-l.read
	for _, st := range ended {
		s.tellReset(st)
	}
	if s.cfg.Lost != nil {
		s.cfg.Lost()
	}
	close(l.left)
}

// gravity is the level of a loss in the log: one that comes again and again is a warning once in a while.
func (s *Session) gravity() slog.Level {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if now.Sub(s.complained) < complainEvery {
		return slog.LevelDebug
	}
	s.complained = now
	return slog.LevelWarn
}

// expire ends a session that is still lost as it was.
func (s *Session) expire(lost *Lost) {
	s.mu.Lock()
	still := s.lost == lost
	s.mu.Unlock()
	if still {
		s.end(&LostError{Silent: s.cfg.Keep})
	}
}

// drop takes a connection off the session; mu is held.
func (s *Session) drop(l *link) {
	s.links[l.place] = nil
	if l.place == linkFirst {
		s.former.link = l
	}
	close(l.gone)
	l.rec.Close()
}

// endScreens resets the streams that do not outlive their connection; mu is held.
func (s *Session) endScreens() (ended []*Stream) {
	for _, st := range s.streams {
		if !st.reliable && st.reset(wire.CloseLost, "") {
			ended = append(ended, st)
			s.former.add(st.ID)
		}
	}
	return ended
}

// resume tries to get a connection again until it does or the session ends. One that breaks again and again is waited for
// longer each time.
func (s *Session) resume() {
	if s.settle(context.Background()) != nil {
		return
	}
	s.mu.Lock()
	if time.Since(s.resumed) >= lastsWell {
		s.hasty = 0
	}
	wait := min(hastyFirst<<s.hasty, retryMost)
	again := s.hasty > 0
	s.hasty = min(s.hasty+1, 8)
	s.mu.Unlock()
	if again && !s.pause(wait) {
		return
	}
	wait = retryFirst
	for {
		err := s.join(wire.PurposeResume)
		switch {
		case err == nil:
			s.mu.Lock()
			s.resumed = time.Now()
			s.mu.Unlock()
			s.log.Info("session resumed")
			s.changed()
			return
		case final(err):
			s.end(err)
			return
		}
		s.log.Info("resuming failed", "reason", err)
		if !s.pause(wait) {
			return
		}
		wait = min(2*wait, retryMost)
	}
}

// final says whether the other side said, on a connection that proved to be its own, that there is nothing to resume.
func final(err error) bool {
	var closed *wire.Closed
	return errors.As(err, &closed)
}

// pause waits before the next attempt; false says that there is none.
func (s *Session) pause(wait time.Duration) bool {
	s.mu.Lock()
	if s.lost != nil {
		s.lost.Tries++
		s.lost.Next = time.Now().Add(wait)
	}
	s.mu.Unlock()
	s.changed()
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.try:
	case <-s.over:
		return false
	}
	s.mu.Lock()
	if s.lost != nil {
		s.lost.Next = time.Time{}
	}
	s.mu.Unlock()
	s.changed()
	return true
}

// join opens a connection and has it join the session, as the Guest.
func (s *Session) join(purpose wire.Purpose) error {
	s.joining <- struct{}{}
	defer func() { <-s.joining }()
	ctx, cancel := context.WithTimeout(context.Background(), attemptTime)
	defer cancel()
	s.mu.Lock()
	if s.stopJoin = cancel; s.err != nil || purpose == wire.PurposeAttach && s.lost != nil {
		cancel()
	}
	s.mu.Unlock()
	rec, err := s.cfg.Dial(ctx, purpose)
	if err != nil {
		return fmt.Errorf("dial: %w", err)
	}
	if err := s.askToJoin(ctx, rec, purpose); err != nil {
		rec.Close()
		return err
	}
	return nil
}
