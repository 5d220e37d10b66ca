package session

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"impero/core/wire"
)

// ErrStreamEnded says that Write came after CloseWrite.
var ErrStreamEnded = errors.New("this direction of the stream is closed")

// leastPiece is up to which size data goes out in one piece.
const leastPiece = 4 << 10

// Stream is a byte stream in both directions inside a session. Read and Write may run side by side, each from one
// goroutine. A stream of any kind but wire.KindScreen outlives a lost connection: neither notices.
//
// Memory: at most the window (64 KiB at first, 8 MiB at most, about 1.25 times what the path holds) on the reading side,
// and for what outlives a connection as much again on the writing side.
type Stream struct {
	ID        uint32
	Kind      wire.StreamKind
	Parameter []byte // of the StreamOpen, for streams the other side opened

	s        *Session
	ch       wire.Channel
	mine     bool // this side opened it
	reliable bool // it outlives its connection

	// All guarded by s.mu.
	changed  sync.Cond
	answered bool // accepted, by either side
	err      error
	out      sending
	in       receiving
}

// sending is the direction away from this side.
type sending struct {
	pending []byte // what Write still has to send
	kept    fifo   // of a reliable stream: the bytes from acked on that were sent once
	acked   uint64 // how many the other side has
	next    uint64 // number of the next byte to send; less than highest where it is sent again
	limit   uint64 // the other side takes the bytes below
	wanted  bool   // CloseWrite was called
	ended   bool   // the StreamEnd is sent, and on its way or arrived
	done    bool   // it arrived
}

// highest is the number of bytes that were sent at least once.
func (o *sending) highest() uint64 { return max(o.next, o.acked+uint64(o.kept.len())) }

// receiving is the direction to this side.
type receiving struct {
	arrived fifo   // not yet taken by Read
	got     uint64 // bytes that arrived
	told    uint64 // the other side was told of
	limit   uint64 // that the other side was given
	window  window
	asked   uint64 // got when a round trip was asked for last
	ended   bool
}

// count is how much has arrived, the end counted as a byte.
func (r *receiving) count() uint64 {
	if r.ended {
		return r.got + 1
	}
	return r.got
}

// newStream makes a stream known; mu is held.
func (s *Session) newStream(id uint32, kind wire.StreamKind, mine bool) *Stream {
	st := &Stream{ID: id, Kind: kind, s: s, ch: kind.Channel(), mine: mine, reliable: kind != wire.KindScreen}
	st.in.limit = firstWindow
	st.changed.L = &s.mu
	s.streams[id] = st
	s.order = append(s.order, st)
	return st
}

// Open opens a stream and waits for the other side's answer. A refusal is a *wire.Closed.
func (s *Session) Open(ctx context.Context, kind wire.StreamKind, parameter []byte) (*Stream, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	st := s.newStream(s.nextID, kind, true)
	s.nextID += 2
	if err := s.send(wire.ChannelControl, st.ID, &wire.StreamOpen{Kind: kind, Credit: firstWindow, Parameter: parameter}); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { st.Reset(wire.CloseDone, "") })
	defer stop()
	for !st.answered && st.err == nil {
		st.changed.Wait()
	}
	if st.err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, st.err
	}
	return st, nil
}

// Accept takes a stream that the other side opened.
func (st *Stream) Accept() error {
	st.s.mu.Lock()
	defer st.s.mu.Unlock()
	if st.err != nil || st.answered {
		return st.err
	}
	st.answered = true
	return st.s.send(wire.ChannelControl, st.ID, &wire.StreamAccept{Credit: firstWindow})
}

// Err says why the stream ended before its time, or nil. It is a *wire.Closed if either side reset it, with wire.CloseLost
// if it ended with its connection, on whichever side that was noticed first.
func (st *Stream) Err() error {
	st.s.mu.Lock()
	defer st.s.mu.Unlock()
	return st.err
}

// Reset ends the stream in both directions at once, or refuses it.
func (st *Stream) Reset(code wire.CloseCode, detail string) {
	st.s.mu.Lock()
	defer st.s.mu.Unlock()
	st.reset(code, detail)
}

// reset is Reset with mu held. It says whether the stream was still open.
func (st *Stream) reset(code wire.CloseCode, detail string) bool {
	if st.err != nil {
		return false
	}
	st.fail(&wire.Closed{Code: code, Detail: detail})
	delete(st.s.streams, st.ID)
	st.s.send(wire.ChannelControl, st.ID, &wire.StreamReset{Code: code, Detail: clip(detail, wire.MaxDetail)})
	return true
}

// Write sends p, waiting for credit. It returns when all of p was sent once; a reliable stream sends it again where that
// was in vain.
func (st *Stream) Write(p []byte) (int, error) {
	st.s.mu.Lock()
	defer st.s.mu.Unlock()
	if st.out.wanted {
		return 0, ErrStreamEnded
	}
	st.out.pending = p
	for len(st.out.pending) > 0 && st.err == nil {
		st.s.signal()
		st.changed.Wait()
	}
	n := len(p) - len(st.out.pending)
	st.out.pending = nil
	if st.err != nil {
		return n, st.err
	}
	return n, nil
}

// CloseWrite ends this direction; the other side's Read gives io.EOF after the last byte.
func (st *Stream) CloseWrite() {
	st.s.mu.Lock()
	defer st.s.mu.Unlock()
	st.out.wanted = true
	st.s.signal()
}

// Read takes what has arrived, waiting for at least a byte. io.EOF is the other side's CloseWrite.
func (st *Stream) Read(p []byte) (int, error) {
	st.s.mu.Lock()
	defer st.s.mu.Unlock()
	in := &st.in
	for in.arrived.len() == 0 && !in.ended && st.err == nil {
		st.changed.Wait()
	}
	if in.arrived.len() == 0 {
		if st.err != nil {
			return 0, st.err
		}
		return 0, io.EOF
	}
	n := copy(p, in.arrived.from(0))
	in.arrived.drop(n)
	st.giveCredit(false)
	return n, nil
}

// Waiting is how many bytes have arrived that Read has not taken.
func (st *Stream) Waiting() int {
	st.s.mu.Lock()
	defer st.s.mu.Unlock()
	return st.in.arrived.len()
}

// giveCredit tells the other side what has arrived and how much may come, if that is worth a message. mu is held.
func (st *Stream) giveCredit(now bool) {
	in := &st.in
	taken := in.got - uint64(in.arrived.len())
	limit := max(in.limit, taken+uint64(in.window.bytes()))
	limit = min(limit, in.got+wire.MaxCredit)
	worth := uint64(in.window.bytes() / 8)
	if st.err != nil || !now && limit-in.limit < worth && in.count()-in.told < worth {
		return
	}
	if in.ended && in.told == in.count() {
		return // nothing more comes, and that is known
	}
	in.limit, in.told = limit, in.count()
	st.s.send(wire.ChannelControl, st.ID, &wire.StreamCredit{Received: in.told, Limit: limit})
}

// fail ends the stream with err for whoever waits; mu is held.
func (st *Stream) fail(err error) {
	if st.err == nil {
		st.err = err
		st.s.order = slices.DeleteFunc(st.s.order, func(o *Stream) bool { return o == st })
		st.changed.Broadcast()
	}
}

// forgetIfOver drops a stream that both sides ended, and that nothing needs again; mu is held.
func (st *Stream) forgetIfOver() {
	if !st.in.ended || !st.out.ended || st.reliable && !st.out.done {
		return
	}
	delete(st.s.streams, st.ID)
	st.s.order = slices.DeleteFunc(st.s.order, func(o *Stream) bool { return o == st })
}

// sendable says whether there is something to send that the other side takes; mu is held.
func (st *Stream) sendable() bool {
	o := &st.out
	unsent := o.next < o.highest() || len(o.pending) > 0
	return st.answered && (unsent && o.next < o.limit || !unsent && o.wanted && !o.ended)
}

// take appends one frame of data, or the end, to buf of at most limit bytes; mu is held and the stream is sendable.
func (st *Stream) take(buf []byte, limit int) []byte {
	o := &st.out
	// A record counts once it has arrived whole: one as long as the window would stop the stream for a round trip.
	piece := max(leastPiece, int(o.limit-min(o.limit, o.acked))/8)
	room := min(limit-len(buf)-wire.FrameHeaderLen-4, piece, int(o.limit-min(o.limit, o.next)))
	if o.next < o.highest() { // sent before, and lost
		again := o.kept.from(int(o.next - o.acked))
		again = again[:min(len(again), room)]
		buf = wire.AppendMessage(buf, st.ID, &wire.StreamData{Offset: uint32(o.next), Data: again})
		o.next += uint64(len(again))
		return buf
	}
	if len(o.pending) == 0 {
		o.ended = true
		buf = wire.AppendMessage(buf, st.ID, &wire.StreamEnd{Offset: uint32(o.next)})
		st.forgetIfOver()
		return buf
	}
	data := o.pending[:min(len(o.pending), room)]
	buf = wire.AppendMessage(buf, st.ID, &wire.StreamData{Offset: uint32(o.next), Data: data})
	if st.reliable {
		o.kept.add(data)
	}
	o.next += uint64(len(data))
	if o.pending = o.pending[len(data):]; len(o.pending) == 0 {
		st.changed.Broadcast()
	}
	return buf
}

// rewind has a reliable stream sent again from the first byte that the other side is not known to have; mu is held.
func (st *Stream) rewind() {
	if o := &st.out; st.reliable && !o.done {
		o.next, o.ended = o.acked, false
	}
}
