package screen

import (
	"bytes"
	"fmt"
	"time"

	"github.com/zeebo/xxh3"

	"impero/core/picture"
	"impero/core/wire"
)

const (
	slotBytes = maxTileArea * 4        // of a tile in the cache
	keepAfter = 500 * time.Millisecond // a tile that stood so long may come again
	keepShare = 8                      // a tile of which less than this share changed is not looked for
)

// tileCache is the Host's half of the tile cache: the same tiles as in its viewers' tileSlots, and where to find each. It
// keeps tiles that stood for a while at the moment they go, so that what was covered or left comes back at once: a window
// closed, a page turned back, a menu gone. The clock algorithm says which slot is given to another tile.
// Its methods do nothing while it has no slots.
type tileCache struct {
	grid  grid
	slots []cacheSlot
	at    map[tileKey]uint16
	hand  int
	places
	since []time.Time // a tile of the screen: when it changed last
	seen  mask        // tiles that keep has looked at in this update
	ops   []wire.PictureOp
	buf   [slotBytes]byte
}

type cacheSlot struct {
	key  tileKey
	used bool // since the hand was here last
	pix  []byte
}

// tileKey names a tile's content: enough to find it. Whether it is the one is looked at.
type tileKey struct {
	hash xxh3.Uint128
	w, h uint8
}

// reset forgets all tiles; size is what the cache may take, in bytes.
func (c *tileCache) reset(g grid, size int) {
	n := max(0, min(size, wire.MaxPictureCache)) / slotBytes
	if len(c.slots) != n {
		c.slots = make([]cacheSlot, n)
	}
	for i := range c.slots {
		c.slots[i].key, c.slots[i].used = tileKey{}, false
	}
	c.grid, c.hand, c.at = g, 0, map[tileKey]uint16{}
	c.since, c.seen, c.places = make([]time.Time, g.tiles()), newMask(g.tiles()), make(places, g.tiles())
}

// begin forgets the operations of the update before.
func (c *tileCache) begin() {
	c.ops = c.ops[:0]
	clear(c.seen)
}

// changed notes that the picture changed in r.
func (c *tileCache) changed(r picture.Rect, now time.Time) {
	if len(c.slots) > 0 {
		c.grid.each(r, func(i int) { c.since[i] = now })
	}
}

// gather puts a tile's pixels together in buf.
func (c *tileCache) gather(f *picture.Frame, t picture.Rect) (pix []byte, key tileKey) {
	pix = c.buf[:0]
	for y := range t.H {
		pix = append(pix, f.Row(t.Y+y, t.X, t.X+t.W)...)
	}
	return pix, tileKey{xxh3.Hash128(pix), uint8(t.W), uint8(t.H)}
}

// oneColour says whether pix is worth no more than a fill.
func oneColour(pix []byte) bool { return bytes.Equal(pix[4:], pix[:len(pix)-4]) }

// keep keeps tile i of ref, which the viewers have without loss and which is about to go, if it stood for a while.
func (c *tileCache) keep(ref *picture.Frame, i int, now time.Time) {
	if len(c.slots) == 0 || c.seen.has(i) {
		return
	}
	c.seen.set(i)
	if now.Sub(c.since[i]) < keepAfter {
		return
	}
	t := c.grid.tile(i)
	pix, key := c.gather(ref, t)
	if oneColour(pix) {
		return
	}
	if s, ok := c.at[key]; ok && bytes.Equal(c.slots[s].pix, pix) {
		c.slots[s].used = true
		c.put(i, s)
		return
	}
	for ; c.slots[c.hand].used; c.hand = (c.hand + 1) % len(c.slots) {
		c.slots[c.hand].used = false
	}
	s := &c.slots[c.hand]
	delete(c.at, s.key)
	s.key, s.pix = key, append(s.pix[:0], pix...)
	c.at[key] = uint16(c.hand)
	c.put(i, uint16(c.hand))
	c.ops = appendSlot(c.ops, wire.OpKeep, t, uint16(c.hand))
	c.hand = (c.hand + 1) % len(c.slots)
}

// find looks for tile i of f among what was kept. In an update every keep comes before every find: so do the viewers.
func (c *tileCache) find(f *picture.Frame, i int) (slot uint16, ok bool) {
	if len(c.at) == 0 {
		return 0, false
	}
	pix, key := c.gather(f, c.grid.tile(i))
	if slot, ok = c.at[key]; !ok || !bytes.Equal(c.slots[slot].pix, pix) {
		return 0, false
	}
	c.slots[slot].used = true
	return slot, true
}

// appendSlot appends an operation on tile t and slot, or has the last one take it in.
func appendSlot(ops []wire.PictureOp, kind uint8, t picture.Rect, slot uint16) []wire.PictureOp {
	if n := len(ops); n > 0 {
		p := &ops[n-1]
		if r := opRect(p); p.Kind == kind && r.X%tileSide == 0 && r.Y == t.Y && r.H == t.H && r.X+r.W == t.X && int(p.Slot)+(r.W+tileSide-1)/tileSide == int(slot) {
			p.W += uint16(t.W)
			return ops
		}
	}
	op := operation(kind, t)
	op.Slot = slot
	return append(ops, op)
}

// tileSlots is the Guest's half: tiles by number, at most so many as it offered to keep.
type tileSlots struct {
	most  int
	tiles []keptTile // as far as there are any
}

type keptTile struct {
	w, h int
	pix  []byte // in the frame's order; its memory is kept when the tile is forgotten
}

func (s *tileSlots) reset() {
	for i := range s.tiles {
		s.tiles[i].w = 0
	}
}

// do keeps or paints the tiles of f that r is made of: whole ones, in rows, with slots in a row; or paints a part of one.
func (s *tileSlots) do(f *picture.Frame, kind uint8, r picture.Rect, slot int) error {
	g := newGrid(f.W, f.H)
	if t := g.at(r.X, r.Y); kind == wire.OpCached && r != t && t.Contains(r) {
		return s.paint(f, t, r, slot)
	}
	if r.X%tileSide != 0 || r.Y%tileSide != 0 || r.W%tileSide != 0 && r.X+r.W != f.W || r.H%tileSide != 0 && r.Y+r.H != f.H {
		return fmt.Errorf("rectangle %v is not made of tiles", r)
	}
	if n := slot + (r.W+tileSide-1)/tileSide*((r.H+tileSide-1)/tileSide); n > s.most {
		return fmt.Errorf("tile %d in a cache of %d", n-1, s.most)
	}
	var err error
	g.each(r, func(i int) {
		if kind == wire.OpKeep {
			s.keep(f, g.tile(i), slot)
		} else if err == nil {
			err = s.paint(f, g.tile(i), g.tile(i), slot)
		}
		slot++
	})
	return err
}

func (s *tileSlots) keep(f *picture.Frame, t picture.Rect, slot int) {
	for len(s.tiles) <= slot {
		s.tiles = append(s.tiles, keptTile{})
	}
	k := &s.tiles[slot]
	k.w, k.h, k.pix = t.W, t.H, k.pix[:0]
	for y := range t.H {
		k.pix = append(k.pix, f.Row(t.Y+y, t.X, t.X+t.W)...)
	}
}

// paint paints part of tile t as it is kept in a slot.
func (s *tileSlots) paint(f *picture.Frame, t, part picture.Rect, slot int) error {
	if slot >= len(s.tiles) || s.tiles[slot].w != t.W || s.tiles[slot].h != t.H {
		return fmt.Errorf("tile %v from slot %d, which has none of that size", t, slot)
	}
	pix := s.tiles[slot].pix
	for y := part.Y; y < part.Y+part.H; y++ {
		at := ((y-t.Y)*t.W + part.X - t.X) * 4
		copy(f.Row(y, part.X, part.X+part.W), pix[at:at+part.W*4])
	}
	return nil
}
