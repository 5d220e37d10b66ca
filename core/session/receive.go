package session

import (
	"time"

	"impero/core/wire"
)

// What a stream takes from the other side. All of it is called with s.mu held.

func (st *Stream) accepted(m *wire.StreamAccept) error {
	if st.answered || !st.mine {
		return violation(wire.CloseProtocol, "stream %d accepted twice, or by the side that opened it", st.ID)
	}
	st.answered = true
	st.out.limit = uint64(m.Credit)
	st.changed.Broadcast()
	return nil
}

// credited takes what the other side has, and what it allows. l is the connection that carries the stream.
func (st *Stream) credited(l *link, m *wire.StreamCredit, now time.Time) error {
	o := &st.out
	received := m.Received
	if received == o.highest()+1 && o.wanted && len(o.pending) == 0 {
		o.ended, o.done = true, true
		received--
	}
	if received < o.acked || received > o.highest() || m.Limit < o.limit {
		return violation(wire.CloseProtocol, "stream %d: %d of %d bytes arrived, limit %d after %d", st.ID, m.Received, o.highest(), m.Limit, o.limit)
	}
	if l != nil {
		l.pace.delivered(received-o.acked, now)
	}
	if st.reliable {
		o.kept.drop(int(received - o.acked))
	}
	o.acked, o.next, o.limit = received, max(o.next, received), m.Limit
	st.forgetIfOver()
	st.s.signal()
	return nil
}

// mayReceive says whether the other side has credit: StreamOpen gives it to the one that accepts, whose data may overtake
// its StreamAccept on another channel; the one that opens has none before StreamAccept.
func (st *Stream) mayReceive() bool { return st.answered || st.mine }

// place finds where bytes that begin at offset go: how many of them have arrived before.
func (st *Stream) place(ch wire.Channel, offset uint32) (before int, err error) {
	before = int(int32(uint32(st.in.got) - offset))
	if ch != st.ch || !st.mayReceive() || before < 0 || before > 0 && !st.reliable {
		return 0, violation(wire.CloseProtocol, "stream %d: byte %d on the %s channel after %d, or before it was accepted", st.ID, offset, ch, st.in.got)
	}
	return before, nil
}

// arriving measures what arrives, and asks for a round trip now and then while much does. mu is held.
func (s *Session) arriving(in *receiving, now time.Time) {
	l := s.links[linkFirst]
	if l == nil {
		return
	}
	in.window.arrived(in.got, now, l.trips.shortest())
	if moved := in.got - in.asked; moved >= leastWindow && now.Sub(l.asked) >= max(askEvery, l.trips.last()) {
		in.asked = in.got
		s.ask(l, now)
	}
}

// receive takes data of the stream.
func (st *Stream) receive(ch wire.Channel, m *wire.StreamData, now time.Time) error {
	in := &st.in
	before, err := st.place(ch, m.Offset)
	if err != nil || before >= len(m.Data) {
		return err
	}
	data := m.Data[before:]
	switch {
	case in.ended:
		return violation(wire.CloseProtocol, "stream %d goes on after its end", st.ID)
	case in.got+uint64(len(data)) > in.limit:
		return violation(wire.CloseLimit, "stream %d sent %d bytes with %d of credit", st.ID, len(data), in.limit-in.got)
	}
	in.got += uint64(len(data))
	in.arrived.add(data)
	st.s.arriving(in, now)
	st.changed.Broadcast()
	return nil
}

func (st *Stream) ended(ch wire.Channel, m *wire.StreamEnd) error {
	before, err := st.place(ch, m.Offset)
	switch {
	case err != nil:
		return err
	case before > 0 || st.in.ended && !st.reliable:
		return violation(wire.CloseProtocol, "stream %d ends twice, or before its last byte", st.ID)
	case st.in.ended:
		return nil // sent again after a move
	}
	st.in.ended = true
	st.changed.Broadcast()
	if st.reliable {
		st.giveCredit(true) // tells that the end has arrived
	}
	st.forgetIfOver()
	return nil
}
