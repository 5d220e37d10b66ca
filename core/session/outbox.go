package session

import (
	"time"

	"impero/core/wire"
)

// Limits of numbered messages, PROTOCOL.md §10.2.
const (
	// maxKept bounds those that wait to be sent or to be told arrived: about 1 MiB a channel. They pile up only while
	// nothing moves, and then the session is lost soon.
	maxKept = wire.MaxSkip
	// tellEvery is after how many that arrived the other side is told, so that it need not keep them.
	tellEvery = 64
	// inputAge is the oldest input that is sent again after a loss: older, and the person means it no more.
	inputAge = 10 * time.Second
)

// outgoing is a message on its way.
type outgoing struct {
	stream uint32
	m      wire.Message
	at     time.Time
}

// outbox holds one channel's numbered messages from their Send until the other side says that they arrived.
type outbox struct {
	kept  []outgoing
	first uint64 // number of kept[0]
	next  int    // kept[next] is the first that the connection has not carried
	skip  uint32 // as many go before it, as one Skip
}

// add puts o last, and says whether there was room. Of pointer positions that wait only the newest stays.
func (b *outbox) add(o outgoing) bool {
	if p, ok := o.m.(*wire.Pointer); ok && len(b.kept) > b.next {
		last := &b.kept[len(b.kept)-1]
		if q, ok := last.m.(*wire.Pointer); ok && last.stream == o.stream && q.Layout == p.Layout {
			*last = o
			return true
		}
	}
	if len(b.kept) >= maxKept {
		return false
	}
	b.kept = append(b.kept, o)
	return true
}

// fill appends frames of what waits to buf, up to limit bytes in all.
func (b *outbox) fill(buf []byte, limit int) []byte {
	if b.skip > 0 {
		buf = wire.AppendMessage(buf, 0, &wire.Skip{Count: b.skip})
		b.skip = 0
	}
	for b.next < len(b.kept) {
		at, o := len(buf), b.kept[b.next]
		if buf = wire.AppendMessage(buf, o.stream, o.m); len(buf) > limit {
			return buf[:at] // no message is longer than a record, so the next record takes it
		}
		b.next++
	}
	return buf
}

// arrived drops the messages up to number n.
func (b *outbox) arrived(n uint64) error {
	if n < b.first-1 || n-(b.first-1) > uint64(b.next) {
		return violation(wire.CloseProtocol, "message %d arrived, of %d to %d", n, b.first-1, b.first-1+uint64(b.next))
	}
	done := int(n - (b.first - 1))
	clear(b.kept[:done])
	b.kept, b.first, b.next = b.kept[done:], b.first+uint64(done), max(0, b.next-done)
	if len(b.kept) == 0 {
		b.kept = nil // let go of an array that grew
	}
	return nil
}

// again begins anew on another connection, which got the messages up to number n before. Those sent before since are
// skipped.
func (b *outbox) again(n uint64, since time.Time) error {
	if err := b.arrived(n); err != nil {
		return err
	}
	b.next, b.skip = 0, 0
	for b.next < len(b.kept) && b.kept[b.next].at.Before(since) {
		b.next++
	}
	b.skip = uint32(b.next)
	return nil
}
