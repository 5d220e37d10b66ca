package x11

import (
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// Event is an event's first 32 bytes; what a generic event has beyond them is dropped.
type Event [32]byte

// Code is the event's number, without the mark of events that a client sent.
func (e *Event) Code() byte { return e[0] & 127 }

// U16 and U32 read a number at byte i.
func (e *Event) U16(i int) uint16 { return order.Uint16(e[i:]) }

// U32 reads a number at byte i.
func (e *Event) U32(i int) uint32 { return order.Uint32(e[i:]) }

// GenericEvent is the number of events whose extension stands in byte 1 and whose type in bytes 8 and 9.
const GenericEvent = 35

// Pair packs two 16-bit numbers, low first, as requests want them in one word.
func Pair(a, b int) uint32 { return uint32(uint16(a)) | uint32(uint16(b))<<16 }

// Send puts a request of 32-bit words into the buffer and gives its number for Reply. Flush, Call, Reply and Check send it.
// Several requests with replies may be sent before the first Reply, a few at a time.
func (c *Conn) Send(op, data byte, words ...uint32) uint64 {
	c.head(op, data, 1+len(words))
	for _, w := range words {
		c.out = order.AppendUint32(c.out, w)
	}
	return c.seq
}

// SendBytes is Send with the body as bytes; it pads them to a multiple of four.
func (c *Conn) SendBytes(op, data byte, body []byte) uint64 {
	c.head(op, data, 1+pad4(len(body))/4)
	c.out = append(c.out, body...)
	for range pad4(len(body)) - len(body) {
		c.out = append(c.out, 0)
	}
	return c.seq
}

func (c *Conn) head(op, data byte, words int) {
	if c.seq-c.replied >= syncEvery && op != opGetInputFocus {
		c.replied = c.seq // the sync below sets it again; this keeps it from calling itself
		c.sync()
	}
	c.out = append(c.out, op, data, byte(words), byte(words>>8))
	c.seq++
}

// Flush writes what is in the buffer.
func (c *Conn) Flush() error {
	if c.lost != nil {
		return c.lost
	}
	if len(c.out) == 0 {
		return nil
	}
	c.nc.SetWriteDeadline(time.Now().Add(replyTimeout))
	_, err := c.nc.Write(c.out)
	c.out = c.out[:0]
	if err != nil {
		return c.lose(err)
	}
	return nil
}

// Call sends a request and waits for its reply, which is valid until the next call on c.
// A refusal by the server is an *Error; a server that is gone, or silent for ten seconds, is ErrLost.
func (c *Conn) Call(op, data byte, words ...uint32) ([]byte, error) {
	return c.Reply(c.Send(op, data, words...))
}

// Reply waits for the reply to request seq. Replies must be asked for in the order of their requests.
func (c *Conn) Reply(seq uint64) ([]byte, error) {
	if err := c.Flush(); err != nil {
		return nil, err
	}
	deadline := time.Now().Add(replyTimeout)
	for {
		m, err := c.message(deadline, false)
		if err != nil {
			return nil, err
		}
		if m == nil {
			return nil, c.lose(fmt.Errorf("no answer for %v", replyTimeout))
		}
		switch {
		case m[0] == 1:
			c.replied = seq
			if order.Uint16(m[2:]) != uint16(seq) {
				return nil, c.lose(errors.New("answers out of order"))
			}
			return m, nil
		case m[0] == 0 && order.Uint16(m[2:]) == uint16(seq):
			c.replied = seq
			return nil, parseError(m)
		}
		if err := c.queue(m); err != nil {
			return nil, err
		}
	}
}

const opGetInputFocus = 43

// Check sends a request that has no reply and waits until the server did it; a refusal is an *Error.
func (c *Conn) Check(op, data byte, words ...uint32) error {
	return c.Done(c.Send(op, data, words...))
}

// Done waits until the server did request seq, which has no reply and must be the last one sent.
func (c *Conn) Done(seq uint64) error {
	var refused error
	err := c.syncing(func(m []byte) {
		if order.Uint16(m[2:]) == uint16(seq) {
			refused = parseError(m)
		}
	})
	if err != nil {
		return err
	}
	return refused
}

// sync makes a round trip; a failure shows in the next call.
func (c *Conn) sync() { _ = c.syncing(func([]byte) {}) }

// syncing makes a round trip and shows the errors met on the way.
func (c *Conn) syncing(refusal func(m []byte)) error {
	seq := c.Send(opGetInputFocus, 0)
	if err := c.Flush(); err != nil {
		return err
	}
	deadline := time.Now().Add(replyTimeout)
	for {
		m, err := c.message(deadline, false)
		switch {
		case err != nil:
			return err
		case m == nil:
			return c.lose(fmt.Errorf("no answer for %v", replyTimeout))
		case m[0] == 1:
			c.replied = seq
			return nil
		case m[0] == 0:
			refusal(m)
		default:
			if err := c.queue(m); err != nil {
				return err
			}
		}
	}
}

func parseError(m []byte) *Error {
	return &Error{Code: m[1], Major: m[10], Minor: order.Uint16(m[8:]), Bad: order.Uint32(m[4:])}
}

// queue keeps an event for Event. Errors of requests nobody waits for are dropped: the caller used Send, not Check.
func (c *Conn) queue(m []byte) error {
	if m[0] <= 1 {
		return nil
	}
	if len(c.events)-c.taken >= maxQueued {
		return c.lose(fmt.Errorf("more than %d events wait", maxQueued))
	}
	c.events = append(c.events, Event(m[:32]))
	return nil
}

// Queued gives the oldest event that has been read already, without waiting.
func (c *Conn) Queued() (Event, bool) {
	if c.taken == len(c.events) {
		c.events, c.taken = c.events[:0], 0
		return Event{}, false
	}
	c.taken++
	return c.events[c.taken-1], true
}

// Event waits for an event until deadline (the zero time waits for ever); false says that the time is over.
// Interrupt makes it return ErrInterrupted.
func (c *Conn) Event(deadline time.Time) (Event, bool, error) {
	if err := c.Flush(); err != nil {
		return Event{}, false, err
	}
	for {
		if e, ok := c.Queued(); ok {
			return e, true, nil
		}
		if c.lost != nil {
			return Event{}, false, c.lost
		}
		if c.interrupted.Load() {
			return Event{}, false, ErrInterrupted
		}
		m, err := c.message(deadline, true)
		if err != nil {
			return Event{}, false, err
		}
		if m == nil {
			if c.interrupted.Load() {
				return Event{}, false, ErrInterrupted
			}
			if !deadline.IsZero() && !time.Now().Before(deadline) {
				return Event{}, false, nil
			}
			continue // a late Interrupt that Resume took back
		}
		if err := c.queue(m); err != nil {
			return Event{}, false, err
		}
	}
}

// Interrupt makes a running or coming Event return ErrInterrupted, until Resume. Any goroutine may call it.
func (c *Conn) Interrupt() {
	c.interrupted.Store(true)
	c.nc.SetReadDeadline(time.Unix(1, 0))
}

// Resume ends the effect of Interrupt.
func (c *Conn) Resume() { c.interrupted.Store(false) }

// message reads one message of any kind, valid until the next call; nil says that deadline passed or, if the caller
// waits for an event, that Interrupt was called.
func (c *Conn) message(deadline time.Time, waits bool) ([]byte, error) {
	if c.lost != nil {
		return nil, c.lost
	}
	for {
		m, need, err := c.whole()
		if m != nil || err != nil {
			return m, err
		}
		err = c.fill(need, deadline, waits)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			if waits && c.interrupted.Load() || !deadline.IsZero() && !time.Now().Before(deadline) {
				return nil, nil
			}
			continue // an Interrupt that does not concern this call
		}
		if err != nil {
			return nil, c.lose(err)
		}
	}
}

// whole takes a message that has been read; nil says that there is none, and how many bytes the next one needs in all.
func (c *Conn) whole() (m []byte, need int, err error) {
	have := c.w - c.r
	if have < 32 {
		return nil, 32, nil
	}
	need, m = 32, c.in[c.r:c.w]
	if k := m[0] & 127; k == 1 || k == GenericEvent {
		n := uint64(order.Uint32(m[4:])) * 4
		if n > maxMessage {
			return nil, 0, c.lose(fmt.Errorf("message of %d bytes", n))
		}
		need += int(n)
	}
	if have < need {
		return nil, need, nil
	}
	c.r += need
	return m[:need:need], need, nil
}

// makeRoom has the buffer take a message of need bytes.
func (c *Conn) makeRoom(need int) {
	if c.r == c.w {
		c.r, c.w = 0, 0
	}
	if c.r+need > len(c.in) {
		to := c.in
		if need > len(c.in) {
			to = make([]byte, need+4096)
		}
		c.w = copy(to, c.in[c.r:c.w])
		c.in, c.r = to, 0
	}
}

// fill reads more, making room for a message of need bytes first.
func (c *Conn) fill(need int, deadline time.Time, waits bool) error {
	c.makeRoom(need)
	c.nc.SetReadDeadline(deadline)
	if waits && c.interrupted.Load() { // after the deadline is set: a later Interrupt sets its own
		return os.ErrDeadlineExceeded
	}
	n, err := c.nc.Read(c.in[c.w:])
	c.w += n
	if n > 0 {
		return nil
	}
	return err
}

// lose marks the connection as gone and gives the error that says so.
func (c *Conn) lose(err error) error {
	if c.lost == nil {
		if errors.Is(err, net.ErrClosed) {
			err = errors.New("closed")
		}
		c.lost = fmt.Errorf("%w: %v", ErrLost, err)
		c.nc.Close()
	}
	return c.lost
}
