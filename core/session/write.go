package session

import (
	"fmt"
	"slices"

	"impero/core/wire"
)

// writeLoop sends what is queued, the most urgent first, until the session ends; then the Close, if there is one.
func (s *Session) writeLoop() {
	buf := make([]byte, 0, s.rec.MaxPayload())
	for {
		ch, record := s.nextRecord(buf[:0])
		if record == nil {
			select {
			case <-s.wake:
				continue
			case <-s.over:
				s.sayGoodbye(buf[:0])
				return
			}
		}
		select {
		case <-s.over:
			s.sayGoodbye(buf[:0])
			return
		default:
		}
		if err := s.rec.WriteRecord(ch, record); err != nil {
			s.end(fmt.Errorf("write record: %w", err))
			s.rec.Close() // frees the reader
			return
		}
		s.out.Add(uint64(len(record)))
	}
}

// sayGoodbye sends the Close and cuts the connection, so that the reader ends too.
func (s *Session) sayGoodbye(buf []byte) {
	s.mu.Lock()
	c := s.closing
	s.mu.Unlock()
	if c != nil {
		s.rec.WriteRecord(wire.ChannelControl, wire.AppendMessage(buf, 0, c))
	}
	s.rec.Close()
}

// nextRecord fills buf with the most urgent frames of one channel; nil if nothing waits.
func (s *Session) nextRecord(buf []byte) (wire.Channel, []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ch := wire.ChannelControl; ch <= wire.ChannelInput; ch++ {
		if buf = s.takeMessages(ch, buf); len(buf) > 0 {
			return ch, buf
		}
	}
	for ch := wire.ChannelAudio; ch <= wire.ChannelBulk; ch++ {
		for _, st := range s.order {
			if st.ch != ch || !st.sendable() {
				continue
			}
			buf = st.takeData(buf, cap(buf))
			if i := slices.Index(s.order, st); i >= 0 { // still open: to the end, streams of a channel take turns
				s.order = append(slices.Delete(s.order, i, i+1), st)
			}
			return ch, buf
		}
	}
	return 0, nil
}

func (s *Session) takeMessages(ch wire.Channel, buf []byte) []byte {
	q := s.queued[ch]
	n := 0
	for ; n < len(q); n++ {
		at := len(buf)
		if buf = wire.AppendMessage(buf, q[n].stream, q[n].m); len(buf) > s.rec.MaxPayload() {
			buf = buf[:at] // no message is longer than a record, so the next record takes it
			break
		}
	}
	clear(q[:n])
	if s.queued[ch] = q[n:]; n == len(q) {
		s.queued[ch] = q[:0]
	}
	return buf
}
