package host

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"impero/core/wire"
)

// door is a gate with a clock that the test moves.
type door struct {
	*gate
	t     *testing.T
	now   time.Time
	ended []string // callers that were put out, by name
}

func newDoor(t *testing.T, l Limits) *door {
	d := &door{t: t, now: time.Unix(1_000_000, 0)}
	now := func() time.Time { return d.now }
	d.gate = newGate(l, now, newKnown(now))
	return d
}

// call has a caller come from an address.
func (d *door) call(name, address string) *caller {
	return d.arrive(netip.MustParseAddr(address), func() { d.ended = append(d.ended, name) })
}

// enter has it say its hello, too.
func (d *door) enter(name, address string) *caller {
	d.t.Helper()
	x := d.call(name, address)
	if code := d.afford(x); code != 0 {
		d.t.Fatalf("%s is told %s", name, code)
	}
	return x
}

// wereEnded says who was put out since it was asked last.
func (d *door) wereEnded(want ...string) {
	d.t.Helper()
	if !slices.Equal(d.ended, want) {
		d.t.Errorf("put out were %q, want %q", d.ended, want)
	}
	d.ended = nil
}

func TestANewcomerPutsOutTheOldestOfTheFullest(t *testing.T) {
	d := newDoor(t, Limits{Callers: 6})
	d.call("oldest", "192.0.2.1")
	d.call("neighbour", "10.0.0.2") // of the flood's network
	for i := range 4 {
		d.call(fmt.Sprint("flood ", i), "10.0.0.1")
	}
	d.wereEnded()
	d.call("newcomer", "198.51.100.1")
	d.wereEnded("flood 0")
	d.call("flood 4", "10.0.0.1")
	d.call("flood 5", "10.0.0.1")
	d.wereEnded("flood 1", "flood 2")
	d.call("newcomer 2", "203.0.113.1")
	d.call("newcomer 3", "203.0.114.1")
	d.wereEnded("flood 3", "flood 4")
	d.call("newcomer 4", "203.0.115.1") // flood 5 and its neighbour are the fullest network: the oldest goes
	d.wereEnded("neighbour")
	d.call("newcomer 5", "203.0.116.1") // nobody has more than another
	d.wereEnded("oldest")
}

func TestANetworkOfAddressesIsOneFlood(t *testing.T) {
	d := newDoor(t, Limits{Callers: 100})
	d.call("guest", "192.0.2.1")
	d.call("other", "2001:db8:1::1")
	for i := range 1000 {
		d.call("flood", fmt.Sprintf("2001:db8:0:%x::1", i))
	}
	if slices.Contains(d.ended, "guest") || slices.Contains(d.ended, "other") || len(d.ended) != 902 {
		t.Errorf("%d were put out, others among them", len(d.ended))
	}
}

func TestTheTwoStagesHavePlacesOfTheirOwn(t *testing.T) {
	d := newDoor(t, Limits{Callers: 10, Logons: 3})
	guest := d.enter("guest", "192.0.2.1")
	for range 1000 {
		d.call("flood", "10.0.0.1")
	}
	if slices.Contains(d.ended, "guest") || len(d.ended) != 990 {
		t.Errorf("of 1000 callers that say nothing %d were put out", len(d.ended))
	}
	d.ended = nil
	for i := range 20 {
		d.enter(fmt.Sprint("hello ", i), "10.0.0.1")
	}
	if d.wasPutOut(guest) || d.logons.n != 3 {
		t.Error("a flood of one address puts out the Guest of another")
	}
	d.leave(guest)
	d.leave(guest)
	if d.logons.n != 2 {
		t.Errorf("%d are in after one left", d.logons.n)
	}
	gone := d.call("gone", "10.9.0.1")
	for range 20 {
		d.call("newcomer", "10.9.0.1")
	}
	if code := d.afford(gone); code != wire.CloseBusy || d.logons.n != 2 {
		t.Errorf("who was put out is told %s when its hello comes", code)
	}
	if d.endsBy(gone, func() {}) {
		t.Error("who was put out goes on")
	}
}

func TestKnownAddressesGoLast(t *testing.T) {
	d := newDoor(t, Limits{Callers: knownSpare + 2})
	d.gate.known.add(at("192.0.2.1"))
	for i := range knownSpare {
		d.call(fmt.Sprint("known ", i), "192.0.2.1")
	}
	d.call("stranger 1", "10.0.0.1")
	d.call("stranger 2", "10.1.0.1")
	d.call("stranger 3", "10.2.0.1")
	d.wereEnded("stranger 1")
	d.call("known 8", "192.0.2.1")
	d.wereEnded("stranger 2")
	d.call("known 9", "192.0.2.1") // beyond what is spared it is as others, and older
	d.wereEnded("known 0")
}

func TestDescriptorsRunOut(t *testing.T) {
	d := newDoor(t, Limits{})
	if d.relieve() {
		t.Error("someone was put out of nobody")
	}
	d.enter("guest", "192.0.2.1")
	d.call("flood 0", "10.0.0.1")
	d.call("flood 1", "10.0.0.1")
	for range 3 {
		d.relieve()
	}
	d.wereEnded("flood 0", "flood 1", "guest")
}

// TestACrowdAddsUp compares a crowd with one that counts everything anew each time.
func TestACrowdAddsUp(t *testing.T) {
	d := newDoor(t, Limits{Callers: 40})
	d.gate.known.add(at("10.1.0.2"))
	random := rand.New(rand.NewPCG(1, 2))
	in := map[*caller]bool{}
	for range 20000 {
		if random.IntN(3) == 0 && len(in) > 0 {
			for x := range in {
				d.leave(x)
				delete(in, x)
				break
			}
			continue
		}
		first := slowFirst(in)
		x := &caller{from: at(fmt.Sprintf("10.%d.0.%d", random.IntN(5), random.IntN(6)))}
		x.known = d.gate.known.has(x.from)
		d.gate.last++
		x.number, x.end = d.gate.last, func() {}
		d.move(x, d.hellos)
		if full := len(in) == 40; full != (first != nil && first.out) {
			t.Fatalf("with %d in, %+v was put out: %t", len(in), first, !full)
		}
		for y := range in {
			if y.out {
				delete(in, y)
			}
		}
		in[x] = true
		if d.hellos.n != len(in) {
			t.Fatalf("%d are in, the crowd says %d", len(in), d.hellos.n)
		}
	}
	for x := range in {
		d.leave(x)
	}
	if d.hellos.n+len(d.hellos.networks)+len(d.hellos.ranks) != 0 {
		t.Error("an empty crowd keeps something")
	}
}

// slowFirst is who is to go first.
func slowFirst(in map[*caller]bool) (first *caller) {
	weights := map[netip.Prefix]int{}
	for x := range in {
		weights[x.from.address]++
	}
	networks := map[netip.Prefix]int{}
	for x := range in {
		if x.known && weights[x.from.address] > 0 {
			weights[x.from.address] = max(0, callersLike(in, x)-knownSpare)
		}
	}
	for address, n := range weights {
		networks[cut(address.Addr(), 24)] += n
	}
	oldest := map[netip.Prefix]*caller{} // who goes first of each network
	for x := range in {
		o := oldest[x.from.network]
		if o == nil || before(weights[x.from.address], x, weights[o.from.address], o) {
			oldest[x.from.network] = x
		}
	}
	for _, x := range oldest {
		if first == nil || before(networks[x.from.network], x, networks[first.from.network], first) {
			first = x
		}
	}
	return first
}

func before(weight int, x *caller, than int, y *caller) bool {
	return weight > than || weight == than && x.number < y.number
}

func callersLike(in map[*caller]bool, like *caller) (n int) {
	for x := range in {
		if x.from.address == like.from.address {
			n++
		}
	}
	return n
}

func TestRates(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	r := newRates(Limits{Handshakes: 300, HandshakesOf: 60}.orDefaults())
	taken := func(known bool, format string, n int) (taken int) {
		for i := range n {
			address := format
			if format[len(format)-1] == '%' {
				address = fmt.Sprintf("%s%d", format[:len(format)-1], i%250)
			}
			if r.take(at(address), known, now) {
				taken++
			}
		}
		return taken
	}
	for _, step := range []struct {
		wait      time.Duration
		known     bool
		addresses string
		want      int
		shows     string
	}{
		{0, false, "10.0.0.1", 120, "an address at once"},
		{0, false, "10.0.0.%", 120, "its network, less what it had"},
		{0, false, "10.1.0.%", 60, "everybody, less what they had"},
		{0, false, "10.2.0.1", 0, "one more"},
		{0, true, "10.3.0.1", 120, "a known one, all the same"},
		{time.Second, false, "10.0.0.1", 60, "a second later"},
		{0, false, "10.2.0.%", 240, "another network"},
		{0, false, "10.4.0.%", 0, "one more"},
		{time.Hour, false, "10.0.0.1", 120, "much later"},
		{0, true, "10.3.0.1", 120, "a known one"},
	} {
		now = now.Add(step.wait)
		if got := taken(step.known, step.addresses, 500); got != step.want {
			t.Errorf("%s: %d handshakes were begun, want %d", step.shows, got, step.want)
		}
	}
}

func TestRatesForgetWhoIsQuiet(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	r := newRates(Limits{}.orDefaults())
	most := 0
	for i := range 200_000 {
		now = now.Add(100 * time.Microsecond)
		r.take(placeOf(netip.AddrFrom16([16]byte{0x20, 1, byte(i >> 16), byte(i >> 8), byte(i), 1})), false, now)
		most = max(most, len(r.young)+len(r.old))
	}
	if most < 1000 || most > 4000 {
		t.Errorf("%d buckets were kept", most)
	}
}

func TestLimitsHaveDefaults(t *testing.T) {
	if l := (Limits{Logons: 5, Callers: -1}).orDefaults(); l != (Limits{Callers: 1024, Logons: 5, Handshakes: 300, HandshakesOf: 60}) {
		t.Errorf("%+v", l)
	}
}
