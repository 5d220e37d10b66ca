package screen

import (
	"math/rand/v2"
	"testing"
	"time"

	"impero/core/picture"
)

// TestScrollsAreFound scrolls without hints, either way along either axis, in windows that stand anywhere.
func TestScrollsAreFound(t *testing.T) {
	for i, d := range []struct{ dx, dy int }{{0, -12}, {0, 37}, {-24, 0}, {50, 0}, {0, -300}, {300, 0}, {0, -1}, {3, 0}} {
		s := newScene(uint64(i), 1000, 800, picture.BGRX)
		s.text(s.f.Bounds(), 0x303030)
		e := NewEncoder(EncoderConfig{Codecs: CodecJPEG})
		v := newViewer(picture.RGBX)
		out, _ := encode(t, e, s, testStart)
		v.feed(t, out)
		pane := picture.Rect{X: 37 + i*11, Y: 51 + i*5, W: 700, H: 600}
		s.shifted(pane, d.dx, d.dy)
		out, _ = encode(t, e, s, testStart.Add(time.Second))
		v.feed(t, out)
		v.same(t, s.f, "after a scroll")
		moved := 0
		for _, c := range e.copies {
			moved += c.Dst.Area()
			if c.FromX-c.Dst.X != -d.dx || c.FromY-c.Dst.Y != -d.dy {
				t.Errorf("scroll by %v found as %+v", d, c)
			}
		}
		stays := (pane.W - max(d.dx, -d.dx)) * (pane.H - max(d.dy, -d.dy))
		if moved < stays*9/10 || len(e.copies) > 2 {
			t.Errorf("scroll by %v: %d copies of %d of %d pixels", d, len(e.copies), moved, stays)
		}
	}
}

// TestScrollGoesOn finds a scroll that goes on at the same pace without another search.
func TestScrollGoesOn(t *testing.T) {
	s := newScene(1, 800, 600, picture.BGRX)
	s.text(s.f.Bounds(), 0x303030)
	e := NewEncoder(EncoderConfig{})
	encode(t, e, s, testStart)
	for i := range 5 {
		s.shifted(picture.Rect{X: 50, Y: 50, W: 600, H: 500}, 0, -20)
		e.mover.finder.voters = -1
		encode(t, e, s, testStart.Add(time.Duration(i+1)*20*time.Millisecond))
		if len(e.copies) == 0 {
			t.Fatalf("scroll %d was not found", i)
		}
		if i > 0 && e.mover.finder.voters != -1 {
			t.Errorf("scroll %d took a search", i)
		}
	}
}

// TestVainSearchesBackOff changes everything again and again, then waits.
func TestVainSearchesBackOff(t *testing.T) {
	var m mover
	now, searched := testStart, 0
	f := picture.NewFrame(640, 480, picture.BGRX)
	g := picture.NewFrame(640, 480, picture.BGRX)
	rnd := rand.New(rand.NewPCG(1, 1))
	none := func(picture.Move) { t.Error("a move in noise") }
	for range 60 {
		now = now.Add(16 * time.Millisecond)
		for i := range f.Pix {
			f.Pix[i] = byte(rnd.Uint32())
		}
		if m.worth(80, f.Bounds(), 0, now) {
			searched++
			m.search(g, f, f.Bounds(), nil, none, now)
		}
	}
	if searched > 8 {
		t.Errorf("%d searches in vain", searched)
	}
	if m.worth(searchTiles-1, f.Bounds(), 0, now) || m.worth(80, f.Bounds(), 0, now) {
		t.Error("a search that cannot pay")
	}
	if !m.worth(80, f.Bounds(), 0, now.Add(time.Second)) {
		t.Error("no search after calm")
	}
}

// TestLongestRunMendsGaps joins what small gaps part and nothing else.
func TestLongestRunMendsGaps(t *testing.T) {
	const pattern = "..###.##....####...."
	for gap, want := range map[int]run{0: {12, 16, 4}, 1: {2, 8, 5}, 4: {2, 16, 9}} {
		if got := longestRun(len(pattern), gap, func(i int) bool { return pattern[i] == '#' }); got != want {
			t.Errorf("gap %d: %v, want %v", gap, got, want)
		}
	}
}

// TestAWindowDraggedWhileNobodyCouldTakeIt is one copy from where the viewers have it.
func TestAWindowDraggedWhileNobodyCouldTakeIt(t *testing.T) {
	p := newParty(t, 7, 900, 700)
	v := p.join(1, 0)
	p.s.text(picture.Rect{W: 900, H: 700}, 0x404040)
	p.rest()
	at := picture.Rect{X: 20, Y: 30, W: 300, H: 200}
	p.s.photo(at, 0)
	p.rest()
	v.bytes, v.delay = 0, time.Second
	p.g.groups[0].viewers[0].link.drain = true // nothing more until the first of these is acknowledged
	window := newScene(7, 300, 200, picture.BGRX)
	for y := range at.H {
		copy(window.f.Row(y, 0, at.W), p.s.f.Row(at.Y+y, at.X, at.X+at.W))
	}
	for range 12 {
		to := picture.Rect{X: at.X + 31, Y: at.Y + 17, W: at.W, H: at.H}
		p.s.fill(at, 0xffffff)
		for y := range to.H {
			copy(p.s.f.Row(to.Y+y, to.X, to.X+to.W), window.f.Row(y, 0, to.W))
		}
		p.s.damage(to)
		p.s.moves = append(p.s.moves, picture.Move{Dst: to, FromX: at.X, FromY: at.Y})
		at = to
		p.offer(10 * time.Millisecond)
	}
	p.rest()
	p.check("after a drag")
	if v.bytes > 20000 {
		t.Errorf("%d bytes for a drag", v.bytes)
	}
}
