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

// tries counts wrong logons by user of the computer. A right one forgets them if all were at the same account: whoever has an
// account does not clear with it what was guessed at others.
type tries struct {
	now func() time.Time

	mu sync.Mutex
	of map[string]*tally
}

type tally struct {
	at    string // the account of all tries; severalAccounts
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

// severalAccounts stands for more than one account.
const severalAccounts = ":several"

// wrong counts a wrong try of a user at an account, and gives how many are left and the end of the lock that it led to.
func (t *tries) wrong(user, account string) (left int, until time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	y := t.of[user]
	if y == nil || now.Sub(y.last) > forgetAfter {
		t.makeRoom()
		y = &tally{at: account, left: firstTries, lock: firstLock}
		t.of[user] = y
	}
	y.last = now
	if y.at != account {
		y.at = severalAccounts
	}
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

// right notes that a user knew the password of an account.
func (t *tries) right(user, account string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if y := t.of[user]; y != nil && y.at == account {
		delete(t.of, user)
	}
}
