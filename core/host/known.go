package host

import (
	"net/netip"
	"sync"
	"time"
)

// Limits of the addresses that a Guest proved the password from.
const (
	maxKnown = 256 // about 40 KiB
	knownFor = 30 * 24 * time.Hour
)

// known remembers the addresses (/32, IPv6 /64) that Guests logged on from since the Host started. Strangers' attacks do
// not hold these up: neither locks that strangers bring about, nor what all strangers together may ask for.
//
// Who shares such an address with a Guest, behind one router, has that too. What is left against him is the lock of the
// address itself, three tries an hour in the long run, and the limits of handshakes of one address.
type known struct {
	now func() time.Time

	mu sync.Mutex
	of map[netip.Prefix]time.Time // the last logon
}

func newKnown(now func() time.Time) *known {
	return &known{now: now, of: map[netip.Prefix]time.Time{}}
}

func (k *known) has(p place) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	last, ok := k.of[p.address]
	return ok && k.now().Sub(last) < knownFor
}

func (k *known) add(p place) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.of[p.address]; !ok && len(k.of) >= maxKnown {
		var oldest netip.Prefix
		var when time.Time
		for a, last := range k.of {
			if when.IsZero() || last.Before(when) {
				oldest, when = a, last
			}
		}
		delete(k.of, oldest)
	}
	k.of[p.address] = k.now()
}
