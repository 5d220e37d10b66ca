package lab

import (
	"slices"
	"testing"
	"time"
)

const ms = time.Millisecond

// arrivals runs a line from one moment to another in steps and gives when each
// packet came out, by its first byte.
func arrivals(l *line, from, to, step time.Duration) (order []byte, at []time.Duration) {
	for now := from; now <= to; now += step {
		batch := l.due(now, nil)
		for _, p := range batch {
			order, at = append(order, p[0]), append(at, now)
		}
		l.delivered(batch)
	}
	return order, at
}

// numbered is a packet of some size that starts with a number.
func numbered(n byte, size int) []byte {
	p := make([]byte, size)
	p[0] = n
	return p
}

func TestLineSendsAtItsRateAndDelays(t *testing.T) {
	l := newLine(Shape{Rate: 8e6, Delay: 20 * ms, Queue: 1 << 20}, 1) // 1000 bytes a millisecond
	for i := range byte(50) {
		l.arrive(0, numbered(i, 1000))
	}
	if at, any := l.next(); !any || at != ms {
		t.Errorf("the first packet is sent at %v, %t", at, any)
	}
	order, at := arrivals(l, 0, 100*ms, ms)
	for i := range order {
		if want := time.Duration(i+21) * ms; order[i] != byte(i) || at[i] != want {
			t.Fatalf("packet %d came at %v, want packet %d at %v", order[i], at[i], i, want)
		}
	}
	c := l.counters()
	if c.Delivered != 50 || c.DeliveredBytes != 50_000 || c.Busy != 50*ms || c.Queued != 0 || c.OnLine != 0 {
		t.Errorf("%+v", c)
	}
	if _, any := l.next(); any {
		t.Error("an empty line waits for something")
	}
}

func TestLineThatWasLateKeepsItsRate(t *testing.T) {
	l := newLine(Shape{Rate: 8e6, Queue: 1 << 20}, 1)
	for i := range byte(100) {
		l.arrive(0, numbered(i, 1000))
	}
	if order, _ := arrivals(l, 37*ms, 37*ms, ms); len(order) != 37 {
		t.Errorf("%d packets in 37 ms, nobody having looked meanwhile", len(order))
	}
}

func TestFullQueueDropsItsTail(t *testing.T) {
	l := newLine(Shape{Rate: 8e6, Queue: 5000}, 1)
	for i := range byte(8) {
		l.arrive(0, numbered(i, 1000))
	}
	if c := l.counters(); c.TailDropped != 3 || c.Queued != 5000 {
		t.Errorf("%+v", c)
	}
	if order, _ := arrivals(l, 0, 20*ms, ms); !slices.Equal(order, []byte{0, 1, 2, 3, 4}) {
		t.Errorf("packets %d came", order)
	}
}

func TestLossIsItsShareAndTheSameAgain(t *testing.T) {
	const packets = 20_000
	run := func(seed uint64) (lost []uint64) {
		l := newLine(Shape{Queue: 1 << 20, Loss: 0.02}, seed)
		for i := range packets {
			l.arrive(0, numbered(0, 100))
			l.delivered(l.due(time.Duration(i), nil))
			lost = append(lost, l.counters().Lost)
		}
		return lost
	}
	first := run(7)
	if share := float64(first[packets-1]) / packets; share < 0.015 || share > 0.025 {
		t.Errorf("%.4f of the packets are lost, want 0.02", share)
	}
	if !slices.Equal(first, run(7)) {
		t.Error("the same seed loses other packets")
	}
	if slices.Equal(first, run(8)) {
		t.Error("another seed loses the same packets")
	}
}

func TestLostPacketsUseTheLine(t *testing.T) {
	l := newLine(Shape{Rate: 8e6, Queue: 1 << 20, Loss: 1}, 1)
	l.arrive(0, numbered(0, 1000))
	arrivals(l, 0, 10*ms, ms)
	if c := l.counters(); c.Busy != ms || c.Lost != 1 || c.Delivered != 0 {
		t.Errorf("%+v", c)
	}
}

func TestCutDropsWhatIsUnderWay(t *testing.T) {
	l := newLine(Shape{Rate: 8e6, Delay: 50 * ms, Queue: 1 << 20}, 1)
	for i := range byte(10) {
		l.arrive(0, numbered(i, 1000))
	}
	arrivals(l, 0, 5*ms, ms) // five on the line, five in the queue
	l.change(5*ms, func() { l.cut = true; l.drop() })
	l.arrive(6*ms, numbered(10, 1000))
	l.change(7*ms, func() { l.cut = false })
	l.arrive(8*ms, numbered(11, 1000))
	if order, at := arrivals(l, 8*ms, 200*ms, ms); !slices.Equal(order, []byte{11}) || at[0] != 59*ms {
		t.Errorf("packets %d came at %v", order, at)
	}
	if c := l.counters(); c.Cut != 11 || c.Queued+c.OnLine != 0 {
		t.Errorf("%+v", c)
	}
}

func TestFreezeHoldsAndDeliversLater(t *testing.T) {
	l := newLine(Shape{Rate: 8e6, Delay: 10 * ms, Queue: 1 << 20}, 1)
	for i := range byte(4) {
		l.arrive(0, numbered(i, 1000))
	}
	arrivals(l, 0, 2*ms, ms)
	l.change(2*ms, func() { l.frozen = true })
	if order, _ := arrivals(l, 2*ms, 500*ms, ms); len(order) > 0 {
		t.Errorf("packets %d came through a frozen line", order)
	}
	if _, any := l.next(); any {
		t.Error("a frozen line waits for something")
	}
	l.change(500*ms, func() { l.frozen = false })
	order, at := arrivals(l, 500*ms, 600*ms, ms)
	want := []time.Duration{500 * ms, 500 * ms, 511 * ms, 512 * ms} // on the line already; in the queue
	if !slices.Equal(order, []byte{0, 1, 2, 3}) || !slices.Equal(at, want) {
		t.Errorf("packets %d came at %v", order, at)
	}
}

func TestChangedShapeCountsFromThen(t *testing.T) {
	l := newLine(Shape{Rate: 8e3, Delay: 30 * ms, Queue: 1 << 20}, 1) // a second a packet
	for i := range byte(3) {
		l.arrive(0, numbered(i, 1000))
	}
	l.change(900*ms, func() { l.shape.Rate, l.shape.Delay = 8e6, 0 })
	order, at := arrivals(l, 900*ms, time.Second, ms)
	if !slices.Equal(order, []byte{0, 1, 2}) || !slices.Equal(at, []time.Duration{901 * ms, 902 * ms, 903 * ms}) {
		t.Errorf("packets %d came at %v", order, at)
	}
}

func TestShorterDelayKeepsTheOrder(t *testing.T) {
	l := newLine(Shape{Delay: 100 * ms, Queue: 1 << 20}, 1)
	l.arrive(0, numbered(0, 100))
	l.change(ms, func() { l.shape.Delay = 0 })
	l.arrive(2*ms, numbered(1, 100))
	if order, at := arrivals(l, 0, 200*ms, ms); !slices.Equal(order, []byte{0, 1}) || at[1] != 100*ms {
		t.Errorf("packets %d came at %v", order, at)
	}
}

func TestLineIsBounded(t *testing.T) {
	l := newLine(Shape{Delay: 10 * time.Second, Queue: 1 << 20}, 1)
	ip := numbered(0, 1<<16-1)
	for range maxOnLine/len(ip) + 10 {
		l.arrive(0, ip)
		l.due(0, nil)
	}
	if c := l.counters(); c.OnLine > maxOnLine || c.TailDropped == 0 {
		t.Errorf("%+v", c)
	}
}

func TestShapesThatCannotBe(t *testing.T) {
	for _, s := range []Shape{{Rate: -1}, {Delay: -1}, {Delay: time.Minute}, {Queue: 100}, {Queue: 1 << 40}, {Loss: -0.1}, {Loss: 2}} {
		if _, err := RunLink(t.Context(), LinkConfig{Down: s}); err == nil {
			t.Errorf("%+v was made", s)
		}
	}
}
