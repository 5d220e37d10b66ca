package screen

import (
	"math/bits"

	"impero/core/picture"
)

// grid cuts a desktop into tiles of tileSide, numbered by rows; those at the right and lower edge may be smaller.
type grid struct{ w, h, cols, rows int }

func newGrid(w, h int) grid {
	return grid{w: w, h: h, cols: (w + tileSide - 1) / tileSide, rows: (h + tileSide - 1) / tileSide}
}

func (g grid) tiles() int { return g.cols * g.rows }

// tile is the rectangle of tile i.
func (g grid) tile(i int) picture.Rect {
	x, y := i%g.cols*tileSide, i/g.cols*tileSide
	return picture.Rect{X: x, Y: y, W: min(tileSide, g.w-x), H: min(tileSide, g.h-y)}
}

// at is the rectangle of the tile that holds a pixel of the screen.
func (g grid) at(x, y int) picture.Rect { return g.tile(y/tileSide*g.cols + x/tileSide) }

// each calls f for every tile that r touches.
func (g grid) each(r picture.Rect, f func(i int)) {
	r = r.Intersect(picture.Rect{W: g.w, H: g.h})
	if r.Empty() {
		return
	}
	for row := r.Y / tileSide; row <= (r.Y+r.H-1)/tileSide; row++ {
		for col := r.X / tileSide; col <= (r.X+r.W-1)/tileSide; col++ {
			f(row*g.cols + col)
		}
	}
}

// mask is a set of tiles.
type mask []uint64

func newMask(n int) mask      { return make(mask, (n+63)/64) }
func (m mask) set(i int)      { m[i>>6] |= 1 << (i & 63) }
func (m mask) clear(i int)    { m[i>>6] &^= 1 << (i & 63) }
func (m mask) has(i int) bool { return m[i>>6]>>(i&63)&1 != 0 }
func (m mask) fill(n int) {
	for i := range n {
		m.set(i)
	}
}

// next is the first tile of m from i on, or -1.
func (m mask) next(i int) int {
	for w := i >> 6; w < len(m); w++ {
		v := m[w]
		if w == i>>6 {
			v &= ^uint64(0) << (i & 63)
		}
		if v != 0 {
			return w<<6 + bits.TrailingZeros64(v)
		}
	}
	return -1
}

// count is how many tiles m holds.
func (m mask) count() (n int) {
	for _, v := range m {
		n += bits.OnesCount64(v)
	}
	return n
}

// any says whether m holds a tile.
func (m mask) any() bool { return m.next(0) >= 0 }
