package screen

import (
	"math"
	"testing"
	"time"

	"impero/core/picture"
	"impero/core/wire"
)

// road is a viewer behind a simulated way on which a film, or anything else, is sent at 60 pictures a second.
type road struct {
	*party
	v *guest
}

func newRoad(t *testing.T, rate float64, delay time.Duration) *road {
	p := newParty(t, 9, 640, 448)
	r := &road{p, p.join(1, delay)}
	r.v.rate = rate
	return r
}

// drive draws and offers for so long, and gives the updates that went and the longest one took on its way.
func (r *road) drive(d time.Duration, draw func(i int)) (updates int, late time.Duration) {
	r.t.Helper()
	seq := r.v.last.Sequence
	r.v.late = 0
	for i := range int(d * 60 / time.Second) {
		draw(i)
		r.offer(time.Second / 60)
	}
	return int(r.v.last.Sequence - seq), r.v.late
}

func (r *road) film(i int) { r.s.photo(picture.Rect{X: 64, Y: 64, W: 448, H: 320}, i*7) }
func (r *road) page(i int) { r.s.text(r.s.f.Bounds(), uint32(i)*999) }

// TestSlowWayIsCoarserNotLate has everything change all the time on ways that carry very different amounts.
func TestSlowWayIsCoarserNotLate(t *testing.T) {
	for name, c := range map[string]struct {
		rate  float64 // bytes a second
		delay time.Duration
		least int // updates in a second
	}{
		"1 Mbit/s": {125e3, 60 * time.Millisecond, 6}, "5 Mbit/s": {625e3, 40 * time.Millisecond, 10}, "20 Mbit/s": {2.5e6, 20 * time.Millisecond, 15},
		"100 Mbit/s, far": {12.5e6, 200 * time.Millisecond, 25}, "any": {0, time.Millisecond, 55},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, c.rate, c.delay)
			r.drive(2*time.Second, func(i int) { r.s.photo(r.s.f.Bounds(), i*7) })
			n, late := r.drive(3*time.Second, func(i int) { r.s.photo(r.s.f.Bounds(), i*7) })
			if n < c.least*3 || late > 300*time.Millisecond {
				t.Errorf("%d updates in 3 s, up to %v late", n, late)
			}
			r.rest()
			r.check("after rest")
		})
	}
}

// TestWayChanges makes the way narrower, wider and longer, and looks how soon that is known.
func TestWayChanges(t *testing.T) {
	r := newRoad(t, 5e6, 20*time.Millisecond)
	picture := func(i int) { r.s.photo(r.s.f.Bounds(), i*7) }
	r.drive(2*time.Second, picture)
	known := func() float64 { return r.g.groups[0].viewers[0].link.rate }
	if k := known(); k < 3e6 || k > 8e6 {
		t.Errorf("the way carries 5 MB/s, known are %.0f", k)
	}
	r.v.rate = 1e6
	r.drive(time.Second, picture)
	if _, late := r.drive(time.Second, picture); late > 250*time.Millisecond || known() > 1.5e6 {
		t.Errorf("a second after the way became narrow: up to %v late, known are %.0f B/s", late, known())
	}
	r.v.rate = 5e6
	r.drive(time.Second, picture)
	if k := known(); k < 2e6 {
		t.Errorf("a second after the way became wide again: known are %.0f B/s", k)
	}
	r.v.delay = 150 * time.Millisecond
	r.drive(2*time.Second, picture)
	if n, late := r.drive(time.Second, picture); n < 15 || late > 250*time.Millisecond {
		t.Errorf("two seconds after the way became long: %d updates, up to %v late", n, late)
	}
	r.rest()
	r.check("after rest")
}

// TestWayBecomesLongUnderSmallUpdates types while the round trip grows: that is no narrow way.
func TestWayBecomesLongUnderSmallUpdates(t *testing.T) {
	r := newRoad(t, 5e6, 10*time.Millisecond)
	r.rest()
	key := func(i int) {
		if i%12 == 0 {
			r.s.fill(picture.Rect{X: 10 + i*7, Y: 300, W: 6, H: 10}, r.s.r.Uint32())
		}
	}
	r.drive(time.Second, key)
	r.v.delay = 120 * time.Millisecond
	r.drive(time.Second, key)
	l := &r.g.groups[0].viewers[0].link
	if l.trips() < 100*time.Millisecond {
		t.Errorf("least round trip %v a second after the way became long", l.trips())
	}
	r.drive(time.Second, key)
	before := l.rate
	r.drive(time.Second, key)
	if l.rate < before/2 {
		t.Errorf("%.0f B/s known, %.0f a second ago, though the way is as wide", l.rate, before)
	}
}

// TestFirstPictureIsASketch joins over a slow way: something is there after one round trip, everything soon after.
func TestFirstPictureIsASketch(t *testing.T) {
	r := newRoad(t, 125e3, 50*time.Millisecond)
	r.page(1)
	r.s.photo(picture.Rect{X: 64, Y: 64, W: 448, H: 320}, 0)
	start := r.now
	r.offer(0)
	if len(r.v.acks) != 1 || r.v.acks[0].at.Sub(start) > 110*time.Millisecond {
		t.Fatalf("%d updates at first, there after %v", len(r.v.acks), r.v.acks[0].at.Sub(start))
	}
	close, far := 0, 0
	for i, px := range r.v.dec.Frame().Pix {
		if i%4 == 3 {
			continue
		}
		o := i&^3 + 2 - i%4 // the viewer's order is another one
		if d := int(px) - int(r.s.f.Pix[o]); d*d < 60*60 {
			close++
		} else {
			far++
		}
	}
	if close < far*2 {
		t.Errorf("%d values near the picture's, %d far", close, far)
	}
	r.rest()
	r.check("after rest")
	if took := r.now.Sub(start); took > 12*time.Second {
		t.Errorf("exact after %v", took)
	}
}

// TestVideoFollowsTheWay plays a film and looks how coarse it is.
func TestVideoFollowsTheWay(t *testing.T) {
	var p pace
	now := testStart
	p.rate, p.wide = 500e3, 500e3
	size := 30e3
	for range 90 {
		now = now.Add(time.Second / 30)
		p.learnVideo(int(size*math.Pow(2, -float64(p.video)/6)), false, now)
	}
	if n := size * math.Pow(2, -float64(p.video)/6); n > 500e3/30 || n < 500e3/30/3 {
		t.Errorf("pictures of %.0f bytes at 30 a second on a way of 500 kB/s", n)
	}
	p.rate, p.wide = 10e6, 10e6
	for range 60 {
		now = now.Add(time.Second / 30)
		p.learnVideo(int(size*math.Pow(2, -float64(p.video)/6)), false, now)
	}
	if p.video != 0 {
		t.Errorf("%d coarser on a wide way", p.video)
	}
}

// TestBoundOnBandwidth sends less than the way carries where the user wants that.
func TestBoundOnBandwidth(t *testing.T) {
	for _, bound := range []int{100 << 10, 1 << 20} {
		r := newRoad(t, 0, time.Millisecond)
		r.g.Leave(1)
		r.g.cfg.MaxRate = bound
		if err := r.g.Join(1, Abilities{Codecs: CodecJPEG}); err != nil {
			t.Fatal(err)
		}
		r.v.bytes = 0
		r.drive(4*time.Second, func(i int) { r.s.photo(r.s.f.Bounds(), i*7) })
		if n := r.v.bytes / 4; n > bound*12/10 || n < bound/3 {
			t.Errorf("%d bytes a second with a bound of %d", n, bound)
		}
		r.rest()
		r.check("after rest")
	}
}

// TestBoundOnCPU has each Offer take 20 ms by the clock that measures it.
func TestBoundOnCPU(t *testing.T) {
	for percent, want := range map[int]int{0: 60, 50: 25, 20: 10} {
		r := newRoad(t, 0, time.Millisecond)
		clock := testStart
		r.g.cfg.MaxCPU = percent
		r.g.cfg.Clock = func() time.Time {
			clock = clock.Add(20 * time.Millisecond)
			return clock
		}
		r.drive(time.Second, func(i int) { r.film(i) })
		n, _ := r.drive(time.Second, func(i int) { r.film(i) })
		if n > want*13/10 || n < want/2 {
			t.Errorf("%d updates a second with %d %% of the time, want about %d", n, percent, want)
		}
		r.rest()
		r.check("after rest")
	}
}

// TestLinkBounds holds the number of updates on the way, and lets one go whatever is known.
func TestLinkBounds(t *testing.T) {
	var l link
	now := testStart
	if !l.ready(now) {
		t.Error("the first update may not go")
	}
	l.sent(1, 10000, false, now)
	if l.ready(now) {
		t.Error("a second update on a way not known yet")
	}
	now = now.Add(100 * time.Millisecond)
	l.ack(1, now)
	l.ack(1, now)
	if l.rate < 9e4 || l.rate > 11e4 || l.bytes != 0 {
		t.Errorf("10000 bytes in 100 ms: %.0f B/s, %d on the way", l.rate, l.bytes)
	}
	l.rate = 1e9
	n := 0
	for ; l.ready(now); n++ {
		l.sent(uint32(n+2), 10, false, now)
	}
	if n != wire.MaxUnacknowledged {
		t.Errorf("%d updates on the way", n)
	}
	l.ack(999, now.Add(time.Second))
	if len(l.flights) != 0 || l.bytes != 0 {
		t.Errorf("%d updates, %d bytes left on the way", len(l.flights), l.bytes)
	}
}

// TestABusyViewerIsNoNarrowWay has pages come late, once because the way is narrow and once because the viewer is busy,
// which the system's measure of the way tells.
func TestABusyViewerIsNoNarrowWay(t *testing.T) {
	for name, delivery := range map[string]float64{"narrow": 0, "busy": 50e6} {
		t.Run(name, func(t *testing.T) {
			p := newParty(t, 9, 640, 448)
			p.able = Abilities{Codecs: CodecJPEG | CodecVP8}
			r := &road{p, p.join(1, 20*time.Millisecond)}
			r.v.rate = 100e3
			videos := 0
			r.drive(3*time.Second, func(i int) {
				r.page(i)
				r.g.Delivery(1, delivery, r.now)
				videos = max(videos, p.encoders)
			})
			if (videos > 0) != (name == "narrow") {
				t.Errorf("%d videos", videos)
			}
			r.v.rate = 0
			r.rest()
			r.check("after rest")
			r.g.Close()
		})
	}
}

// TestRefreshTakesWhatTheWayMayCarry: what a busy viewer made of a wide way does not cut a refresh into single tiles.
func TestRefreshTakesWhatTheWayMayCarry(t *testing.T) {
	for _, c := range []struct {
		rate, wide float64
		tiles      int
	}{{0, 0, 24}, {100e3, 50e6, 24}, {100e3, 100e3, 1}, {100e3, 0, 1}, {900e3, 900e3, 6}} {
		p := newPace()
		p.rate, p.wide = c.rate, c.wide
		if n := p.refresh(24); n != c.tiles {
			t.Errorf("at a rate of %.0f and a way of %.0f a refresh has %d tiles, not %d", c.rate, c.wide, n, c.tiles)
		}
	}
}

// TestARefreshKeepsNoUpdate: a refresh may fill the window, and what changes then goes all the same.
func TestARefreshKeepsNoUpdate(t *testing.T) {
	l := link{rate: 1e5, full: true}
	now := testStart
	l.noteTrip(10*time.Millisecond, now)
	if w := l.window(); w >= 90000 {
		t.Fatalf("a window of %d", w)
	}
	l.sent(1, 90000, true, now)
	if !l.ready(now) {
		t.Error("a refresh on its way keeps an update")
	}
	if l.idle() {
		t.Error("and is followed by another refresh")
	}
	l.sent(2, 90000, false, now)
	if l.ready(now) {
		t.Error("an update on its way keeps no other")
	}
	l.ack(2, now.Add(time.Second))
	if l.bytes != 0 || l.mending != 0 {
		t.Errorf("%d bytes on the way, %d of refreshes", l.bytes, l.mending)
	}
}
