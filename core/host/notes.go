package host

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Periods of what is logged once a period.
const (
	refusedEvery = 10 * time.Second // of strangers
	deniedEvery  = time.Second      // of a Guest that has logged on
)

// kind is a kind of thing that may happen often. Kinds are made of constants and codes alone, so that there are few.
type kind struct {
	message string
	level   slog.Level
	of      int // tells kinds of one message apart
	free    int // how many of a period are logged each, besides the first
}

// notes log what happens often: a kind once a period, whoever causes it, and at the period's end how many there were
// besides. The rest of the Host's log has one line for something that a person, or a Guest that proved the password, did.
type notes struct {
	every time.Duration

	mu   sync.Mutex
	of   map[kind]*note
	over bool
}

// note is what is known of one kind.
type note struct {
	since time.Time // the period began
	begun bool      // one came in the period
	seen  int       // in the period, besides the first
	more  int       // that were not logged
	log   *slog.Logger
	args  []any       // of the last that was not logged
	timer *time.Timer // for the period's end; nil while nothing waits for it
}

func newNotes(every time.Duration) *notes {
	return &notes{every: every, of: map[kind]*note{}}
}

// add notes that k happened, and says whether it is the first of its period. args are not looked at before they are logged.
func (n *notes) add(log *slog.Logger, k kind, args ...any) (first bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := time.Now()
	x := n.of[k]
	if x == nil {
		x = &note{}
		n.of[k] = x
	}
	first, x.begun = !x.begun, true
	switch {
	case x.timer == nil && now.Sub(x.since) >= n.every:
		x.since, x.seen, first = now, 0, true
	case x.seen < k.free, n.over:
		x.seen++
	default:
		x.seen++
		x.more++
		x.log, x.args = log, args
		if x.timer == nil {
			x.timer = time.AfterFunc(x.since.Add(n.every).Sub(now), func() { n.end(k) })
		}
		return first
	}
	log.Log(context.Background(), k.level, k.message, args...)
	return first
}

// end tells how many of k there were besides what was logged; the next period begins.
func (n *notes) end(k kind) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.tell(k, n.of[k])
}

// tell logs what waits for the end of a period; mu is held.
func (n *notes) tell(k kind, x *note) {
	if x.timer == nil {
		return
	}
	x.timer.Stop()
	x.log.Log(context.Background(), k.level, k.message, append([]any{"more", x.more}, x.args...)...)
	*x = note{since: time.Now()}
}

// close logs what waits for the end of a period. What happens later is logged at once.
func (n *notes) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.over = true
	for k, x := range n.of {
		n.tell(k, x)
	}
}
