package pane

import (
	"math"

	"impero/core/picture"
)

// window is where the pane lies.
func (g *Geometry) window() picture.Rect { return g.Whole.Intersect(g.View) }

// scaled tells whether a pixel of the Host is another size here.
func (g *Geometry) scaled() bool { return g.Whole.W != g.FrameW || g.Whole.H != g.FrameH }

// pixel gives the pixel of the Host under a pixel of Fyne's window.
func (g *Geometry) pixel(x, y int) (fx, fy int) {
	at := func(v, n, frame int) int {
		if n <= 0 || frame <= 0 {
			return 0
		}
		return int(max(0, min((2*int64(v)+1)*int64(frame)/(2*int64(n)), int64(frame-1))))
	}
	return at(x-g.Whole.X, g.Whole.W, g.FrameW), at(y-g.Whole.Y, g.Whole.H, g.FrameH)
}

// touched is the part of the whole picture, as it is shown, that r of the frame
// has a share in: scaling mixes neighbours.
func (g *Geometry) touched(r picture.Rect) picture.Rect {
	if !g.scaled() {
		return r
	}
	span := func(at, n, from, to int) (int, int) {
		reach := 1 << g.halvings() // pixels of the frame that mix with their neighbours
		lo := max(0, (at-reach)*to/from-1)
		hi := min(to, ((at+n+reach)*to+from-1)/from+1)
		return lo, hi - lo
	}
	x, w := span(r.X, r.W, g.FrameW, g.Whole.W)
	y, h := span(r.Y, r.H, g.FrameH, g.Whole.H)
	return picture.Rect{X: x, Y: y, W: w, H: h}
}

// shape gives what is seen of the window, in its own pixels: all of it but the
// holes.
func (g *Geometry) shape() []picture.Rect {
	win := g.window()
	seen := []picture.Rect{{W: win.W, H: win.H}}
	for _, h := range g.Holes {
		for _, r := range h.parts() {
			r.X, r.Y = r.X-win.X, r.Y-win.Y
			seen = without(seen, r)
		}
	}
	return seen
}

// parts cuts a hole with round corners into rectangles.
func (h Hole) parts() []picture.Rect {
	round := max(0, min(h.Round, h.H, h.W/2))
	out := []picture.Rect{{X: h.X, Y: h.Y, W: h.W, H: h.H - round}}
	for i := range round {
		down := float64(i) + 0.5
		in := round - int(math.Round(math.Sqrt(float64(round*round)-down*down)))
		out = append(out, picture.Rect{X: h.X + in, Y: h.Y + h.H - round + i, W: h.W - 2*in, H: 1})
	}
	return out
}

// without cuts r out of rectangles.
func without(rects []picture.Rect, r picture.Rect) []picture.Rect {
	var out []picture.Rect
	for _, a := range rects {
		cut := a.Intersect(r)
		if cut.Empty() {
			out = append(out, a)
			continue
		}
		for _, part := range []picture.Rect{
			{X: a.X, Y: a.Y, W: a.W, H: cut.Y - a.Y},
			{X: a.X, Y: cut.Y, W: cut.X - a.X, H: cut.H},
			{X: cut.X + cut.W, Y: cut.Y, W: a.X + a.W - cut.X - cut.W, H: cut.H},
			{X: a.X, Y: cut.Y + cut.H, W: a.W, H: a.Y + a.H - cut.Y - cut.H},
		} {
			if !part.Empty() {
				out = append(out, part)
			}
		}
	}
	return out
}

// halvings is how often the picture is halved before its last step.
func (g *Geometry) halvings() (n int) {
	for w, h := g.FrameW, g.FrameH; w > 2*g.Whole.W && h > 2*g.Whole.H && g.Whole.W > 0 && g.Whole.H > 0; n++ {
		w, h = (w+1)/2, (h+1)/2
	}
	return n
}
