package host

import (
	"container/heap"
	"container/list"
	"net/netip"
)

// crowd are callers that wait in a bounded number of places. One more than there are places for puts another out: the oldest
// of the address that has most, of the network that has most. So a newcomer always gets in, and who floods
// puts out his own. Everything costs the logarithm of the number of places.
type crowd struct {
	max, n   int
	networks map[netip.Prefix]*group
	ranks    ranks // of networks
}

// group are the callers of a network, by address, or those of an address.
type group struct {
	prefix netip.Prefix
	at     int    // in its ranks
	weight int    // how many they are, but for those of known addresses that do not weigh
	oldest uint64 // the one that would go first
	known  bool   // an address that someone has logged on from

	addresses map[netip.Prefix]*group // of a network
	ranks     ranks
	callers   list.List // of an address, the oldest first
}

func newCrowd(max int) *crowd {
	return &crowd{max: max, networks: map[netip.Prefix]*group{}}
}

// add takes x in, and gives whom it put out, if it did.
func (c *crowd) add(x *caller) (gone *caller) {
	if c.n >= c.max {
		gone = c.first()
		c.remove(gone)
	}
	n := c.networks[x.from.network]
	if n == nil {
		n = &group{prefix: x.from.network, addresses: map[netip.Prefix]*group{}}
		c.networks[n.prefix] = n
		heap.Push(&c.ranks, n)
	}
	a := n.addresses[x.from.address]
	if a == nil {
		a = &group{prefix: x.from.address, known: x.known}
		n.addresses[a.prefix] = a
		heap.Push(&n.ranks, a)
	}
	x.in, x.element = c, a.callers.PushBack(x)
	c.n++
	c.weigh(n, a)
	return gone
}

// remove takes x out, which is in.
func (c *crowd) remove(x *caller) {
	n := c.networks[x.from.network]
	a := n.addresses[x.from.address]
	a.callers.Remove(x.element)
	x.in, x.element = nil, nil
	c.n--
	c.weigh(n, a)
}

// first is who goes first; there is someone.
func (c *crowd) first() *caller {
	return c.ranks[0].ranks[0].callers.Front().Value.(*caller)
}

// weigh puts an address and its network where they belong after the address's callers have changed.
func (c *crowd) weigh(n, a *group) {
	before := a.weight
	a.weight = a.callers.Len()
	if a.known {
		a.weight = max(0, a.weight-knownSpare)
	}
	n.weight += a.weight - before
	if front := a.callers.Front(); front != nil {
		a.oldest = front.Value.(*caller).number
		heap.Fix(&n.ranks, a.at)
	} else {
		heap.Remove(&n.ranks, a.at)
		delete(n.addresses, a.prefix)
	}
	if len(n.ranks) > 0 {
		n.oldest = n.ranks[0].oldest
		heap.Fix(&c.ranks, n.at)
	} else {
		heap.Remove(&c.ranks, n.at)
		delete(c.networks, n.prefix)
	}
}

// ranks is a heap: the group with most callers first, then that with the oldest.
type ranks []*group

func (r ranks) Len() int { return len(r) }

func (r ranks) Less(i, j int) bool {
	if r[i].weight != r[j].weight {
		return r[i].weight > r[j].weight
	}
	return r[i].oldest < r[j].oldest
}

func (r ranks) Swap(i, j int) {
	r[i], r[j] = r[j], r[i]
	r[i].at, r[j].at = i, j
}

// Push is heap.Interface's.
func (r *ranks) Push(x any) {
	g := x.(*group)
	g.at = len(*r)
	*r = append(*r, g)
}

// Pop is heap.Interface's.
func (r *ranks) Pop() any {
	last := len(*r) - 1
	g := (*r)[last]
	(*r)[last] = nil
	*r = (*r)[:last]
	return g
}
