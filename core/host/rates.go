package host

import (
	"net/netip"
	"time"
)

// fillTime is how long an empty bucket of an address or network takes to be full.
const fillTime = 2 * time.Second

// rates are token buckets: how many handshakes are begun, for everybody and for each address and network. Only who gets a
// token has buckets, and one that is full again is forgotten: with the default limits there are no more than 4000, 0.6 MiB,
// whoever asks.
type rates struct {
	limits     Limits
	all        bucket
	young, old map[netip.Prefix]*bucket // those asked since turned, and in the fillTime before
	turned     time.Time
}

// bucket has tokens as of a time.
type bucket struct {
	tokens float64
	at     time.Time
}

func newRates(l Limits) *rates {
	return &rates{limits: l, young: map[netip.Prefix]*bucket{}}
}

// fill brings a bucket that gets each tokens a second, up to most, to now.
func (b *bucket) fill(now time.Time, each, most float64) {
	if b.at.IsZero() {
		b.tokens = most
	} else {
		b.tokens = min(most, b.tokens+each*now.Sub(b.at).Seconds())
	}
	b.at = now
}

// take takes a token of everything that a place belongs to, or none. A known place does not depend on what everybody asks for.
func (r *rates) take(from place, known bool, now time.Time) bool {
	if now.Sub(r.turned) >= fillTime {
		if now.Sub(r.turned) >= 2*fillTime {
			r.young = map[netip.Prefix]*bucket{}
		}
		r.old, r.young, r.turned = r.young, map[netip.Prefix]*bucket{}, now
	}
	each := float64(r.limits.HandshakesOf)
	address, network := r.of(from.address), r.of(from.network)
	address.fill(now, each, each*fillTime.Seconds())
	network.fill(now, 2*each, 2*each*fillTime.Seconds())
	r.all.fill(now, float64(r.limits.Handshakes), float64(r.limits.Handshakes))
	if address.tokens < 1 || network.tokens < 1 || !known && r.all.tokens < 1 {
		return false
	}
	address.tokens--
	network.tokens--
	if !known {
		r.all.tokens--
	}
	r.young[from.address], r.young[from.network] = address, network
	return true
}

// of gives the bucket of a prefix, a new one if there is none.
func (r *rates) of(p netip.Prefix) *bucket {
	if b := r.young[p]; b != nil {
		return b
	}
	if b := r.old[p]; b != nil {
		return b
	}
	return &bucket{}
}
