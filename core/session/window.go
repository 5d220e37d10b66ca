package session

import "time"

// Sizes of a window, in bytes.
const (
	firstWindow = 64 << 10
	leastWindow = 16 << 10
	mostWindow  = 8 << 20 // wire.MaxCredit
)

// Times of a window.
const (
	// slack is what a machine may take to answer, on top of the path: without it a fast path with a busy reader stands still.
	slack = 4 * time.Millisecond
	// queueTime is how much longer than the path's own a round trip may take, at least: what a person does not feel.
	queueTime = 10 * time.Millisecond
	// roundAtMost ends a round that is slower than its window, so that a path which became slow is noticed.
	roundAtMost = 250 * time.Millisecond
)

// window decides how much of a stream may be on the way to its reader: as much as the path holds, about 1.25 × the rate
// at which it arrives × the least round trip, and little more, since what is more waits in queues before everything else
// of this path, keys among it.
//
// It is steered by the round trips of the connection that carries input. While they are short and the stream uses its
// window, the window grows, by doubling at first; when they grow it falls, but not below what the rate needs. If that does
// not help, somebody else fills the queues, and trips takes the longer round trip for the path's own. (Both ideas are
// those of LEDBAT, RFC 6817, and BBR.)
//
// The zero value is ready.
type window struct {
	size    int
	settled bool // the queue was seen to fill: doubling is over

	from  uint64 // received when the round began
	since time.Time
	got   [3]uint64 // of the last rounds
	took  [3]time.Duration
	n     int
}

func (w *window) bytes() int {
	if w.size == 0 {
		return firstWindow
	}
	return w.size
}

// arrived is told how many bytes have arrived in all.
func (w *window) arrived(total uint64, now time.Time, shortest time.Duration) {
	if w.since.IsZero() {
		w.from, w.since = total, now
		return
	}
	took, got := now.Sub(w.since), total-w.from
	if took < max(shortest, slack) || got < uint64(w.bytes()) && took < roundAtMost+2*shortest {
		return
	}
	w.from, w.since = total, now
	w.got[w.n%len(w.got)], w.took[w.n%len(w.took)] = got, took
	w.n++
}

// rate is how fast the stream arrived in the last rounds, in bytes a second.
func (w *window) rate() float64 {
	got, took := uint64(0), time.Duration(0)
	for i := range w.got {
		got, took = got+w.got[i], took+w.took[i]
	}
	if took == 0 {
		return 0
	}
	return float64(got) / took.Seconds()
}

// trip adapts to a round trip on the connection that carries input.
func (w *window) trip(took, shortest time.Duration) {
	rate := w.rate()
	allowed := shortest + max(queueTime, shortest/4)
	size := float64(w.bytes())
	switch used := rate * took.Seconds(); {
	case took > allowed:
		w.settled = true
		size = max(size*max(0.5, allowed.Seconds()/took.Seconds()), rate*(shortest+slack).Seconds())
	case used < size/2: // its writer has no more to send
	case !w.settled:
		size *= 2
	default:
		size *= 1.1
	}
	w.size = max(leastWindow, min(int(size), mostWindow))
}
