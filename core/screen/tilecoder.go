package screen

import (
	"impero/core/picture"
	"impero/core/wire"
)

const (
	// smallPhoto is the area in pixels below which a photograph goes without loss: a JPEG would hardly be smaller.
	smallPhoto = 24 * 24
	// tileBatch is how many rectangles are looked at side by side; each takes 26 KiB.
	tileBatch = 32
	// manyLooks is from how many rectangles on it pays to wake another goroutine for them.
	manyLooks = 4
)

// tileCoder turns rectangles into operations: fills, palette and raw tiles at once, photographs put aside for JPEG.
// Looking at pixels is shared between goroutines; the colour table and the blob are written in order.
type tileCoder struct {
	workers int
	looks   []tileLook
	rest    []int // of rects: those with several colours
	slots   *slotTable
	ops     []wire.PictureOp
	blob    []byte
	photos  []picture.Rect // to be sent as JPEG, before ops

	rawBytes int // of blob
}

// tileLook is what was found out about a rectangle.
type tileLook struct {
	codec   uint8  // the operation's kind
	plain   uint32 // the colour of a fill
	colours colours
	raw     rawCoder
	pixels  []byte // in the blob's form, for a raw rectangle
}

// begin forgets the operations of the update before.
func (c *tileCoder) begin() {
	c.ops, c.blob, c.photos = c.ops[:0], c.blob[:0], c.photos[:0]
	c.rawBytes = 0
}

// add codes rectangles of f, each of at most maxTileArea pixels; lossy allows it to put them aside as photographs.
func (c *tileCoder) add(f *picture.Frame, rects []picture.Rect, lossy bool) {
	for len(rects) > 0 {
		n := min(len(rects), tileBatch)
		for len(c.looks) < n {
			c.looks = append(c.looks, tileLook{})
		}
		c.look(f, rects[:n], lossy)
		for i, r := range rects[:n] {
			c.emit(f, r, &c.looks[i])
		}
		rects = rects[n:]
	}
}

// look looks at each of rects: at those of one colour at once, at a few others too, at many side by side.
func (c *tileCoder) look(f *picture.Frame, rects []picture.Rect, lossy bool) {
	c.rest = c.rest[:0]
	for i, r := range rects {
		l := &c.looks[i]
		var ok bool
		if l.plain, ok = plain(f, r); ok {
			l.codec = wire.OpFill
		} else {
			c.rest = append(c.rest, i)
		}
	}
	workers := c.workers
	if len(c.rest) < manyLooks {
		workers = 1
	}
	inParallel(len(c.rest), workers, func(i int) { c.looks[c.rest[i]].look(f, rects[c.rest[i]], lossy) })
}

// look chooses the codec for r, which has several colours.
func (l *tileLook) look(f *picture.Frame, r picture.Rect, lossy bool) {
	switch l.colours.count(f, r); {
	case l.colours.drawn(r.Area()):
		l.codec = wire.OpPalette
	case lossy && r.Area() >= smallPhoto:
		l.codec = wire.OpJPEG
	default:
		l.codec = wire.OpRaw
		l.pixels = l.raw.appendRaw(l.pixels[:0], f, r)
	}
}

// emit appends what look chose.
func (c *tileCoder) emit(f *picture.Frame, r picture.Rect, l *tileLook) {
	switch l.codec {
	case wire.OpFill:
		c.fill(r, l.plain, f.Order)
	case wire.OpPalette:
		c.ops = append(c.ops, operation(wire.OpPalette, r))
		c.blob = c.slots.appendPalette(c.blob, &l.colours, r.W, r.H, f.Order)
	case wire.OpJPEG:
		c.photo(r)
	default:
		c.ops = append(c.ops, operation(wire.OpRaw, r))
		c.blob = append(c.blob, l.pixels...)
		c.rawBytes += len(l.pixels)
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
