package server

import (
	"sync"
	"time"
)

// Wrong tries of one user of the computer: 5 count at once, then each group of 3 locks, from half a minute to a quarter of an hour.
const (
	firstTries  = 5
	nextTries   = 3
	firstLock   = 30 * time.Second
	longestLock = 15 * time.Minute
	forgetAfter = 24 * time.Hour
	maxTriers   = 1024 // users that are remembered
)

// tries counts wrong logons by user. A right one forgets its user's.
type tries struct {
	now func() time.Time

	mu sync.Mutex
	of map[string]*tally
}

type tally struct {
	left  int
	lock  time.Duration // the next one
	until time.Time
	last  time.Time
}

func newTries(now func() time.Time) *tries { return &tries{now: now, of: map[string]*tally{}} }

// locked gives when a user's lock ends; zero if there is none.
func (t *tries) locked(user string) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	if y := t.of[user]; y != nil && t.now().Before(y.until) {
		return y.until
	}
	return time.Time{}
}

// wrong counts a wrong try, and gives how many are left and the end of the lock that it led to.
func (t *tries) wrong(user string) (left int, until time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	y := t.of[user]
	if y == nil || now.Sub(y.last) > forgetAfter {
		t.makeRoom()
		y = &tally{left: firstTries, lock: firstLock}
		t.of[user] = y
	}
	y.last = now
	if y.left--; y.left > 0 {
		return y.left, time.Time{}
	}
	y.left, y.until = nextTries, now.Add(y.lock)
	y.lock = min(2*y.lock, longestLock)
	return 0, y.until
}

// makeRoom forgets who was wrong longest ago; mu is held.
func (t *tries) makeRoom() {
	if len(t.of) < maxTriers {
		return
	}
	oldest := ""
	for user, y := range t.of {
		if oldest == "" || y.last.Before(t.of[oldest].last) {
			oldest = user
		}
	}
	delete(t.of, oldest)
}

func (t *tries) right(user string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.of, user)
}
