package screen

import (
	"bytes"

	"impero/core/picture"
)

const (
	moveSamples = 16      // rows of a move that are looked at
	movePart    = 64      // pixels of a row that are compared at once
	minMove     = 64 * 16 // smaller moves are sent as pixels
	maxMoves    = 8       // hints looked at for one update
)

// checkMove cuts a hint to the frame and says whether copying within ref brings ref clearly closer to f: of the sampled
// pieces of rows that are wrong now, the copy must mend, after taking off those it spoils, at least a quarter.
func checkMove(ref, f *picture.Frame, m picture.Move) (picture.Move, bool) {
	dx, dy := m.Dst.X-m.FromX, m.Dst.Y-m.FromY
	dst := m.Dst.Intersect(f.Bounds())
	from := picture.Rect{X: dst.X - dx, Y: dst.Y - dy, W: dst.W, H: dst.H}.Intersect(f.Bounds())
	dst = picture.Rect{X: from.X + dx, Y: from.Y + dy, W: from.W, H: from.H}
	m = picture.Move{Dst: dst, FromX: from.X, FromY: from.Y}
	if dst.Area() < minMove || dx == 0 && dy == 0 {
		return m, false
	}
	wrong, gain := 0, 0
	for i := range min(moveSamples, dst.H) {
		y := i * dst.H / min(moveSamples, dst.H)
		for x := 0; x < dst.W; x += movePart {
			w := min(movePart, dst.W-x)
			want := f.Row(dst.Y+y, dst.X+x, dst.X+x+w)
			now := bytes.Equal(want, ref.Row(dst.Y+y, dst.X+x, dst.X+x+w))
			then := bytes.Equal(want, ref.Row(from.Y+y, from.X+x, from.X+x+w))
			if !now {
				wrong++
				if then {
					gain++
				}
			} else if !then {
				gain--
			}
		}
	}
	return m, gain > 0 && gain*4 >= wrong
}
