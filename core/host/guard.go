package host

import (
	"net/netip"
	"sync"
	"time"
)

// Who may try to log on, and how often. A try is counted when it can first be told right or wrong, by everything it
// belongs to. 4096 are watched of each (1024 accounts): 0.6 MiB a list, 3 MiB together, accounts' names among them.
//
// An address has 3 wrong tries, then waits 30 s, and twice as long each time, up to an hour: 24 tries in the first two
// hours, 3 an hour from then on. A person who mistypes is not hindered; nobody guesses a password of 12 characters so.
//
// Who has many addresses is counted by what he has to have for that: an IPv6 /56 (6 tries) and /48 (12), an IPv4 /24 (12).
// Their later locks come after 3 tries and last up to 10 minutes, since people share such a network: 18 tries an hour.
//
// An account has 50, and gets one back every 2 minutes, 30 an hour: what one network may try never locks it, so the lock is
// not to be had for little. Who has several networks can: then it is locked for 30 s, twice as long after each 10 further
// tries, 15 minutes at most. More than 40 guesses an hour at an account there are not, from however many addresses. Everything
// together has 200, one back every 20 s, and locks of 10 s to 5 minutes after each 50: it bounds those who guess names, too.
//
// These locks could keep the real user out as well, for as long as someone pays for the attack. So they do not hold for an
// address from which someone has logged on before (known), which has its own lock alone, and whose wrong tries do not
// count for them either. Who is on the way with a new address can be held up, up to a quarter of an hour at a time.
//
// A right try takes back what it counted, and clears the address's own count; it says nothing of others'.
var (
	ruleAddress = rule{name: "address", first: triesBeforeLock, next: triesBeforeLock, lock: 30 * time.Second, longest: time.Hour, forget: 24 * time.Hour, most: 4096}
	ruleSite    = rule{name: "site", first: 6, next: 3, lock: 30 * time.Second, longest: 10 * time.Minute, forget: 24 * time.Hour, most: 4096}
	ruleNetwork = rule{name: "network", first: 12, next: 3, lock: 30 * time.Second, longest: 10 * time.Minute, forget: 24 * time.Hour, most: 4096}
	ruleAccount = rule{name: "account", first: 50, next: 10, lock: 30 * time.Second, longest: 15 * time.Minute, drain: 2 * time.Minute, forget: 24 * time.Hour, most: 1024}
	ruleAll     = rule{name: "everybody", first: 200, next: 50, lock: 10 * time.Second, longest: 5 * time.Minute, drain: 20 * time.Second, forget: 24 * time.Hour, most: 1}
)

const triesBeforeLock = 3

// guard counts tries.
type guard struct {
	now   func() time.Time
	known *known

	mu       sync.Mutex
	address  tally[entry]
	site     tally[netip.Prefix]
	network  tally[netip.Prefix]
	accounts tally[string]
	all      tally[struct{}]
}

func newGuard(now func() time.Time, k *known) *guard {
	return &guard{
		now: now, known: k,
		address: newTally[entry](ruleAddress), site: newTally[netip.Prefix](ruleSite), network: newTally[netip.Prefix](ruleNetwork),
		accounts: newTally[string](ruleAccount), all: newTally[struct{}](ruleAll),
	}
}

// guess is a try that was taken, or not.
type guess struct {
	ok   bool
	left int           // tries that the address has before its lock
	lock time.Duration // that this try brought about, or of which this is left; 0 for none
	by   string        // what is locked

	from place
	as   string // the account
	had  []counted
}

// try counts a try from a place at an account. The account's name has at most wire.MaxUser bytes. While something is
// locked no try is taken.
func (g *guard) try(from place, account string) guess {
	stranger := !g.known.hasAs(from, account)
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	x := guess{from: from, as: account}
	x.held(ruleAddress, g.address.locked(entry{from.address, account}, now))
	if stranger {
		if from.site != from.address {
			x.held(ruleSite, g.site.locked(from.site, now))
		}
		x.held(ruleNetwork, g.network.locked(from.network, now))
		x.held(ruleAccount, g.accounts.locked(account, now))
		x.held(ruleAll, g.all.locked(struct{}{}, now))
	}
	if x.lock > 0 {
		return x
	}
	x.ok = true
	x.count(g.address.try(entry{from.address, account}, now))
	x.left = x.had[0].left
	if stranger {
		if from.site != from.address {
			x.count(g.site.try(from.site, now))
		}
		x.count(g.network.try(from.network, now))
		x.count(g.accounts.try(account, now))
		x.count(g.all.try(struct{}{}, now))
	}
	return x
}

// held keeps the longest lock.
func (x *guess) held(r rule, lock time.Duration) {
	if lock > x.lock {
		x.lock, x.by = lock, r.name
	}
}

func (x *guess) count(c counted) {
	x.had = append(x.had, c)
	x.held(c.rule, c.lock)
}

// right says that a guess proved right. What was counted of other accounts stays: one who has an account of his own must
// not guess at another in between.
func (g *guard) right(x guess) {
	g.mu.Lock()
	for _, c := range x.had {
		c.undo()
	}
	delete(g.address.of, entry{x.from.address, x.as})
	g.mu.Unlock()
	g.known.add(x.from)
	if x.as != "" {
		g.known.addAs(x.from, x.as)
	}
}
