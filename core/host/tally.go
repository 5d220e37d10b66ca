package host

import "time"

// rule says how many wrong tries are free, and how long a lock is then.
type rule struct {
	name          string
	first, next   int           // tries before the first lock, and before each later one
	lock, longest time.Duration // the first lock; each later one is twice as long, up to the longest
	drain         time.Duration // after so long one try is forgotten; 0 for never
	forget        time.Duration // after so long without a try everything is forgotten
	most          int           // how many are watched; the one that was quiet for longest is forgotten for a newer one
}

// tally counts tries by a rule, of each K.
type tally[K comparable] struct {
	rule
	of map[K]*count
}

// count is the tries of one K, about 100 bytes without it.
type count struct {
	tries   int // since the last lock
	locks   int
	until   time.Time // the lock's end
	last    time.Time // the last try
	drained time.Time
}

func newTally[K comparable](r rule) tally[K] { return tally[K]{r, map[K]*count{}} }

// locked gives how long k is locked yet.
func (t *tally[K]) locked(k K, now time.Time) time.Duration {
	if c := t.of[k]; c != nil && c.until.After(now) {
		return c.until.Sub(now)
	}
	return 0
}

// counted is one try that was counted.
type counted struct {
	rule rule
	c    *count
	left int           // tries before the lock
	lock time.Duration // that this try brought about
	till time.Time
}

// try counts a try of k, which is not locked.
func (t *tally[K]) try(k K, now time.Time) counted {
	c := t.of[k]
	if c == nil || now.Sub(c.last) > t.forget {
		if c == nil && len(t.of) >= t.most {
			t.forgetOldest()
		}
		c = &count{drained: now}
		t.of[k] = c
	}
	if t.drain > 0 {
		n := now.Sub(c.drained) / t.drain
		c.tries, c.drained = max(0, c.tries-int(min(n, 1<<20))), c.drained.Add(n*t.drain)
	}
	c.last = now
	c.tries++
	if left := t.allowance(c) - c.tries; left > 0 {
		return counted{rule: t.rule, c: c, left: left}
	}
	lock := min(t.longest, t.lock<<min(c.locks, 10))
	c.tries, c.locks, c.until = 0, c.locks+1, now.Add(lock)
	return counted{t.rule, c, 0, lock, c.until}
}

func (r rule) allowance(c *count) int {
	if c.locks == 0 {
		return r.first
	}
	return r.next
}

// undo takes back a try that was none, and the lock if it brought that about.
func (x counted) undo() {
	switch {
	case x.lock > 0 && x.c.until.Equal(x.till):
		x.c.locks--
		x.c.until, x.c.tries = time.Time{}, x.rule.allowance(x.c)-1
	case x.lock == 0 && x.c.tries > 0:
		x.c.tries--
	}
}

func (t *tally[K]) forgetOldest() {
	var oldest K
	var when time.Time
	for k, c := range t.of {
		if when.IsZero() || c.last.Before(when) {
			oldest, when = k, c.last
		}
	}
	delete(t.of, oldest)
}
