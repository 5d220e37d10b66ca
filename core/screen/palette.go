package screen

import (
	"fmt"

	"impero/core/picture"
)

const (
	sharedColours = 64 // tiles of more colours bring their own
	paletteOwn    = 4  // bit of the mode byte
	// paletteHead is the most bytes of a palette tile besides its pixels.
	paletteHead = 2 + maxColours*4 + 1 + 16
)

// slotTable is the Host's half of the shared colour table.
type slotTable struct {
	slot  map[uint32]uint8
	key   [maxColours]uint32
	used  [maxColours]uint64 // clock of the last tile that used the slot; 0 for a free one
	clock uint64
	free  int // slots given so far

	recent [3][]slotList // of 1, 2 and 4 bits a pixel, the last used first
}

func newSlotTable() *slotTable { return &slotTable{slot: make(map[uint32]uint8, maxColours)} }

// reset forgets all colours.
func (t *slotTable) reset() {
	clear(t.slot)
	t.used = [maxColours]uint64{}
	t.clock, t.free = 0, 0
	for i := range t.recent {
		t.recent[i] = t.recent[i][:0]
	}
}

// take gives px's slot for the tile of the current clock; fresh says that the Guest must be told. At most sharedColours
// calls a clock, so there is always a slot that this tile does not use.
func (t *slotTable) take(px uint32) (slot uint8, fresh bool) {
	if s, ok := t.slot[px]; ok {
		t.used[s] = t.clock
		return s, false
	}
	s := t.free
	if s < maxColours {
		t.free++
	} else {
		s = 0
		for i := range t.used {
			if t.used[i] < t.used[s] {
				s = i
			}
		}
		delete(t.slot, t.key[s])
	}
	t.slot[px], t.key[s], t.used[s] = uint8(s), px, t.clock
	return uint8(s), true
}

// appendPalette appends the tile whose colours c has counted (at most maxColours), w pixels wide and h high, in frame order o.
func (t *slotTable) appendPalette(b []byte, c *colours, w, h int, o picture.Order) []byte {
	log2 := bitsFor(c.n)
	var value [maxColours]uint8 // place in c.list → pixel value
	if c.n > sharedColours {
		b = append(b, log2|paletteOwn, uint8(c.n-1))
		for i, px := range c.list[:c.n] {
			blue, green, red := wireColour(px, o)
			b = append(b, blue, green, red)
			value[i] = uint8(i)
		}
		return appendPacked(b, c.index[:w*h], &value, w, log2)
	}
	t.clock++
	b = append(b, log2, 0)
	fresh := len(b) - 1
	for i, px := range c.list[:c.n] {
		s, isNew := t.take(px)
		value[i] = s
		if isNew {
			blue, green, red := wireColour(px, o)
			b = append(b, s, blue, green, red)
			b[fresh]++
		}
	}
	if log2 < 3 {
		l := recall(&t.recent[log2], value[:c.n], 1<<(1<<log2))
		b = append(b, l.n-1)
		b = append(b, l.slot[:l.n]...)
		for i, s := range value[:c.n] {
			value[i] = l.place[s] - 1
		}
	}
	return appendPacked(b, c.index[:w*h], &value, w, log2)
}

// slotList is a list of slots that tiles were packed with.
type slotList struct {
	n     uint8
	slot  [16]uint8
	place [maxColours]uint8 // 1 + a slot's place in slot; 0 if it is not there
}

// keptLists bounds the lists remembered for each depth.
const keptLists = 12

// recall finds a list that holds all of slots, so that the same drawing packs to the same bytes whatever else is in its
// tile: one of the last used, or the first of them that has room for what is missing, or a new one. It becomes the first.
func recall(lists *[]slotList, slots []uint8, room int) *slotList {
	ls := *lists
	best, missing := -1, 0
	for i := range ls {
		m := 0
		for _, s := range slots {
			if ls[i].place[s] == 0 {
				m++
			}
		}
		if m == 0 {
			best, missing = i, 0
			break
		}
		if best < 0 && m < len(slots) && int(ls[i].n)+m <= room {
			best, missing = i, m
		}
	}
	if best < 0 {
		if len(ls) < keptLists {
			ls = append(ls, slotList{})
			*lists = ls
		}
		best, missing = len(ls)-1, len(slots)
		ls[best] = slotList{}
	}
	if best > 0 {
		l := ls[best]
		copy(ls[1:best+1], ls[:best])
		ls[0] = l
	}
	if missing > 0 {
		for _, s := range slots {
			if l := &ls[0]; l.place[s] == 0 {
				l.slot[l.n] = s
				l.n++
				l.place[s] = l.n
			}
		}
	}
	return &ls[0]
}

// bitsFor is log2 of the bits that tell n colours apart.
func bitsFor(n int) uint8 {
	switch {
	case n <= 2:
		return 0
	case n <= 4:
		return 1
	case n <= 16:
		return 2
	}
	return 3
}

// appendPacked packs rows of w pixels at 1 << log2 bits each.
func appendPacked(b []byte, index []uint8, value *[maxColours]uint8, w int, log2 uint8) []byte {
	if log2 == 3 {
		at := len(b)
		b = append(b, index...)
		out := b[at:]
		for i, p := range index {
			out[i] = value[p]
		}
		return b
	}
	depth := 1 << log2
	each := 8 >> log2
	for ; len(index) > 0; index = index[w:] {
		row := index[:w]
		for ; log2 == 2 && len(row) >= 2; row = row[2:] { // as below, for most tiles of text
			b = append(b, value[row[0]]<<4|value[row[1]])
		}
		for ; len(row) >= each; row = row[each:] {
			var acc uint8
			for _, p := range row[:each] {
				acc = acc<<depth | value[p]
			}
			b = append(b, acc)
		}
		if len(row) > 0 {
			var acc uint8
			for _, p := range row {
				acc = acc<<depth | value[p]
			}
			b = append(b, acc<<(depth*(each-len(row))))
		}
	}
	return b
}

// colourTable is the Guest's half of the shared colour table: pixels in the frame's order.
type colourTable [maxColours][4]byte

func (t *colourTable) reset() {
	for i := range t {
		t[i] = [4]byte{0, 0, 0, 255}
	}
}

// paletteTile is a palette tile taken out of a blob: what is left is to unpack its pixels, at any time and beside others.
type paletteTile struct {
	colours [maxColours][4]byte
	n       int // colours
	depth   int // bits a pixel
	packed  []byte
}

// take takes one palette tile of r's size, for a frame of order o, from the front of blob.
func (p *paletteTile) take(t *colourTable, r picture.Rect, o picture.Order, blob *reader) error {
	mode := blob.u8()
	if mode&^(3|paletteOwn) != 0 {
		return fmt.Errorf("palette tile of mode %#x", mode)
	}
	p.depth, p.n = 1<<(mode&3), maxColours
	if mode&paletteOwn != 0 {
		p.n = int(blob.u8()) + 1
		for i := range p.n {
			p.colours[i] = blob.colour(o)
		}
	} else if err := p.shared(t, o, blob); err != nil {
		return err
	}
	if p.packed = blob.take((r.W*p.depth + 7) / 8 * r.H); p.packed == nil {
		return errShortBlob
	}
	return nil
}

// shared takes the colours of a tile that uses the table.
func (p *paletteTile) shared(t *colourTable, o picture.Order, blob *reader) error {
	for range blob.u8() {
		s := blob.u8()
		t[s] = blob.colour(o)
	}
	if p.depth == 8 {
		p.colours = *t // as it is now: the next tile may change it
		return nil
	}
	p.n = int(blob.u8()) + 1
	if p.n > 1<<p.depth {
		return fmt.Errorf("%d colours at %d bits", p.n, p.depth)
	}
	for i := range p.n {
		p.colours[i] = t[blob.u8()]
	}
	return nil
}

// paint unpacks the pixels into r of f.
func (p *paletteTile) paint(f *picture.Frame, r picture.Rect) error {
	stride := (r.W*p.depth + 7) / 8
	for y := range r.H {
		if top := paintRow(f.Row(r.Y+y, r.X, r.X+r.W), p.packed[y*stride:(y+1)*stride], &p.colours, uint(p.depth)); int(top) >= p.n {
			return fmt.Errorf("palette index %d of %d", top, p.n)
		}
	}
	return nil
}

// paintRow unpacks one row and gives the largest index in it.
func paintRow(dst, packed []byte, value *[maxColours][4]byte, depth uint) (top uint8) {
	if depth == 8 {
		for i, p := range packed {
			top = max(top, p)
			*(*[4]byte)(dst[i*4:]) = value[p]
		}
		return top
	}
	m := uint8(1)<<depth - 1
	shift := uint(8)
	at := 0
	for ; len(dst) >= 4; dst = dst[4:] {
		shift -= depth
		p := packed[at] >> shift & m
		if shift == 0 {
			shift = 8
			at++
		}
		top = max(top, p)
		*(*[4]byte)(dst) = value[p]
	}
	return top
}
