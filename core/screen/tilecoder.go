package screen

import (
	"impero/core/picture"
	"impero/core/wire"
)

// smallPhoto is the area in pixels below which a photograph goes without loss: a JPEG would hardly be smaller.
const smallPhoto = 24 * 24

// tileCoder turns rectangles into operations: fills, palette and raw tiles at once, photographs put aside for JPEG.
type tileCoder struct {
	colours colours
	slots   *slotTable
	raw     rawCoder
	ops     []wire.PictureOp
	blob    []byte
	photos  []picture.Rect // to be sent as JPEG, before ops

	rawBytes int // of blob
}

// begin forgets the operations of the update before.
func (c *tileCoder) begin() {
	c.ops, c.blob, c.photos = c.ops[:0], c.blob[:0], c.photos[:0]
	c.rawBytes = 0
}

// add codes r of f, at most maxTileArea pixels; lossy allows it to put r aside as a photograph.
func (c *tileCoder) add(f *picture.Frame, r picture.Rect, lossy bool) {
	c.colours.count(f, r)
	switch {
	case c.colours.n == 1:
		c.fill(r, c.colours.list[0], f.Order)
	case c.colours.drawn(r.Area()):
		c.ops = append(c.ops, operation(wire.OpPalette, r))
		c.blob = c.slots.appendPalette(c.blob, &c.colours, r.W, r.H, f.Order)
	case lossy && r.Area() >= smallPhoto:
		c.photo(r)
	default:
		c.ops = append(c.ops, operation(wire.OpRaw, r))
		c.blob = c.raw.appendRaw(c.blob, f, r)
		c.rawBytes += rawHead + 3*r.Area()
	}
}

// fill adds one colour and joins it with the operation before if that continues it in its row.
func (c *tileCoder) fill(r picture.Rect, px uint32, o picture.Order) {
	b, g, d := wireColour(px, o)
	op := operation(wire.OpFill, r)
	op.Colour = [3]byte{b, g, d}
	if n := len(c.ops); n > 0 {
		if p := &c.ops[n-1]; p.Kind == wire.OpFill && p.Colour == op.Colour && p.Y == op.Y && p.H == op.H && p.X+p.W == op.X {
			p.W += op.W
			return
		}
	}
	c.ops = append(c.ops, op)
}

// photo puts r aside and joins it with its neighbour to the left.
func (c *tileCoder) photo(r picture.Rect) {
	if n := len(c.photos); n > 0 {
		p := c.photos[n-1]
		u := p.Union(r)
		if u.H <= tileSide && u.Area()*100 <= (p.Area()+r.Area())*joinPercent {
			c.photos[n-1] = u
			return
		}
	}
	c.photos = append(c.photos, r)
}

func operation(kind uint8, r picture.Rect) wire.PictureOp {
	return wire.PictureOp{Kind: kind, X: uint16(r.X), Y: uint16(r.Y), W: uint16(r.W), H: uint16(r.H)}
}

func opRect(o *wire.PictureOp) picture.Rect {
	return picture.Rect{X: int(o.X), Y: int(o.Y), W: int(o.W), H: int(o.H)}
}
