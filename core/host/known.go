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
	of map[entry]time.Time // the last logon
}

// entry is an account at an address; the empty one is the Host's own password. One who knows an account is a stranger to
// the others.
type entry struct {
	address netip.Prefix
	account string
}

func newKnown(now func() time.Time) *known {
	return &known{now: now, of: map[entry]time.Time{}}
}

// has says whether somebody logged on from there, with whatever account.
func (k *known) has(p place) bool { return k.hasAs(p, "") }

func (k *known) hasAs(p place, account string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	last, ok := k.of[entry{p.address, account}]
	return ok && k.now().Sub(last) < knownFor
}

func (k *known) add(p place) { k.addAs(p, "") }

func (k *known) addAs(p place, account string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := entry{p.address, account}
	if _, ok := k.of[at]; !ok && len(k.of) >= maxKnown {
		var oldest entry
		var when time.Time
		for a, last := range k.of {
			if when.IsZero() || last.Before(when) {
				oldest, when = a, last
			}
		}
		delete(k.of, oldest)
	}
	k.of[at] = k.now()
}
