package screen

import (
	"bytes"
	"encoding/binary"

	"impero/core/picture"
)

const (
	maxColours   = 256
	fewColours   = 24 // so many make a palette whatever the picture looks like
	coloursShare = 32 // or so many pixels a colour
	colourSlots  = 1024
)

// colours counts the colours of a small rectangle. Its zero value is ready.
type colours struct {
	n       int                 // colours found; maxColours+1 if more
	same    int                 // pixels that equal their left neighbour
	list    [maxColours]uint32  // the colours, in order of appearance
	index   [maxTileArea]uint8  // each pixel's place in list; only if n ≤ maxColours
	key     [colourSlots]uint64 // hash table: current << 24 | colour
	place   [colourSlots]uint8  // and its place in list
	current uint64              // number of this count: older entries are free
}

// count looks at r of f (at most maxTileArea pixels) and stops when it is sure there are too many colours. Of one colour
// neither same nor index is told.
func (c *colours) count(f *picture.Frame, r picture.Rect) {
	c.n, c.same = 0, 0
	c.current += 1 << 24
	if px, ok := plain(f, r); ok {
		c.find(px)
		return
	}
	at := 0
	for y := r.Y; y < r.Y+r.H; y++ {
		row := f.Row(y, r.X, r.X+r.W)
		index := c.index[at : at+r.W]
		last, place := ^uint32(0), uint8(0)
		for i := range index {
			px := binary.LittleEndian.Uint32(row[i*4:]) & 0xffffff
			if px == last {
				c.same++
			} else {
				last = px
				if h := hashColour(px); c.key[h] == c.current|uint64(px) {
					place = c.place[h]
				} else if place = c.find(px); c.n > maxColours {
					return
				}
			}
			index[i] = place
		}
		at += r.W
	}
}

// plain says whether all of r is one colour, without a look at each pixel.
func plain(f *picture.Frame, r picture.Rect) (px uint32, ok bool) {
	first := f.Row(r.Y, r.X, r.X+r.W)
	if !bytes.Equal(first[4:], first[:len(first)-4]) {
		return 0, false
	}
	for y := r.Y + 1; y < r.Y+r.H; y++ {
		if !bytes.Equal(f.Row(y, r.X, r.X+r.W), first) {
			return 0, false
		}
	}
	return binary.LittleEndian.Uint32(first) & 0xffffff, true
}

func hashColour(px uint32) uint32 { return px * 0x9e3779b1 >> 22 }

// find gives px's place in the list and adds it; without room for it n becomes maxColours+1.
func (c *colours) find(px uint32) uint8 {
	key := c.current | uint64(px)
	for h := hashColour(px); ; h = (h + 1) % colourSlots {
		if c.key[h] == key {
			return c.place[h]
		}
		if c.key[h]>>24 == c.current>>24 {
			continue
		}
		if c.n == maxColours {
			c.n++
			return 0
		}
		c.key[h], c.place[h], c.list[c.n] = key, uint8(c.n), px
		c.n++
		return c.place[h]
	}
}

// drawn says whether what was counted, of so many pixels, looks drawn (text, controls) rather than photographed.
func (c *colours) drawn(area int) bool {
	return c.n <= maxColours && (c.n <= fewColours || c.same*2 > area || c.n*coloursShare <= area)
}
