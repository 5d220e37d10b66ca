package session

import (
	"errors"
	"fmt"
	"io"
	"time"

	"impero/core/wire"
)

func violation(code wire.CloseCode, format string, args ...any) error {
	return &wire.Violation{Code: code, Err: fmt.Errorf(format, args...)}
}

// readLoop takes records until the connection or the session ends.
func (s *Session) readLoop() error {
	for {
		ch, plain, err := s.rec.ReadRecord()
		if err != nil {
			select {
			case <-s.over:
				return ErrOver
			default:
			}
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF // an end without a Close is a cut
			}
			return fmt.Errorf("read record: %w", err)
		}
		s.heard.Store(time.Now().UnixNano())
		s.in.Add(uint64(len(plain)))
		for len(plain) > 0 {
			f, rest, err := wire.NextFrame(plain)
			if err != nil {
				return &wire.Violation{Code: wire.CloseProtocol, Err: err}
			}
			plain = rest
			m, err := s.check.Check(ch, f)
			if err == nil && m != nil {
				err = s.handle(ch, f.Stream, m)
			}
			if err != nil {
				return err
			}
		}
	}
}

func (s *Session) handle(ch wire.Channel, stream uint32, m wire.Message) error {
	switch m := m.(type) {
	case *wire.Close:
		return &wire.Closed{Code: m.Code, Detail: m.Detail}
	case *wire.Ping:
		return s.Send(0, &wire.Pong{Token: m.Token})
	case *wire.Pong:
		s.pong(m)
	case *wire.StreamOpen:
		return s.opened(stream, m)
	case *wire.StreamAccept, *wire.StreamData, *wire.StreamCredit, *wire.StreamEnd, *wire.StreamReset:
		return s.onStream(ch, stream, m)
	default:
		if stream != 0 {
			if st, err := s.lookup(stream); st == nil {
				return err // a message for a stream that is over is skipped
			}
		}
		if s.cfg.Message != nil {
			return s.cfg.Message(stream, m)
		}
	}
	return nil
}

func (s *Session) pong(m *wire.Pong) {
	if sent := s.pinged.Load(); sent != 0 && uint64(sent) == m.Token {
		s.roundTrip.Store(max(1, time.Now().UnixNano()-sent))
	}
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
	st := s.newStream(id, m.Kind)
	st.Parameter = append([]byte(nil), m.Parameter...)
	st.sendCredit = int(m.Credit)
	s.mu.Unlock()
	s.cfg.Accept(st)
	return nil
}

func (s *Session) onStream(ch wire.Channel, id uint32, m wire.Message) error {
	st, err := s.lookup(id)
	if st == nil {
		return err
	}
	if m, ok := m.(*wire.StreamReset); ok {
		s.mu.Lock()
		st.fail(&wire.Closed{Code: m.Code, Detail: m.Detail})
		delete(s.streams, id)
		s.mu.Unlock()
		if s.cfg.Reset != nil {
			s.cfg.Reset(st)
		}
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch m := m.(type) {
	case *wire.StreamAccept:
		return st.accepted(m)
	case *wire.StreamData:
		return st.receive(ch, m.Data)
	case *wire.StreamCredit:
		return st.credited(int(m.Add))
	case *wire.StreamEnd:
		return st.ended(ch)
	}
	return nil
}
