package pane

import (
	"math/rand/v2"
	"testing"
	"time"

	"impero/core/picture"
)

func TestShapeIsAllButTheHoles(t *testing.T) {
	g := Geometry{
		FrameW: 100, FrameH: 80, Whole: picture.Rect{X: 10, Y: 20, W: 100, H: 80}, View: picture.Rect{X: 10, Y: 20, W: 90, H: 80},
		Holes: []Hole{{Rect: picture.Rect{X: 30, Y: 0, W: 40, H: 40}, Round: 8}, {Rect: picture.Rect{X: 60, Y: 30, W: 20, H: 20}}, {Rect: picture.Rect{X: 500, Y: 500, W: 5, H: 5}}},
	}
	seen := map[[2]int]int{}
	for _, r := range g.shape() {
		for y := r.Y; y < r.Y+r.H; y++ {
			for x := r.X; x < r.X+r.W; x++ {
				seen[[2]int{x, y}]++
			}
		}
	}
	for y := range 80 {
		for x := range 90 {
			px, py := x+10, y+20
			want := 1
			if px >= 30 && px < 70 && py < 32 || px >= 38 && px < 62 && py < 40 || px >= 60 && px < 80 && py >= 30 && py < 50 {
				want = 0
			}
			corner := py >= 32 && py < 40 && (px >= 30 && px < 38 || px >= 62 && px < 70)
			if got := seen[[2]int{x, y}]; got > 1 || !corner && got != want {
				t.Fatalf("pixel %d, %d stands %d times, not %d", px, py, got, want)
			}
			delete(seen, [2]int{x, y})
		}
	}
	if len(seen) != 0 {
		t.Errorf("%d pixels are outside the window", len(seen))
	}
	if lower, corner := g.Holes[0].parts(), (picture.Rect{X: 35, Y: 39, W: 30, H: 1}); lower[len(lower)-1] != corner {
		t.Errorf("the lowest line of a round hole is %v, not %v", lower[len(lower)-1], corner)
	}
}

func TestPixelUnderAPlace(t *testing.T) {
	g := Geometry{FrameW: 200, FrameH: 100, Whole: picture.Rect{X: 10, Y: -50, W: 100, H: 50}}
	for _, c := range [][4]int{{10, -50, 1, 1}, {60, -25, 101, 51}, {-500, -500, 0, 0}, {500, 500, 199, 99}} {
		if x, y := g.pixel(c[0], c[1]); x != c[2] || y != c[3] {
			t.Errorf("under %d, %d lies %d, %d, not %d, %d", c[0], c[1], x, y, c[2], c[3])
		}
	}
	if x, y := (&Geometry{}).pixel(5, 5); x != 0 || y != 0 {
		t.Error("nothing has a pixel")
	}
	g.Whole.W, g.Whole.H = 200, 100
	for x := range 200 {
		if fx, _ := g.pixel(x+10, 0); fx != x {
			t.Fatalf("at its own size pixel %d is %d", x, fx)
		}
	}
}

// Whatever the sizes, what is touched holds every pixel that scaling makes of
// the rectangle, and lies in the picture.
func TestTouchedHoldsWhatIsMixed(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		g := Geometry{FrameW: 20 + r.IntN(2000), FrameH: 20 + r.IntN(2000)}
		scale := 0.1 + r.Float64()*2.5
		g.Whole.W, g.Whole.H = max(1, int(float64(g.FrameW)*scale)), max(1, int(float64(g.FrameH)*scale))
		in := picture.Rect{X: r.IntN(g.FrameW), Y: r.IntN(g.FrameH), W: 1 + r.IntN(50), H: 1 + r.IntN(50)}.Intersect(picture.Rect{W: g.FrameW, H: g.FrameH})
		got := g.touched(in)
		if got.X < 0 || got.Y < 0 || got.X+got.W > g.Whole.W || got.Y+got.H > g.Whole.H {
			t.Fatalf("%v of %+v touches %v", in, g, got)
		}
		step := float64(g.FrameW) / float64(g.Whole.W)
		for x := range g.Whole.W { // bilinear: half a pixel of the frame to each side, of the level that is sampled
			reach := 1.0
			if step > 1 {
				reach = float64(int(1) << g.halvings())
			}
			mid := (float64(x) + 0.5) * step
			if mid+reach/2 > float64(in.X) && mid-reach/2 < float64(in.X+in.W) && (x < got.X || x >= got.X+got.W) {
				t.Fatalf("%v of %+v touches %v, but not column %d", in, g, got, x)
			}
		}
	}
}

func TestHalvings(t *testing.T) {
	for _, c := range []struct{ from, to, want int }{{1000, 1000, 0}, {1000, 2000, 0}, {1000, 500, 0}, {1000, 499, 1}, {1000, 250, 1}, {1000, 240, 2}, {1000, 0, 0}} {
		g := Geometry{FrameW: c.from, FrameH: c.from, Whole: picture.Rect{W: c.to, H: c.to}}
		if got := g.halvings(); got != c.want {
			t.Errorf("from %d to %d it is halved %d times, not %d", c.from, c.to, got, c.want)
		}
	}
}

func TestTimes(t *testing.T) {
	var c clock
	if c.times() != (Times{}) {
		t.Error("nothing took time")
	}
	c.add(time.Hour) // long ago
	for i := range kept {
		c.add(time.Duration(i) * time.Millisecond)
	}
	if got, want := c.times(), (Times{Count: kept + 1, Median: kept / 2 * time.Millisecond, Worst: (kept - 1) * time.Millisecond}); got != want {
		t.Errorf("got %v, not %v", got, want)
	}
}
