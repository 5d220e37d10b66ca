package screen

import (
	"bytes"
	"encoding/binary"

	"impero/core/picture"
)

const (
	bandRows    = 16   // rows of a band of a sparse tile
	sparseArea  = 1024 // smaller rectangles are not cut into bands
	joinArea    = maxTileArea
	joinPercent = 125 // a union may have this share of its parts' area
)

// differ finds the changed pixels of tiles, and remembers those of each tile until it looks at it again.
type differ struct {
	changed mask
	cols    []columns // a tile
}

// reset makes it ready for a grid: nothing changed.
func (d *differ) reset(g grid) {
	*d = differ{changed: newMask(g.tiles()), cols: make([]columns, g.tiles())}
}

// forget says that nothing changed in tile i.
func (d *differ) forget(i int) {
	if d.changed.has(i) {
		d.changed.clear(i)
		d.cols[i] = columns{}
	}
}

// glance finds which of n neighbouring tiles changed, and not where: it reads no more than it must.
func (d *differ) glance(a, b *picture.Frame, g grid, first, n int) {
	t := g.tile(first)
	for i := range n {
		d.forget(first + i)
	}
	for y, left := t.Y, n; left > 0 && y < t.Y+t.H; y++ {
		for i := range n {
			from, to := t.X+i*tileSide, min(t.X+(i+1)*tileSide, g.w)
			if !d.changed.has(first+i) && !bytes.Equal(a.Row(y, from, to), b.Row(y, from, to)) {
				d.changed.set(first + i)
				left--
			}
		}
	}
}

// lookAgain finds where tiles changed that were only glanced at.
func (d *differ) lookAgain(a, b *picture.Frame, g grid) {
	for i := d.changed.next(0); i >= 0; i = d.changed.next(i + 1) {
		if d.empty(i) {
			d.run(a, b, g, i, 1)
		}
	}
}

// columns is where each row of a tile changed: from ≤ x < to, from == to where nothing did.
type columns struct {
	from, to [tileSide]uint8
}

// run compares a and b in n neighbouring tiles, of which first is the leftmost. It reads whole rows, as memory likes it.
func (d *differ) run(a, b *picture.Frame, g grid, first, n int) {
	t := g.tile(first)
	end := min(t.X+n*tileSide, g.w)
	cols := d.cols[first : first+n]
	for i := range cols {
		d.forget(first + i)
	}
	for y := range t.H {
		ra, rb := a.Row(t.Y+y, t.X, end), b.Row(t.Y+y, t.X, end)
		if bytes.Equal(ra, rb) {
			continue
		}
		for i := range cols {
			from, to := i*tileSide*4, min((i+1)*tileSide*4, len(ra))
			if pa, pb := ra[from:to], rb[from:to]; !bytes.Equal(pa, pb) {
				x0, x1 := span(pa, pb)
				cols[i].from[y], cols[i].to[y] = uint8(x0), uint8(x1)
				d.changed.set(first + i)
			}
		}
	}
}

// rects appends to out the rectangles that hold every changed pixel of tile i, which is t.
func (d *differ) rects(i int, t picture.Rect, out []picture.Rect) []picture.Rect {
	c := &d.cols[i]
	whole, changed := c.box(t, 0, t.H)
	if whole.Area() < sparseArea || changed*4 > whole.Area()*3 {
		return append(out, whole)
	}
	for y := 0; y < t.H; y += bandRows {
		if r, _ := c.box(t, y, min(y+bandRows, t.H)); !r.Empty() {
			out = append(out, r)
		}
	}
	return out
}

// empty says whether all that changed in tile i was taken off.
func (d *differ) empty(i int) bool { return d.cols[i] == columns{} }

// area is how many pixels lie between the first and the last change of each row of tile i, which is t.
func (d *differ) area(i int, t picture.Rect) int {
	_, n := d.cols[i].box(t, 0, t.H)
	return n
}

// box bounds all changes.
func (d *differ) box(g grid) (box picture.Rect) {
	for i := d.changed.next(0); i >= 0; i = d.changed.next(i + 1) {
		t := g.tile(i)
		r, _ := d.cols[i].box(t, 0, t.H)
		box = box.Union(r)
	}
	return box
}

// box bounds the changes in rows y0 ≤ y < y1 of tile t, and counts the pixels between each row's first and last change.
func (c *columns) box(t picture.Rect, y0, y1 int) (r picture.Rect, changed int) {
	left, right, top, bottom := tileSide, 0, -1, 0
	for y := y0; y < y1; y++ {
		from, to := int(c.from[y]), int(c.to[y])
		if to <= from {
			continue
		}
		changed += to - from
		left, right, bottom = min(left, from), max(right, to), y+1
		if top < 0 {
			top = y
		}
	}
	if top < 0 {
		return picture.Rect{}, 0
	}
	return picture.Rect{X: t.X + left, Y: t.Y + top, W: right - left, H: bottom - top}, changed
}

// span is the first pixel and the one after the last in which two rows of the same length differ; they do differ.
func span(a, b []byte) (from, to int) {
	i := 0
	for ; i+8 <= len(a); i += 8 {
		if binary.LittleEndian.Uint64(a[i:]) != binary.LittleEndian.Uint64(b[i:]) {
			break
		}
	}
	from = i / 4
	for from*4 < len(a) && binary.LittleEndian.Uint32(a[from*4:]) == binary.LittleEndian.Uint32(b[from*4:]) {
		from++
	}
	to = len(a) / 4
	for to > from && binary.LittleEndian.Uint32(a[to*4-4:]) == binary.LittleEndian.Uint32(b[to*4-4:]) {
		to--
	}
	return from, to
}

// joinRects joins neighbours in rs while their union stays within joinArea and joinPercent of the parts. It looks a few
// rectangles back, which finds the neighbours in a list made tile by tile. The result reuses rs.
func joinRects(rs []picture.Rect) []picture.Rect {
	const lookBack = 12
	out := rs[:0]
	for _, r := range rs {
		for again := true; again; {
			again = false
			for i := len(out) - 1; i >= max(0, len(out)-lookBack); i-- {
				u := r.Union(out[i])
				if u.Area() <= joinArea && u.Area()*100 <= (r.Area()+out[i].Area())*joinPercent {
					r = u
					out = append(out[:i], out[i+1:]...)
					again = true
					break
				}
			}
		}
		out = append(out, r)
	}
	return out
}
