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
	// roundAtMost ends a round that is slower than its window, so that a path which became slow is noticed.
	roundAtMost = 250 * time.Millisecond
)

// window decides how much of a stream may be on the way to its reader: about 1.25 × the rate at which it arrives × the
// least round trip, so that little waits in queues between (the idea of BBR: Cardwell et al., "BBR: Congestion-Based Congestion Control", 2016). It grows by
// doubling while that makes the stream faster, and falls within four rounds. The zero value is ready.
type window struct {
	size    int
	settled bool // doubling has stopped
	stalls  int  // rounds of doubling that gained nothing
	gains   int  // rounds after settling that were clearly faster
	rates   [4]float64
	n       int // rounds

	from  uint64 // received when the round began
	since time.Time
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
	if got < uint64(w.bytes()) && took < roundAtMost+2*shortest {
		return
	}
	w.from, w.since = total, now
	if took <= 0 {
		took = time.Microsecond
	}
	w.round(float64(got)/took.Seconds(), shortest)
}

// round adapts to the rate of one round, in bytes a second.
func (w *window) round(rate float64, shortest time.Duration) {
	before := w.best()
	w.rates[w.n%len(w.rates)] = rate
	w.n++
	switch {
	case !w.settled && rate >= 1.2*before:
		w.size, w.stalls = w.clamp(2*w.bytes()), 0
		return
	case !w.settled:
		if w.stalls++; w.stalls < 3 {
			return
		}
		w.settled = true
	case rate >= 1.15*before:
		if w.gains++; w.gains >= 2 { // there is more: double again
			w.settled, w.stalls, w.gains = false, 0, 0
		}
	default:
		w.gains = 0
	}
	path := 1.25*shortest.Seconds() + slack.Seconds()
	w.size = w.clamp(int(w.best() * path))
}

func (w *window) best() float64 {
	best := 0.0
	for _, r := range w.rates {
		best = max(best, r)
	}
	return best
}

func (w *window) clamp(n int) int { return max(leastWindow, min(n, mostWindow)) }
