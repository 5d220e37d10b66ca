package screen

import (
	"slices"
	"time"

	"impero/core/wire"
)

const (
	leastSpan    = 500 * time.Millisecond // the least round trip is that of the last leastSpans of these
	leastSpans   = 4
	drainEvery   = 2 * time.Second // so often at least nothing is on the way, which shows the bare round trip
	leastSample  = time.Millisecond
	smallSample  = 4 << 10                // fewer bytes say little about what the way carries, …
	longSample   = 20 * time.Millisecond  // … unless they took so long
	largeSample  = 16 << 10               // of so many, half of that is long
	longQueue    = 200 * time.Millisecond // after so long what waited is counted anew
	spareWindow  = 30 * time.Millisecond  // what may be on the way beyond one round trip
	leastWindow  = 4 << 10
	mostWindow   = 16 << 20 // what a viewer that stops reading can hold up
	leastRate    = 1 << 10  // bytes a second
	fastSpan     = 750 * time.Millisecond
	fastSpans    = 4
	idleShare    = 0.75 // of what fills the way may be on it when a refresh goes
	shiftedTrips = 3    // small updates in a row whose round trip says that the way is another one
	smallUpdate  = 1500
)

// link learns from acknowledgements what the way to a viewer carries: how many bytes a second, the least round trip, and
// from both how much may be on the way. An acknowledgement comes when the viewer has painted, so its work counts too.
// The model is that of BBR (Cardwell et al., 2017), with updates for packets. The zero value is a way not known yet.
type link struct {
	flights []flight
	bytes   int     // on the way
	mending int     // of them, those of refreshes
	rate    float64 // bytes a second that get through; 0: not known yet
	full    bool    // something had to wait on the way: the rate is what it carries, not only what was tried
	least   [leastSpans]time.Duration
	span    time.Time          // when the first of least began
	acked   time.Time          // the last acknowledgement came
	empty   time.Time          // when nothing was on the way last
	fast    [fastSpans]float64 // the most that the system delivered, bytes a second, in each of the last fastSpans spans; 0: not known
	begun   time.Time          // the last of these began
	queue   time.Time          // since then everything had to wait …
	queued  int                // … and so many bytes came; 0: nothing had to
	drain   bool               // nothing more until nothing is on the way
	shifted int                // small updates in a row that took longer than the least round trip can explain
	trip    time.Duration      // the least of theirs
	hungry  bool               // more was wanted than the way was taken to carry
	bound   float64            // bytes a second that the user allows; 0: any
	next    time.Time          // by the bound, the next update is due
}

type flight struct {
	seq     uint32
	n       int
	at      time.Time
	refresh bool
}

// sent notes an update of n bytes.
func (l *link) sent(seq uint32, n int, refresh bool, now time.Time) {
	if len(l.flights) == 0 {
		l.empty = now
	}
	l.flights = append(l.flights, flight{seq, n, now, refresh})
	l.bytes += n
	if refresh {
		l.mending += n
	}
	if l.bound > 0 {
		if l.next.Before(now) {
			l.next = now
		}
		l.next = l.next.Add(time.Duration(float64(n) / l.bound * float64(time.Second)))
	}
}

// ack notes that the viewer has every update up to seq.
func (l *link) ack(seq uint32, now time.Time) {
	n, k := 0, 0
	for ; k < len(l.flights) && l.flights[k].seq <= seq; k++ {
		n += l.flights[k].n
		if l.flights[k].refresh {
			l.mending -= l.flights[k].n
		}
	}
	if k == 0 {
		return
	}
	first, last := l.flights[0], l.flights[k-1]
	alone := len(l.flights) == 1
	l.flights = append(l.flights[:0], l.flights[k:]...)
	l.bytes -= n
	trip := now.Sub(last.at)
	if alone && n <= smallUpdate {
		l.lookForShift(trip, now)
	}
	l.sample(n, first.at, trip, now)
	l.noteTrip(trip, now)
	l.acked = now
	if len(l.flights) == 0 {
		l.empty, l.drain = now, false
	} else if now.Sub(l.empty) > drainEvery {
		l.drain = true
	}
}

// sample takes a measure of the rate from n bytes, the first of them sent at a time and the last trip ago.
//   - What had to wait behind other updates came as fast as the way carries: the time since those came is all it took.
//     A single acknowledgement may be late and the next one soon after it, so that several are taken together.
//   - What came alone took its round trip and then its bytes; that they took long shows that the way carries less.
//   - If it came in time although more was wanted, the way may carry more: that is tried.
func (l *link) sample(n int, sent time.Time, trip time.Duration, now time.Time) {
	least := min(l.trips(), trip)
	alone := max(trip-least, leastSample)
	switch {
	case l.rate == 0:
		l.rate = float64(n) / max(trip, leastSample).Seconds()
		if n < smallSample && trip < 5*longSample { // it says nothing but that the way is not a very slow one
			l.rate = max(l.rate, firstRate)
		}
	case l.acked.After(sent.Add(least)):
		l.waited(n, now)
	default:
		l.queued = 0
		switch late := alone - time.Duration(float64(n)/l.rate*float64(time.Second)); {
		case late > longSample, late > longSample/2 && n >= largeSample:
			l.learn(min(l.rate, float64(n)/alone.Seconds()))
		case l.hungry && late < longSample/2:
			more := min(1, float64(n)/float64(l.window()))
			if l.full {
				more /= 2
			}
			l.rate *= 1 + more
		}
	}
	l.rate = max(l.rate, float64(n)/max(trip, leastSample).Seconds()/2, leastRate)
	l.hungry = false
}

// waited takes a measure of n bytes that came right after others.
func (l *link) waited(n int, now time.Time) {
	if l.queued == 0 {
		l.queue = l.acked
	}
	l.queued += n
	took := now.Sub(l.queue)
	if took >= longSample {
		l.learn(float64(l.queued) / took.Seconds())
	}
	if took >= longQueue {
		l.queued = 0
	}
}

// learn takes a measure into the rate: half of it, but all of one that is far below.
func (l *link) learn(rate float64) {
	l.full = true
	if rate < l.rate/2 {
		l.rate = rate
	} else {
		l.rate += (rate - l.rate) / 2
	}
}

// trips is the least round trip of late; 0 if none is known.
func (l *link) trips() (least time.Duration) {
	for _, d := range l.least {
		if d > 0 && (least == 0 || d < least) {
			least = d
		}
	}
	return least
}

func (l *link) noteTrip(trip time.Duration, now time.Time) {
	trip = max(trip, 1)
	if l.span.IsZero() {
		l.span = now
	}
	for i := 0; now.Sub(l.span) >= leastSpan; i++ {
		if i == leastSpans {
			l.span = now
			break
		}
		copy(l.least[1:], l.least[:])
		l.least[0] = 0
		l.span = l.span.Add(leastSpan)
	}
	if l.least[0] == 0 || trip < l.least[0] {
		l.least[0] = trip
	}
}

// lookForShift takes the round trip of a small update that was alone on the way. Several in a row that all took much
// longer than the least one mean that the way is a longer one now: what was learnt of round trips is forgotten.
func (l *link) lookForShift(trip time.Duration, now time.Time) {
	least := l.trips()
	if least == 0 || trip < least+max(least/2, longSample) {
		l.shifted = 0
		return
	}
	if l.shifted++; l.shifted == 1 || trip < l.trip {
		l.trip = trip
	}
	if l.shifted >= shiftedTrips {
		l.least, l.span, l.shifted = [leastSpans]time.Duration{l.trip}, now, 0
	}
}

// window is how many bytes may be on the way.
func (l *link) window() int {
	return max(leastWindow, min(mostWindow, int(l.rate*(l.trips()+spareWindow).Seconds())))
}

// ready says whether an update may go: one always may, if nothing is on the way; until the first is acknowledged no other.
func (l *link) ready(now time.Time) bool {
	at, ok := l.waits()
	return ok && !now.Before(at)
}

// waits is when the user's bound lets the next update go; ok is false if an acknowledgement must come first. A refresh,
// which goes only while little is on the way, keeps no update: it may fill a window that a busy viewer has made small.
func (l *link) waits() (at time.Time, ok bool) {
	ok = len(l.flights) == 0 || !l.drain && l.rate > 0 && len(l.flights) < wire.MaxUnacknowledged && l.bytes-l.mending < l.window()
	return l.next, ok
}

// idle says whether a refresh may go: it never waits on the way, so that what happens meanwhile need not wait for it.
func (l *link) idle() bool {
	return len(l.flights) == 0 || float64(l.bytes) < l.rate*l.trips().Seconds()*idleShare
}

// patience is how long others wait for a viewer that cannot take a refresh.
const patience = 200 * time.Millisecond

// never is later than any time.
var never = time.Unix(1<<40, 0)

// behind is when a viewer that cannot take a refresh now does not keep up; never for one that can.
func (l *link) behind() time.Time {
	if _, ok := l.waits(); ok && l.idle() {
		return never
	}
	return l.flights[0].at.Add(max(patience, 2*l.trips()))
}

// noteDelivery notes what the system delivered lately.
func (l *link) noteDelivery(rate float64, now time.Time) {
	if now.Sub(l.begun) >= fastSpan {
		copy(l.fast[1:], l.fast[:])
		l.fast[0], l.begun = 0, now
	}
	l.fast[0] = max(l.fast[0], rate)
}

// wide is the most that the way may carry: more than what gets through if that is little because somebody is busy. 0: any.
func (l *link) wide() float64 {
	rate := 0.0
	if l.full {
		rate = max(l.rate, slices.Max(l.fast[:]))
	}
	if l.bound > 0 && (rate == 0 || l.bound < rate) {
		return l.bound
	}
	return rate
}

// carries is the rate to reckon with, within the bound.
func (l *link) carries() float64 {
	if l.bound > 0 && (l.rate == 0 || l.bound < l.rate) {
		return l.bound
	}
	return l.rate
}
