package session

import (
	"fmt"
	"net"
	"slices"
	"time"

	"impero/core/wire"
)

// writeLoop sends what is queued on l, the most urgent first, until l or the session ends; then the Close, if there is
// one.
func (s *Session) writeLoop(l *link) {
	buf := make([]byte, 0, l.rec.MaxPayload())
	for {
		select {
		case <-s.over:
			s.sayGoodbye(l, buf[:0])
			return
		default:
		}
		ch, record := s.nextRecord(l, buf[:0])
		if record == nil {
			select {
			case <-l.wake:
			case <-l.gone:
				return
			case <-s.over:
			}
			continue
		}
		if err := l.rec.WriteRecord(ch, record); err != nil {
			s.hearOut(l)
			s.lose(l, fmt.Errorf("write record: %w", err))
			return
		}
		s.out.Add(uint64(len(record)))
	}
}

// hearOut waits until all that still came by a connection that takes no more was read: whoever ends a session hangs up after
// the Close, which says why.
func (s *Session) hearOut(l *link) {
	l.rec.SetDeadline(time.Now().Add(hearTime))
	select {
	case <-l.read:
	case <-l.gone:
	case <-s.over:
	case <-time.After(hearTime):
	}
}

// sayGoodbye sends the Close, and cuts the connection once the other side has it, so that the reader ends too.
func (s *Session) sayGoodbye(l *link, buf []byte) {
	s.mu.Lock()
	c := s.closing
	current := s.links[l.place] == l
	s.mu.Unlock()
	if c != nil && current && l.place == linkFirst && l.rec.WriteRecord(wire.ChannelControl, wire.AppendMessage(buf, 0, c)) == nil {
		l.linger()
	}
	l.rec.Close()
}

// linger waits until the other side hangs up, closeTime at most: a system that closes over bytes nobody read resets the
// connection, and the Close is lost with it.
func (l *link) linger() {
	if c, ok := l.stream().(interface{ CloseWrite() error }); ok && c.CloseWrite() == nil {
		<-l.read
	}
}

// stream is what lies below the records; nil if that is not known.
func (l *link) stream() net.Conn {
	if c, ok := l.rec.(interface{ NetConn() net.Conn }); ok {
		return c.NetConn()
	}
	return nil
}

// carrier is the place of the connection that a channel's streams go by; mu is held.
func (s *Session) carrier(ch wire.Channel) int {
	if ch == wire.ChannelBulk && s.links[linkBulk] != nil {
		return linkBulk
	}
	return linkFirst
}

// nextRecord fills buf with the most urgent frames for one channel of l; nil if nothing waits.
func (s *Session) nextRecord(l *link, buf []byte) (wire.Channel, []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.links[l.place] != l {
		return 0, nil
	}
	most := l.rec.MaxPayload()
	for len(l.urgent) > 0 && len(buf)+64 < most {
		buf = wire.AppendMessage(buf, 0, l.urgent[0])
		l.urgent = slices.Delete(l.urgent, 0, 1)
	}
	if l.place == linkFirst {
		if buf = s.boxes[wire.ChannelControl].fill(buf, most); len(buf) == 0 {
			if buf = s.boxes[wire.ChannelInput].fill(buf, most); len(buf) > 0 {
				return wire.ChannelInput, buf
			}
		}
	}
	if len(buf) > 0 {
		return wire.ChannelControl, buf
	}
	return s.nextData(l, buf, most)
}

// nextData fills buf with a piece of the stream whose turn it is; mu is held.
func (s *Session) nextData(l *link, buf []byte, most int) (wire.Channel, []byte) {
	for ch := wire.ChannelAudio; ch <= wire.ChannelBulk; ch++ {
		if s.carrier(ch) != l.place {
			continue
		}
		i := slices.IndexFunc(s.order, func(st *Stream) bool { return st.ch == ch && st.sendable() })
		if i < 0 {
			continue
		}
		st := s.order[i]
		s.order = append(slices.Delete(s.order, i, i+1), st) // streams of a channel take turns
		if l.place == linkFirst {
			most = l.pace.record(most)
		}
		return ch, st.take(buf, most)
	}
	return 0, nil
}
