package session

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"impero/core/wire"
)

// Window is how many bytes a reader of a stream keeps at most: the credit given and not yet used.
const Window = 2 << 20

// ErrStreamEnded says that Write came after CloseWrite.
var ErrStreamEnded = errors.New("this direction of the stream is closed")

// Stream is a byte stream in both directions inside a session. Read and Write may run side by side, each from one goroutine.
type Stream struct {
	ID        uint32
	Kind      wire.StreamKind
	Parameter []byte // of the StreamOpen, for streams the other side opened

	s  *Session
	ch wire.Channel

	// All guarded by s.mu.
	changed    sync.Cond
	answered   bool   // accepted, by either side
	pending    []byte // what Write still has to send
	sendCredit int
	endWanted  bool
	endSent    bool
	received   []byte // what arrived, from head on not yet taken by Read
	head       int
	recvCredit int // bytes the other side may still send
	taken      int // read since credit was last given back
	endSeen    bool
	err        error
}

// newStream makes a stream known; mu is held.
func (s *Session) newStream(id uint32, kind wire.StreamKind) *Stream {
	st := &Stream{ID: id, Kind: kind, s: s, ch: kind.Channel(), recvCredit: Window}
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
	st := s.newStream(s.nextID, kind)
	s.nextID += 2
	if err := s.send(wire.ChannelControl, st.ID, &wire.StreamOpen{Kind: kind, Credit: Window, Parameter: parameter}); err != nil {
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
	return st.s.send(wire.ChannelControl, st.ID, &wire.StreamAccept{Credit: Window})
}

// Reset ends the stream in both directions at once, or refuses it.
func (st *Stream) Reset(code wire.CloseCode, detail string) {
	st.s.mu.Lock()
	defer st.s.mu.Unlock()
	if st.err != nil {
		return
	}
	st.fail(&wire.Closed{Code: code, Detail: detail})
	delete(st.s.streams, st.ID)
	st.s.send(wire.ChannelControl, st.ID, &wire.StreamReset{Code: code, Detail: clip(detail, wire.MaxDetail)})
}

// Write sends p, waiting for credit. It returns when all of p is in records.
func (st *Stream) Write(p []byte) (int, error) {
	st.s.mu.Lock()
	defer st.s.mu.Unlock()
	if st.endWanted {
		return 0, ErrStreamEnded
	}
	st.pending = p
	for len(st.pending) > 0 && st.err == nil {
		st.s.signal()
		st.changed.Wait()
	}
	n := len(p) - len(st.pending)
	st.pending = nil
	if st.err != nil {
		return n, st.err
	}
	return n, nil
}

// CloseWrite ends this direction; the other side's Read gives io.EOF after the last byte.
func (st *Stream) CloseWrite() {
	st.s.mu.Lock()
	defer st.s.mu.Unlock()
	st.endWanted = true
	st.s.signal()
}

// Read takes what has arrived, waiting for at least a byte. io.EOF is the other side's CloseWrite.
func (st *Stream) Read(p []byte) (int, error) {
	st.s.mu.Lock()
	defer st.s.mu.Unlock()
	for st.head == len(st.received) && !st.endSeen && st.err == nil {
		st.changed.Wait()
	}
	if st.head == len(st.received) {
		if st.err != nil {
			return 0, st.err
		}
		return 0, io.EOF
	}
	n := copy(p, st.received[st.head:])
	if st.head += n; st.head == len(st.received) {
		st.received, st.head = st.received[:0], 0
	}
	if st.taken += n; st.taken >= Window/4 && st.err == nil && !st.endSeen {
		st.recvCredit += st.taken
		st.s.send(wire.ChannelControl, st.ID, &wire.StreamCredit{Add: uint32(st.taken)})
		st.taken = 0
	}
	return n, nil
}

// The methods below are called with s.mu held.

func (st *Stream) fail(err error) {
	if st.err == nil {
		st.err = err
		st.s.order = slices.DeleteFunc(st.s.order, func(o *Stream) bool { return o == st })
		st.changed.Broadcast()
	}
}

func (st *Stream) accepted(m *wire.StreamAccept) error {
	if st.answered || st.ID%2 != st.s.nextID%2 {
		return violation(wire.CloseProtocol, "stream %d accepted twice, or by the side that opened it", st.ID)
	}
	st.answered = true
	st.sendCredit += int(m.Credit)
	st.changed.Broadcast()
	return nil
}

func (st *Stream) credited(n int) error {
	if st.sendCredit += n; st.sendCredit > wire.MaxCredit {
		return violation(wire.CloseLimit, "credit of stream %d grew to %d bytes", st.ID, st.sendCredit)
	}
	st.s.signal()
	return nil
}

// mayReceive says whether the other side has credit: StreamOpen gives it to the one that accepts, whose data may overtake
// its StreamAccept on another channel; the one that opens has none before StreamAccept.
func (st *Stream) mayReceive() bool { return st.answered || st.ID%2 == st.s.nextID%2 }

func (st *Stream) receive(ch wire.Channel, data []byte) error {
	switch {
	case ch != st.ch || st.endSeen || !st.mayReceive():
		return violation(wire.CloseProtocol, "data of stream %d on the %s channel, after its end, or before it was accepted", st.ID, ch)
	case len(data) > st.recvCredit:
		return violation(wire.CloseLimit, "stream %d sent %d bytes with %d of credit", st.ID, len(data), st.recvCredit)
	}
	st.recvCredit -= len(data)
	if st.head > 0 && len(st.received)+len(data) > cap(st.received) {
		st.received = st.received[:copy(st.received, st.received[st.head:])] // move up before growing
		st.head = 0
	}
	st.received = append(st.received, data...)
	st.changed.Broadcast()
	return nil
}

func (st *Stream) ended(ch wire.Channel) error {
	if ch != st.ch || st.endSeen || !st.mayReceive() {
		return violation(wire.CloseProtocol, "end of stream %d on the %s channel, twice, or before it was accepted", st.ID, ch)
	}
	st.endSeen = true
	st.changed.Broadcast()
	st.forgetIfOver()
	return nil
}

func (st *Stream) forgetIfOver() {
	if st.endSeen && st.endSent {
		delete(st.s.streams, st.ID)
		st.s.order = slices.DeleteFunc(st.s.order, func(o *Stream) bool { return o == st })
	}
}

func (st *Stream) sendable() bool {
	return st.answered && (len(st.pending) > 0 && st.sendCredit > 0 || len(st.pending) == 0 && st.endWanted && !st.endSent)
}

// takeData appends one frame of data, or the end, to buf of at most limit bytes.
func (st *Stream) takeData(buf []byte, limit int) []byte {
	if len(st.pending) == 0 {
		st.endSent = true
		st.forgetIfOver()
		return wire.AppendMessage(buf, st.ID, &wire.StreamEnd{})
	}
	n := min(len(st.pending), st.sendCredit, limit-len(buf)-wire.FrameHeaderLen)
	buf = wire.AppendMessage(buf, st.ID, &wire.StreamData{Data: st.pending[:n]})
	st.pending = st.pending[n:]
	st.sendCredit -= n
	if len(st.pending) == 0 {
		st.changed.Broadcast()
	}
	return buf
}
