package session

import (
	"fmt"
	"slices"
	"time"

	"impero/core/wire"
)

func violation(code wire.CloseCode, format string, args ...any) error {
	return &wire.Violation{Code: code, Err: fmt.Errorf(format, args...)}
}

// handle does what a message says.
func (s *Session) handle(l *link, ch wire.Channel, stream uint32, m wire.Message) error {
	switch m := m.(type) {
	case *wire.Close:
		return &wire.Closed{Code: m.Code, Detail: m.Detail}
	case *wire.Ping:
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.hurry(l, &wire.Pong{Token: m.Token})
	case *wire.Pong:
		s.pong(l, m)
	case *wire.Received:
		return s.arrived(m)
	case *wire.Skip:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.got[ch] += uint64(m.Count)
	case *wire.StreamOpen:
		return s.opened(stream, m)
	case *wire.StreamAccept, *wire.StreamData, *wire.StreamCredit, *wire.StreamEnd, *wire.StreamReset:
		return s.onStream(l, ch, stream, m)
	default:
		if stream != 0 {
			if st, err := s.lookup(stream); st == nil && (err != nil || !s.sentBefore(ch, stream)) {
				return err // a message for a stream that is over is skipped
			}
		}
		if s.cfg.Message != nil {
			return s.cfg.Message(stream, m)
		}
	}
	return nil
}

// arrived lets go of messages that the other side has.
func (s *Session) arrived(m *wire.Received) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.boxes[wire.ChannelControl].arrived(m.Control); err != nil {
		return err
	}
	return s.boxes[wire.ChannelInput].arrived(m.Input)
}

// lookup finds a stream. A nil stream with a nil error is one that is over.
func (s *Session) lookup(id uint32) (*Stream, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.streams[id]; st != nil {
		return st, nil
	}
	mine := id%2 == s.nextID%2
	if mine && id >= s.nextID || !mine && id > s.peerID {
		return nil, violation(wire.CloseProtocol, "stream %d was never opened", id)
	}
	return nil, nil
}

// sentBefore says whether a message is input for a screen that was lost: it was under way, and is not lost with it.
func (s *Session) sentBefore(ch wire.Channel, stream uint32) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return ch == wire.ChannelInput && slices.Contains(s.former.screens, stream)
}

// opened takes a stream that the other side opens.
func (s *Session) opened(id uint32, m *wire.StreamOpen) error {
	s.mu.Lock()
	switch {
	case id%2 == s.nextID%2 || id <= s.peerID:
		s.mu.Unlock()
		return violation(wire.CloseProtocol, "stream %d opened after %d", id, s.peerID)
	case s.cfg.Accept == nil || len(s.streams) >= wire.MaxStreams:
		s.peerID = id
		err := s.send(wire.ChannelControl, id, &wire.StreamReset{Code: wire.CloseNotSupported})
		s.mu.Unlock()
		return err
	}
	s.peerID = id
	st := s.newStream(id, m.Kind, false)
	st.Parameter = append([]byte(nil), m.Parameter...)
	st.out.limit = uint64(m.Credit)
	s.mu.Unlock()
	s.cfg.Accept(st)
	return nil
}

func (s *Session) onStream(l *link, ch wire.Channel, id uint32, m wire.Message) error {
	st, err := s.lookup(id)
	if st == nil {
		return err
	}
	if m, ok := m.(*wire.StreamReset); ok {
		s.mu.Lock()
		code := m.Code
		if code == wire.CloseLost {
			if st.reliable || time.Since(s.back) > inputAge {
				code = wire.CloseDone // nothing was lost: what comes for it still is not under way
			} else {
				s.former.add(id) // opened on a connection that broke before it was heard of here
			}
		}
		st.fail(&wire.Closed{Code: code, Detail: m.Detail})
		delete(s.streams, id)
		s.mu.Unlock()
		s.tellReset(st)
		return nil
	}
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	switch m := m.(type) {
	case *wire.StreamAccept:
		return st.accepted(m)
	case *wire.StreamData:
		return st.receive(ch, m, now)
	case *wire.StreamCredit:
		return st.credited(s.links[s.carrier(st.ch)], m, now)
	case *wire.StreamEnd:
		return st.ended(ch, m)
	}
	return nil
}

func (s *Session) tellReset(st *Stream) {
	if s.cfg.Reset != nil {
		s.cfg.Reset(st)
	}
}
