package screen

import (
	"bytes"

	"impero/core/picture"
	"impero/core/wire"
)

const (
	patchSlots = 4  // tiles that are remembered of a place
	patchArea  = 32 // pixels from which a part of a kept tile is cheaper than the pixels
)

// places knows which slots hold what stood at each tile of the screen, the newest first: what a window covered comes back
// piece by piece when the window is dragged away, not as a whole tile.
type places [][patchSlots]uint16

// put notes that slot holds what stands at tile i. Slots count from 1 here: 0 is none.
func (p places) put(i int, slot uint16) {
	at := &p[i]
	n := 0
	for n < patchSlots-1 && at[n] != slot+1 {
		n++
	}
	copy(at[1:n+1], at[:n])
	at[0] = slot + 1
}

// patcher finds the parts of a changed tile that the viewers keep.
type patcher struct {
	tile picture.Rect
	f    *picture.Frame
	kept []byte   // the tile's pixels at another time
	rows *columns // what changed; found parts are taken off
	ops  []wire.PictureOp
	slot uint16
}

// patch appends operations for the parts of tile i that changed and are as they were when they were kept, and takes them
// off what changed.
func (c *tileCache) patch(f *picture.Frame, i int, changed *columns, ops []wire.PictureOp) []wire.PictureOp {
	if len(c.at) == 0 {
		return ops
	}
	t := c.grid.tile(i)
	for _, s := range c.places[i] {
		if s == 0 {
			break
		}
		slot := &c.slots[s-1]
		if len(slot.pix) != t.Area()*4 || int(slot.key.w) != t.W {
			continue // another tile has the slot now
		}
		p := patcher{tile: t, f: f, kept: slot.pix, rows: changed, ops: ops, slot: s - 1}
		if !p.likely() {
			continue
		}
		before := len(ops)
		if ops = p.find(); len(ops) > before {
			slot.used = true
		}
	}
	return ops
}

// same says whether columns x0 ≤ x < x1 of rows y0 ≤ y < y1 are as they were kept.
func (p *patcher) same(x0, x1, y0, y1 int) bool {
	for y := y0; y < y1; y++ {
		at := (y*p.tile.W + x0) * 4
		if !bytes.Equal(p.f.Row(p.tile.Y+y, p.tile.X+x0, p.tile.X+x1), p.kept[at:at+(x1-x0)*4]) {
			return false
		}
	}
	return true
}

// span is what changed of a row.
func (p *patcher) span(y int) (from, to int) { return int(p.rows.from[y]), int(p.rows.to[y]) }

// likely looks at a few of the changed rows.
func (p *patcher) likely() bool {
	const looks = 4
	for n := range looks {
		for y := n * p.tile.H / looks; y < (n+1)*p.tile.H/looks; y++ {
			if from, to := p.span(y); from < to {
				if p.same(from, to, y, y+1) {
					return true
				}
				break
			}
		}
	}
	return false
}

// find joins rows to rectangles as long as all of these is as it was kept.
func (p *patcher) find() []wire.PictureOp {
	x0, x1, top := 0, 0, -1
	for y := range p.tile.H {
		from, to := p.span(y)
		switch wide0, wide1 := min(x0, from), max(x1, to); {
		case from < to && top >= 0 && p.same(wide0, wide1, y, y+1) && (wide0 == x0 && wide1 == x1 || p.same(wide0, wide1, top, y)):
			x0, x1 = wide0, wide1
			continue
		case top >= 0:
			p.take(x0, x1, top, y)
		}
		if top = -1; from < to && p.same(from, to, y, y+1) {
			x0, x1, top = from, to, y
		}
	}
	if top >= 0 {
		p.take(x0, x1, top, p.tile.H)
	}
	return p.ops
}

// take makes an operation of a rectangle and takes it off what changed.
func (p *patcher) take(x0, x1, y0, y1 int) {
	if (x1-x0)*(y1-y0) < patchArea {
		return
	}
	r := picture.Rect{X: p.tile.X + x0, Y: p.tile.Y + y0, W: x1 - x0, H: y1 - y0}
	op := operation(wire.OpCached, r)
	op.Slot = p.slot
	p.ops = append(p.ops, op)
	for y := y0; y < y1; y++ {
		p.rows.from[y], p.rows.to[y] = 0, 0
	}
}
