//go:build !windows && !darwin

package pane

import (
	"fmt"
	"slices"
	"time"

	"github.com/jezek/xgb/render"
	"github.com/jezek/xgb/shape"
	"github.com/jezek/xgb/shm"
	"github.com/jezek/xgb/xproto"

	"impero/core/picture"
)

// maxPuts bounds the requests of one picture: each costs the way to the server,
// so that many small rectangles go as fewer larger ones.
const maxPuts = 16

// painter is what belongs to the painter's goroutine.
type painter struct {
	mem     []byte // the picture as it came, shared with the server
	segment shm.Seg
	w, h    int            // of the picture in mem
	dirty   []picture.Rect // of mem, not yet painted
	whole   bool           // everything has to be painted
	taken   time.Time      // when the first of dirty was taken, zero if there is none

	mapped bool
	seen   []picture.Rect // the shape of the window
	out    render.Picture // the window
	scale  *chain         // nil while a pixel is a pixel
	cursor xproto.Cursor
}

func (p *painter) free() {
	if p.mem != nil {
		freeSegment(p.mem)
		p.mem = nil
	}
}

// Take copies what changed in a frame; nothing may be in flight. It fails if the
// memory for a frame of another size cannot be had.
func (p *Pane) Take(f *picture.Frame, changed []picture.Rect) error {
	if f == nil || picture.CheckSize(f.W, f.H) != nil || len(f.Pix) < f.W*f.H*4 {
		return nil
	}
	if p.paint.taken.IsZero() {
		p.paint.taken = time.Now()
	}
	if f.W != p.paint.w || f.H != p.paint.h {
		if err := p.share(f.W, f.H); err != nil {
			return err
		}
		changed = []picture.Rect{f.Bounds()}
	}
	for _, r := range changed {
		if r = r.Intersect(f.Bounds()); !r.Empty() {
			copyPixels(p.paint.mem, f, r)
			p.paint.dirty = append(p.paint.dirty, r)
		}
	}
	return nil
}

// share makes the memory for pictures of another size.
func (p *Pane) share(w, h int) error {
	if p.paint.mem != nil {
		shm.Detach(p.conn, p.paint.segment)
		p.paint.free()
	}
	p.paint.w, p.paint.h, p.paint.dirty = 0, 0, p.paint.dirty[:0]
	id, err := shm.NewSegId(p.conn)
	if err != nil {
		return fmt.Errorf("share memory with the X server: %w", err)
	}
	mem, err := newSegment(w*h*4, func(number uint32) error { return shm.AttachChecked(p.conn, id, number, true).Check() })
	if err != nil {
		return fmt.Errorf("share memory with the X server: %w", err)
	}
	p.paint.mem, p.paint.segment, p.paint.w, p.paint.h = mem, id, w, h
	return nil
}

// copyPixels copies r, which lies in f, into a picture of f's size in BGRX.
func copyPixels(to []byte, f *picture.Frame, r picture.Rect) {
	if r.W == f.W && f.Order == picture.BGRX { // lines that follow each other
		copy(to[r.Y*f.W*4:], f.Pix[r.Y*f.W*4:(r.Y+r.H)*f.W*4])
		return
	}
	for y := r.Y; y < r.Y+r.H; y++ {
		from := f.Row(y, r.X, r.X+r.W)
		at := to[(y*f.W+r.X)*4:][:len(from)]
		copy(at, from)
		if f.Order == picture.RGBX {
			for i := 0; i+3 < len(at); i += 4 {
				at[i], at[i+2] = at[i+2], at[i]
			}
		}
	}
}

// Paint applies what Place and Show asked for and sends what is new. It waits for
// nothing.
func (p *Pane) Paint() {
	g, exposed, busy := p.arrange()
	d := &p.paint
	if d.w != g.FrameW || d.h != g.FrameH || d.w == 0 || !d.mapped {
		d.whole = true // painted when all fits together
		d.dirty, d.taken = d.dirty[:0], time.Time{}
		return
	}
	if busy {
		p.expose(exposed)
		return
	}
	if d.whole {
		d.dirty = append(d.dirty[:0], picture.Rect{W: d.w, H: d.h})
		d.whole = false
	}
	window := g.window()
	exposed.X, exposed.Y = exposed.X+window.X-g.Whole.X, exposed.Y+window.Y-g.Whole.Y
	dirty := picture.Gather(d.dirty, maxPuts)
	if g.scaled() {
		p.paintScaled(&g, dirty, exposed)
	} else {
		p.drop()
		p.paintActual(&g, append(dirty, exposed))
	}
	d.dirty, d.taken = d.dirty[:0], time.Time{}
}

// arrange applies geometry and visibility. It gives what holds now and what of
// the window was uncovered since the last call.
func (p *Pane) arrange() (g Geometry, exposed picture.Rect, busy bool) {
	p.mu.Lock()
	old, placed, shown := p.applied, p.placed, p.shown
	p.applied, p.placed = p.wanted, false
	g, exposed, busy = p.applied, p.exposed, p.inFlight
	p.exposed = picture.Rect{}
	p.mu.Unlock()
	window := g.window()
	shown = shown && !window.Empty()
	if p.paint.mapped && !shown {
		xproto.UnmapWindow(p.conn, p.window)
		p.paint.mapped = false
	}
	if placed && !window.Empty() {
		p.configure(&old, &g)
	}
	if !p.paint.mapped && shown {
		xproto.MapWindow(p.conn, p.window)
		p.paint.mapped, p.paint.whole = true, true
	}
	return g, exposed, busy
}

// configure moves and shapes the window.
func (p *Pane) configure(old, g *Geometry) {
	window := g.window()
	if window != old.window() {
		xproto.ConfigureWindow(p.conn, p.window, xproto.ConfigWindowX|xproto.ConfigWindowY|xproto.ConfigWindowWidth|xproto.ConfigWindowHeight,
			[]uint32{uint32(window.X), uint32(window.Y), uint32(window.W), uint32(window.H)})
		p.paint.whole = true
	}
	if g.Whole != old.Whole || g.FrameW != old.FrameW || g.FrameH != old.FrameH {
		p.paint.whole = true
	}
	if seen := g.shape(); !slices.Equal(seen, p.paint.seen) {
		p.paint.seen = seen
		rects := make([]xproto.Rectangle, len(seen))
		for i, r := range seen {
			rects[i] = xproto.Rectangle{X: int16(r.X), Y: int16(r.Y), Width: uint16(r.W), Height: uint16(r.H)}
		}
		const unsorted = 0
		shape.Rectangles(p.conn, shape.SoSet, shape.SkBounding, unsorted, p.window, 0, 0, rects)
	}
}

// expose keeps what was uncovered for a later Paint.
func (p *Pane) expose(r picture.Rect) {
	p.mu.Lock()
	p.exposed = p.exposed.Union(r)
	p.mu.Unlock()
}

// paintActual puts rectangles of the picture into the window, pixel for pixel.
func (p *Pane) paintActual(g *Geometry, rects []picture.Rect) {
	window := g.window()
	offX, offY := window.X-g.Whole.X, window.Y-g.Whole.Y
	view := picture.Rect{X: offX, Y: offY, W: window.W, H: window.H}
	out := rects[:0]
	for _, r := range rects {
		if r = r.Intersect(view); !r.Empty() {
			out = append(out, r)
		}
	}
	for i, r := range out {
		p.put(xproto.Drawable(p.window), r, r.X-offX, r.Y-offY, i == len(out)-1)
	}
}

// put sends one rectangle of the shared memory to a place of a drawable; the
// last one of a picture tells when the server has it.
func (p *Pane) put(to xproto.Drawable, r picture.Rect, x, y int, last bool) {
	tell := byte(0)
	if last {
		tell = 1
		p.mu.Lock()
		p.inFlight, p.since = true, p.paint.taken
		if p.since.IsZero() { // nothing new, but uncovered
			p.since = time.Now()
		}
		p.mu.Unlock()
	}
	shm.PutImage(p.conn, to, p.gc, uint16(p.paint.w), uint16(p.paint.h), uint16(r.X), uint16(r.Y), uint16(r.W), uint16(r.H), int16(x), int16(y),
		p.depth, xproto.ImageFormatZPixmap, tell, p.paint.segment, 0)
}
