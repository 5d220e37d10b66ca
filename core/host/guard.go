package host

import (
	"net/netip"
	"sync"
	"time"
)

// Limits of who may try to log on.
const (
	triesBeforeLock = 3
	firstLock       = 30 * time.Second
	longestLock     = time.Hour
	forgetAfter     = 24 * time.Hour
	maxWatched      = 4096 // addresses with failures kept: about 400 KiB
)

// guard counts wrong tries by address and locks out with growing time. IPv6 addresses count by /64.
type guard struct {
	now func() time.Time

	mu   sync.Mutex
	from map[netip.Prefix]*failures
}

type failures struct {
	tries int // since the last lock
	locks int
	until time.Time
	last  time.Time
}

func newGuard(now func() time.Time) *guard {
	return &guard{now: now, from: map[netip.Prefix]*failures{}}
}

func prefixOf(a netip.Addr) netip.Prefix {
	a = a.Unmap()
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits)
	return p
}

// try counts a guess from a; it gives how many are left before the lock, and the lock's length once there are none.
// Whoever then proves right calls right. While a is locked out no guess is taken: ok is false, and lock what is left of it.
func (g *guard) try(a netip.Addr) (left int, lock time.Duration, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	p := prefixOf(a)
	f := g.from[p]
	if f != nil && f.until.After(now) {
		return 0, f.until.Sub(now), false
	}
	if f == nil || now.Sub(f.last) > forgetAfter {
		if f == nil && len(g.from) >= maxWatched {
			g.forgetOldest()
		}
		f = &failures{}
		g.from[p] = f
	}
	f.last = now
	if f.tries++; f.tries < triesBeforeLock {
		return triesBeforeLock - f.tries, 0, true
	}
	lock = min(longestLock, firstLock<<min(f.locks, 10))
	f.tries, f.locks, f.until = 0, f.locks+1, now.Add(lock)
	return 0, lock, true
}

// right forgets what was counted of a.
func (g *guard) right(a netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.from, prefixOf(a))
}

func (g *guard) forgetOldest() {
	var oldest netip.Prefix
	var when time.Time
	for p, f := range g.from {
		if when.IsZero() || f.last.Before(when) {
			oldest, when = p, f.last
		}
	}
	delete(g.from, oldest)
}
