package capture

import (
	"context"
	"math/rand/v2"

	"impero/core/picture"
)

// Generated is a Source that needs no display: every Next draws one step of a made-up desktop, the same for the same seed.
// It fills rectangles, writes text-like patterns, puts photo-like ones, scrolls, drags windows, moves the pointer, changes
// the cursor and, if wanted, the size. It is for tests and measurements of what stands behind a Source.
type Generated struct {
	// Generous makes Changed larger than what was drawn, as display servers do.
	Generous bool
	// Resize lets a step change the desktop's size and monitors.
	Resize bool

	rng    *rand.Rand
	frame  *picture.Frame
	w, h   int // at first
	up     Update
	px, py int
	begun  bool
	closed bool
}

// NewGenerated makes a desktop of w × h pixels, at least 64 × 64.
func NewGenerated(seed uint64, w, h int) *Generated {
	return &Generated{rng: rand.New(rand.NewPCG(seed, 1)), w: max(w, 64), h: max(h, 64), frame: picture.NewFrame(max(w, 64), max(h, 64), picture.BGRX)}
}

// Truth is the desktop as it is, for comparison. It is the Frame of the last Update, and Next draws into it.
func (g *Generated) Truth() *picture.Frame { return g.frame }

// Next implements Source. It never waits.
func (g *Generated) Next(ctx context.Context) (*Update, error) {
	if g.closed {
		return nil, ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	u := &g.up
	*u = Update{Changed: u.Changed[:0], Moves: u.Moves[:0]}
	if !g.begun {
		g.begun = true
		g.photo(g.frame.Bounds())
		g.layout(u)
		u.Cursor = g.cursor()
		u.CursorMoved = true
	} else {
		g.step(u)
	}
	u.Frame, u.CursorX, u.CursorY = g.frame, g.px, g.py
	if g.Generous {
		for i, r := range u.Changed {
			r.X, r.Y, r.W, r.H = r.X-g.rng.IntN(40), r.Y-g.rng.IntN(40), r.W+g.rng.IntN(80), r.H+g.rng.IntN(80)
			u.Changed[i] = u.Changed[i].Union(r.Intersect(g.frame.Bounds()))
		}
	}
	return u, nil
}

// Close implements Source.
func (g *Generated) Close() error {
	g.closed = true
	return nil
}

func (g *Generated) step(u *Update) {
	switch n := g.rng.IntN(100); {
	case n < 25:
		for range 1 + g.rng.IntN(4) {
			r := g.rect(8)
			g.fill(r, g.rng.Uint32())
			u.Changed = append(u.Changed, r)
		}
	case n < 50:
		r := g.rect(24)
		g.text(r)
		u.Changed = append(u.Changed, r)
	case n < 60:
		r := g.rect(16)
		g.photo(r)
		u.Changed = append(u.Changed, r)
	case n < 75:
		g.scroll(u)
	case n < 85:
		g.drag(u)
	case n < 93:
		g.px, g.py = g.rng.IntN(g.frame.W), g.rng.IntN(g.frame.H)
		u.CursorMoved = true
	case n < 98 || !g.Resize:
		u.Cursor = g.cursor()
	default:
		w, h := max(64, g.w/2+g.rng.IntN(g.w/2+1)), max(64, g.h/2+g.rng.IntN(g.h/2+1))
		g.frame = picture.NewFrame(w, h, picture.BGRX)
		g.photo(g.frame.Bounds())
		g.px, g.py = min(g.px, w-1), min(g.py, h-1)
		g.layout(u)
	}
}

// rect gives a place of at least side pixels each way, most of the time a small one.
func (g *Generated) rect(side int) picture.Rect {
	part := 1 + g.rng.IntN(8)
	w, h := side+g.rng.IntN(g.frame.W/part-side/8+1), side+g.rng.IntN(g.frame.H/part-side/8+1)
	w, h = min(w, g.frame.W), min(h, g.frame.H)
	return picture.Rect{X: g.rng.IntN(g.frame.W - w + 1), Y: g.rng.IntN(g.frame.H - h + 1), W: w, H: h}
}

func (g *Generated) set(x, y int, bgr uint32) {
	p := g.frame.Pix[(y*g.frame.W+x)*4:][:4]
	p[0], p[1], p[2], p[3] = byte(bgr), byte(bgr>>8), byte(bgr>>16), 255
}

func (g *Generated) fill(r picture.Rect, bgr uint32) {
	for y := r.Y; y < r.Y+r.H; y++ {
		for x := r.X; x < r.X+r.W; x++ {
			g.set(x, y, bgr)
		}
	}
}

// text writes lines of glyphs of 6 × 10 pixels, of few kinds, as text has.
func (g *Generated) text(r picture.Rect) {
	paper, ink := g.rng.Uint32()|0xc0c0c0, g.rng.Uint32()&0x3f3f3f
	g.fill(r, paper)
	for y := r.Y + 2; y+10 <= r.Y+r.H; y += 14 {
		for x := r.X + 2; x+6 <= r.X+r.W; x += 7 {
			glyph := uint64(g.rng.IntN(40)) * 0x9e3779b97f4a7c15
			for i := range 60 {
				if glyph>>i&1 == 1 {
					g.set(x+i%6, y+i/6, ink)
				}
			}
		}
	}
}

// photo paints a gradient with noise: many colours, none of it repeated.
func (g *Generated) photo(r picture.Rect) {
	base, noise := g.rng.Uint32(), g.rng.Uint64()|1
	for y := r.Y; y < r.Y+r.H; y++ {
		for x := r.X; x < r.X+r.W; x++ {
			noise = noise*6364136223846793005 + 1442695040888963407
			n := uint32(noise>>60) & 7
			g.set(x, y, (base&0xff+uint32(x)/3+n)&0xff|(base>>8&0xff+uint32(y)/2+n)&0xff<<8|(base>>16&0xff+uint32(x+y)/5)&0xff<<16)
		}
	}
}

// scroll moves the content of a place up or down and writes new lines.
func (g *Generated) scroll(u *Update) {
	r := g.rect(48)
	by := 1 + g.rng.IntN(r.H/2)
	dst, fresh, from := picture.Rect{X: r.X, Y: r.Y, W: r.W, H: r.H - by}, picture.Rect{X: r.X, Y: r.Y + r.H - by, W: r.W, H: by}, r.Y+by
	if g.rng.IntN(2) == 0 {
		dst.Y, fresh.Y, from = r.Y+by, r.Y, r.Y
	}
	g.copy(dst, r.X, from)
	g.text(fresh)
	u.Moves = append(u.Moves, picture.Move{Dst: dst, FromX: r.X, FromY: from})
	u.Changed = append(u.Changed, r)
}

// drag moves a place elsewhere and paints over where it was.
func (g *Generated) drag(u *Update) {
	r := g.rect(48)
	r.W, r.H = min(r.W, g.frame.W/2), min(r.H, g.frame.H/2)
	dst := picture.Rect{X: g.rng.IntN(g.frame.W - r.W + 1), Y: g.rng.IntN(g.frame.H - r.H + 1), W: r.W, H: r.H}
	g.copy(dst, r.X, r.Y)
	u.Moves = append(u.Moves, picture.Move{Dst: dst, FromX: r.X, FromY: r.Y})
	u.Changed = append(u.Changed, dst)
	if r.Intersect(dst).Empty() {
		g.fill(r, g.rng.Uint32())
		u.Changed = append(u.Changed, r)
	}
}

// copy copies what is at (x, y) to dst; they may overlap.
func (g *Generated) copy(dst picture.Rect, x, y int) {
	rows := make([]byte, 0, dst.W*dst.H*4)
	for i := range dst.H {
		rows = append(rows, g.frame.Row(y+i, x, x+dst.W)...)
	}
	for i := range dst.H {
		copy(g.frame.Row(dst.Y+i, dst.X, dst.X+dst.W), rows[i*dst.W*4:])
	}
}

func (g *Generated) layout(u *Update) {
	w, h := g.frame.W, g.frame.H
	u.Layout = &picture.Layout{W: w, H: h, Monitors: []picture.Monitor{{Name: "left", Rect: picture.Rect{W: w / 2, H: h}, Primary: true},
		{Name: "right", Rect: picture.Rect{X: w / 2, W: w - w/2, H: h}}}}
	u.Changed = append(u.Changed[:0], g.frame.Bounds())
}

func (g *Generated) cursor() *picture.Cursor {
	if g.rng.IntN(5) == 0 {
		return &picture.Cursor{}
	}
	w, h := 8+g.rng.IntN(40), 8+g.rng.IntN(40)
	c := &picture.Cursor{W: w, H: h, HotX: g.rng.IntN(w), HotY: g.rng.IntN(h), Pix: make([]byte, w*h*4)}
	for i := range w * h {
		if a := byte(g.rng.IntN(4) * 85); a > 0 {
			c.Pix[i*4], c.Pix[i*4+1], c.Pix[i*4+2], c.Pix[i*4+3] = byte(i), byte(i>>4), a, a
		}
	}
	return c
}
