package host

import (
	"fmt"
	"net/netip"
	"testing"
	"time"
)

// watch is a guard with a clock that the test moves.
type watch struct {
	*guard
	t   *testing.T
	now time.Time
}

func newWatch(t *testing.T) *watch {
	w := &watch{t: t, now: time.Unix(1_000_000, 0)}
	now := func() time.Time { return w.now }
	w.guard = newGuard(now, newKnown(now))
	return w
}

func at(s string) place { return placeOf(netip.MustParseAddr(s)) }

func (w *watch) wait(d time.Duration) { w.now = w.now.Add(d) }

// wrong tries wrongly from an address, at once or as soon as it is allowed, for a while; it gives how many tries were taken.
func (w *watch) wrong(during time.Duration, account string, from ...place) int {
	taken := 0
	for end := w.now.Add(during); w.now.Before(end); {
		soonest := during
		for _, p := range from {
			x := w.try(p, account)
			if x.ok {
				taken++
			}
			soonest = min(soonest, x.lock)
		}
		w.wait(soonest)
	}
	return taken
}

func TestGuardLocksOutLongerEachTime(t *testing.T) {
	w := newWatch(t)
	a, b := at("10.20.4.90"), at("10.20.5.91")
	var first guess
	for round, want := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute,
		32 * time.Minute, time.Hour, time.Hour} {
		for i := range triesBeforeLock {
			x := w.try(a, "")
			switch last := i == triesBeforeLock-1; {
			case !x.ok:
				t.Fatalf("round %d, try %d was not taken", round, i)
			case !last && (x.left != triesBeforeLock-1-i || x.lock != 0), last && (x.left != 0 || x.lock != want || x.by != "address"):
				t.Errorf("round %d, try %d: %d left, locked for %v by %s", round, i, x.left, x.lock, x.by)
			}
			first = x
		}
		if x := w.try(a, ""); x.ok || x.lock != want {
			t.Errorf("while locked out a try is taken (%t), lock %v, want %v", x.ok, x.lock, want)
		}
		x := w.try(b, "")
		if !x.ok {
			t.Error("another address is locked out too")
		}
		w.right(x)
		w.wait(want + time.Second)
	}
	w.right(first)
	if x := w.try(a, ""); !x.ok || x.left != triesBeforeLock-1 {
		t.Errorf("after the right password %d tries are left", x.left)
	}
}

func TestGuardForgetsAfterADay(t *testing.T) {
	w := newWatch(t)
	w.wrong(20*time.Minute, "", at("10.0.0.1"))
	w.wait(25 * time.Hour)
	for i := range triesBeforeLock {
		if x := w.try(at("10.0.0.1"), ""); !x.ok || x.lock > 30*time.Second {
			t.Errorf("try %d after a day: taken %t, lock %v", i, x.ok, x.lock)
		}
	}
}

func TestGuardCountsIPv6ByNetwork(t *testing.T) {
	w := newWatch(t)
	for _, a := range []string{"2001:db8::1", "2001:db8::2", "2001:db8::3"} {
		w.try(at(a), "")
	}
	if x := w.try(at("2001:db8::4"), ""); x.ok || x.by != "address" {
		t.Error("a fourth address of the same /64 is taken")
	}
	for i := range 3 {
		if x := w.try(at(fmt.Sprintf("2001:db8:0:%x::4", i+1)), ""); !x.ok {
			t.Errorf("another /64 is locked out, by %s", x.by)
		}
	}
	if x := w.try(at("2001:db8:0:9::4"), ""); x.ok || x.by != "site" {
		t.Errorf("a seventh try of a /56: taken %t, by %s", x.ok, x.by)
	}
	for i := range 6 {
		if x := w.try(at(fmt.Sprintf("2001:db8:0:%x00::4", i+1)), ""); !x.ok {
			t.Errorf("another /56 is locked out, by %s", x.by)
		}
	}
	if x := w.try(at("2001:db8:0:8800::4"), ""); x.ok || x.by != "network" {
		t.Errorf("a 13th try of a /48: taken %t, by %s", x.ok, x.by)
	}
	if x := w.try(at("2001:db8:1::4"), ""); !x.ok {
		t.Error("another /48 is locked out")
	}
}

func TestGuardCountsIPv4ByNeighbours(t *testing.T) {
	w := newWatch(t)
	for i := range 12 {
		if x := w.try(at(fmt.Sprintf("10.0.0.%d", i)), ""); !x.ok {
			t.Errorf("address %d is locked out", i)
		}
	}
	if x := w.try(at("10.0.0.99"), ""); x.ok || x.by != "network" {
		t.Errorf("a 13th try of a /24: taken %t, by %s", x.ok, x.by)
	}
	if x := w.try(at("::ffff:10.0.0.99"), ""); x.ok {
		t.Error("IPv4 in IPv6 is another address")
	}
	if x := w.try(at("10.0.1.99"), ""); !x.ok {
		t.Error("another /24 is locked out")
	}
}

// TestOneNetworkCannotLockAnAccount: whoever has one IPv4 /24, or one IPv6 /48, tries for two days as fast as it may.
func TestOneNetworkCannotLockAnAccount(t *testing.T) {
	for name, address := range map[string]string{"/24": "10.0.0.%d", "/48": "2001:db8:0:%x00::1"} {
		w := newWatch(t)
		var all []place
		for i := range 250 {
			all = append(all, at(fmt.Sprintf(address, i)))
		}
		for hour := range 2 * 24 {
			if n := w.wrong(time.Hour, "", all...); hour > 0 && n > 20 {
				t.Errorf("%s: %d tries in hour %d", name, n, hour)
			}
			if x := w.try(at("192.0.2.1"), ""); !x.ok {
				t.Fatalf("%s: a stranger from elsewhere is locked out after %d hours, by %s", name, hour, x.by)
			} else {
				w.right(x)
				delete(w.known.of, entry{at("192.0.2.1").address, ""})
			}
		}
	}
}

// TestManyNetworksAreHeldUp: someone has a thousand networks. An account is tried about 40 times an hour, and who logged on
// from an address before is not hindered.
func TestManyNetworksAreHeldUp(t *testing.T) {
	w := newWatch(t)
	home := at("192.0.2.1")
	w.right(w.try(home, ""))
	var all []place
	for i := range 1000 {
		all = append(all, at(fmt.Sprintf("10.%d.%d.1", i/250, i%250)))
	}
	w.wrong(2*time.Hour, "", all...)
	if n := w.wrong(10*time.Hour, "", all...); n > 10*41 {
		t.Errorf("%d tries in ten hours", n)
	}
	w.wrong(time.Second, "", all...)
	if x := w.try(at("198.51.100.1"), ""); x.ok || x.by != "account" || x.lock > 15*time.Minute {
		t.Errorf("a stranger is taken (%t), or held up for %v by %s", x.ok, x.lock, x.by)
	}
	for range 2 {
		if x := w.try(home, ""); !x.ok || x.lock != 0 {
			t.Errorf("the real user is locked out by %s for %v", x.by, x.lock)
		}
	}
	if x := w.try(at("198.51.100.1"), "another account"); !x.ok {
		t.Errorf("another account is locked too, by %s", x.by)
	}
	if x := w.try(home, ""); !x.ok || x.lock != 30*time.Second || x.by != "address" {
		t.Errorf("a third wrong try of the known address: taken %t, lock %v by %s", x.ok, x.lock, x.by)
	}
	w.wait(knownFor)
	w.wrong(time.Hour, "", all...)
	w.wrong(time.Second, "", all...)
	if x := w.try(home, ""); x.ok {
		t.Error("an address is known for ever")
	}
}

// TestEverybodyIsHeldUp: each try is at another account, from another network.
func TestEverybodyIsHeldUp(t *testing.T) {
	w := newWatch(t)
	taken := 0
	for i := range 1000 {
		if x := w.try(at(fmt.Sprintf("10.%d.%d.1", i/250, i%250)), fmt.Sprint("account ", i)); x.ok {
			taken++
		} else if x.by != "everybody" || x.lock != 10*time.Second {
			t.Fatalf("held up by %s for %v", x.by, x.lock)
		}
	}
	if taken != ruleAll.first {
		t.Errorf("%d tries were taken", taken)
	}
}

func TestRightTriesCountForNothing(t *testing.T) {
	w := newWatch(t)
	for i := range 300 { // more than anything allows of wrong ones
		x := w.try(at(fmt.Sprintf("10.0.0.%d", i%250)), "")
		if !x.ok {
			t.Fatalf("try %d: by %s", i, x.by)
		}
		w.right(x)
		clear(w.known.of)
	}
	var last guess
	for i := range 12 { // the last one locks the network, and proves right
		last = w.try(at(fmt.Sprintf("10.1.0.%d", i)), "")
	}
	if last.lock == 0 || w.try(at("10.1.0.99"), "").ok {
		t.Fatal("the network is not locked")
	}
	w.right(last)
	if x := w.try(at("10.1.0.98"), ""); !x.ok {
		t.Error("a right try keeps the network locked")
	} else if x.lock != 30*time.Second {
		t.Errorf("the lock after it lasts %v", x.lock)
	}
}

func TestGuardKeepsABoundedNumber(t *testing.T) {
	w := newWatch(t)
	for i := range ruleAddress.most + 20 {
		w.try(placeOf(netip.AddrFrom16([16]byte{0x20, 1, byte(i >> 16), byte(i >> 8), byte(i)})), fmt.Sprint(i))
		w.wait(20 * time.Second)
	}
	for name, n := range map[string][2]int{
		"addresses": {len(w.address.of), ruleAddress.most}, "sites": {len(w.site.of), ruleSite.most},
		"networks": {len(w.network.of), ruleNetwork.most}, "accounts": {len(w.accounts.of), ruleAccount.most},
	} {
		if n[0] != n[1] {
			t.Errorf("%d %s are kept, %d are allowed", n[0], name, n[1])
		}
	}
	for i := range maxKnown + 10 {
		w.known.add(placeOf(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)})))
		w.wait(time.Second)
	}
	if len(w.known.of) != maxKnown || w.known.has(at("10.0.0.9")) || !w.known.has(at("10.0.0.10")) {
		t.Errorf("%d addresses are known", len(w.known.of))
	}
}

// TestGuardOwnAccountOpensNoOther: one who has an account cannot guess at others in between.
func TestGuardOwnAccountOpensNoOther(t *testing.T) {
	w := newWatch(t)
	here, taken := at("10.20.4.90"), 0
	for range 1000 {
		if x := w.try(here, "root"); x.ok {
			taken++
		}
		own := w.try(here, "anna")
		if !own.ok {
			t.Fatalf("anna is locked out herself, by %s", own.by)
		}
		w.right(own)
		w.wait(3 * time.Second)
	}
	if taken > 30 {
		t.Errorf("%d guesses at another account within %v", taken, 3000*time.Second)
	}
}
