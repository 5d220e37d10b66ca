package host

import (
	"net/netip"
	"testing"
	"time"
)

func TestGuardLocksOutLongerEachTime(t *testing.T) {
	now := time.Unix(1000, 0)
	g := newGuard(func() time.Time { return now })
	a := netip.MustParseAddr("10.20.4.90")
	for round, want := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute} {
		for i := range triesBeforeLock {
			left, lock, ok := g.try(a)
			switch last := i == triesBeforeLock-1; {
			case !ok:
				t.Fatalf("round %d, try %d was not taken", round, i)
			case !last && (left != triesBeforeLock-1-i || lock != 0), last && (left != 0 || lock != want):
				t.Errorf("round %d, try %d: %d left, locked for %v", round, i, left, lock)
			}
		}
		if _, lock, ok := g.try(a); ok || lock != want {
			t.Errorf("while locked out a try is taken (%t), lock %v, want %v", ok, lock, want)
		}
		if _, _, ok := g.try(netip.MustParseAddr("10.20.4.91")); !ok {
			t.Error("another address is locked out too")
		}
		g.right(netip.MustParseAddr("10.20.4.91"))
		now = now.Add(want + time.Second)
	}
	g.right(a)
	if left, _, ok := g.try(a); !ok || left != triesBeforeLock-1 {
		t.Errorf("after the right password %d tries are left", left)
	}
}

func TestGuardCountsIPv6ByNetwork(t *testing.T) {
	g := newGuard(time.Now)
	for _, a := range []string{"2001:db8::1", "2001:db8::2", "2001:db8::3"} {
		g.try(netip.MustParseAddr(a))
	}
	if _, _, ok := g.try(netip.MustParseAddr("2001:db8::4")); ok {
		t.Error("a fourth address of the same /64 is taken")
	}
	if _, _, ok := g.try(netip.MustParseAddr("2001:db8:0:1::4")); !ok {
		t.Error("another /64 is locked out")
	}
}

func TestGuardKeepsABoundedNumber(t *testing.T) {
	g := newGuard(time.Now)
	for i := range maxWatched + 100 {
		g.try(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	if len(g.from) > maxWatched {
		t.Errorf("%d addresses are kept, at most %d", len(g.from), maxWatched)
	}
}
