//go:build !windows && !darwin

package pane

import (
	"github.com/jezek/xgb/render"
	"github.com/jezek/xgb/xproto"

	"impero/core/picture"
)

// chain is the picture in pixmaps of the server: as it came, and then each half
// as large as the one before, until the window's size is at least half of the
// last. So no pixel is left out: scaling mixes two by two.
type chain struct {
	geometry Geometry // only the sizes count
	levels   []level
}

// level is one of the pixmaps; its picture makes the next size of it.
type level struct {
	w, h   int
	pixmap xproto.Pixmap
	source render.Picture // scaled to the next level or the window
	target render.Picture
}

// paintScaled puts rectangles of the picture into the server's pixmap and has it
// scale what they touch, and what was uncovered, into the window.
func (p *Pane) paintScaled(g *Geometry, dirty []picture.Rect, exposed picture.Rect) {
	c := p.paint.scale
	if c == nil || c.geometry.FrameW != g.FrameW || c.geometry.FrameH != g.FrameH || c.geometry.Whole.W != g.Whole.W || c.geometry.Whole.H != g.Whole.H {
		p.drop()
		if c = p.makeChain(g); c == nil {
			return
		}
		p.paint.scale = c
		dirty = append(dirty[:0], picture.Rect{W: g.FrameW, H: g.FrameH})
	}
	for i, r := range dirty {
		p.put(xproto.Drawable(c.levels[0].pixmap), r, r.X, r.Y, i == len(dirty)-1)
	}
	touched := []picture.Rect{exposed}
	for _, r := range dirty {
		touched = append(touched, g.touched(r))
		for i := range c.levels[1:] {
			r = halved(r).Intersect(picture.Rect{W: c.levels[i+1].w, H: c.levels[i+1].h})
			p.composite(c.levels[i].source, c.levels[i+1].target, r, 0, 0)
		}
	}
	window := g.window()
	offX, offY := window.X-g.Whole.X, window.Y-g.Whole.Y
	view := picture.Rect{X: offX, Y: offY, W: window.W, H: window.H}
	for _, r := range touched {
		if r = r.Intersect(view); !r.Empty() {
			p.composite(c.levels[len(c.levels)-1].source, p.paint.out, r, offX, offY)
		}
	}
}

// halved is what r of a picture touches in one that is half as large.
func halved(r picture.Rect) picture.Rect {
	x, y := max(0, r.X-1)/2, max(0, r.Y-1)/2
	return picture.Rect{X: x, Y: y, W: (r.X+r.W+2)/2 - x, H: (r.Y+r.H+2)/2 - y}
}

// composite makes r of the scaled source.
func (p *Pane) composite(from, to render.Picture, r picture.Rect, offX, offY int) {
	render.Composite(p.conn, render.PictOpSrc, from, 0, to, int16(r.X), int16(r.Y), 0, 0, int16(r.X-offX), int16(r.Y-offY), uint16(r.W), uint16(r.H))
}

// makeChain makes the pixmaps of a geometry, nil if the connection is gone.
func (p *Pane) makeChain(g *Geometry) *chain {
	c := &chain{geometry: *g}
	w, h, n := g.FrameW, g.FrameH, g.halvings()
	for i := range n + 1 {
		l := level{w: w, h: h}
		acrossX, acrossY := 2.0, 2.0
		if i == n {
			part := float64(int(1) << n)
			acrossX, acrossY = float64(g.FrameW)/part/float64(g.Whole.W), float64(g.FrameH)/part/float64(g.Whole.H)
		}
		if !p.makeLevel(&l, acrossX, acrossY) {
			p.paint.scale = c
			p.drop()
			return nil
		}
		c.levels = append(c.levels, l)
		w, h = (w+1)/2, (h+1)/2
	}
	return c
}

// makeLevel makes one pixmap, whose source gives each pixel for so many of its
// own.
func (p *Pane) makeLevel(l *level, acrossX, acrossY float64) bool {
	var err error
	if l.pixmap, err = xproto.NewPixmapId(p.conn); err != nil {
		return false
	}
	if l.source, err = render.NewPictureId(p.conn); err != nil {
		return false
	}
	if l.target, err = render.NewPictureId(p.conn); err != nil {
		return false
	}
	xproto.CreatePixmap(p.conn, p.depth, l.pixmap, xproto.Drawable(p.window), uint16(l.w), uint16(l.h))
	render.CreatePicture(p.conn, l.target, xproto.Drawable(l.pixmap), p.format, 0, nil)
	render.CreatePicture(p.conn, l.source, xproto.Drawable(l.pixmap), p.format, render.CpRepeat, []uint32{render.RepeatPad})
	fixed := func(v float64) render.Fixed { return render.Fixed(v*65536 + 0.5) }
	render.SetPictureTransform(p.conn, l.source, render.Transform{Matrix11: fixed(acrossX), Matrix22: fixed(acrossY), Matrix33: fixed(1)})
	const filter = "bilinear"
	render.SetPictureFilter(p.conn, l.source, uint16(len(filter)), filter, nil)
	return true
}

// drop gives the pixmaps back.
func (p *Pane) drop() {
	if p.paint.scale == nil {
		return
	}
	for _, l := range p.paint.scale.levels {
		render.FreePicture(p.conn, l.source)
		render.FreePicture(p.conn, l.target)
		xproto.FreePixmap(p.conn, l.pixmap)
	}
	p.paint.scale = nil
}
