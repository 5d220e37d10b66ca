package screen

import (
	"bytes"
	"slices"
	"time"

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

// chainMoves puts newer hints before those that no update has taken up yet. Where a newer one goes on from an older, both
// together lead from what the viewers have to what is there now.
func chainMoves(older, newer []picture.Move) []picture.Move {
	if len(newer) == 0 {
		return older
	}
	var all []picture.Move
	for _, n := range newer {
		from := picture.Rect{X: n.FromX, Y: n.FromY, W: n.Dst.W, H: n.Dst.H}
		for _, o := range older {
			if both := from.Intersect(o.Dst); both.Area() >= minMove {
				all = append(all, picture.Move{Dst: picture.Rect{X: both.X + n.Dst.X - n.FromX, Y: both.Y + n.Dst.Y - n.FromY, W: both.W, H: both.H},
					FromX: both.X + o.FromX - o.Dst.X, FromY: both.Y + o.FromY - o.Dst.Y})
			}
		}
		all = append(all, n)
	}
	all = append(all, older...)
	return all[:min(len(all), maxMoves)]
}

const (
	maxCopies   = 8                      // of one search
	searchTiles = 6                      // fewer changed tiles are not worth a search
	leastPause  = time.Second / 60       // after a search that found nothing; it doubles with each …
	mostPause   = 16 * leastPause        // … to this at most
	forgetAfter = 250 * time.Millisecond // a search after such a calm is of something new
)

// mover finds what was only moved: where a capture hints at it, where the last scroll went on, and by a search. It looks
// where that can pay: a search that finds nothing is repeated at longer and longer distances.
type mover struct {
	last     []picture.Move // what the last search found: the likeliest next time
	misses   int            // searches in vain since the last hit
	next     time.Time      // no search before
	searched time.Time      // when it was last worth a search
	finder   shiftFinder
	where    shiftMap
	rects    []picture.Rect
}

// reset forgets what was found so far.
func (m *mover) reset() { m.last, m.misses, m.next = m.last[:0], 0, time.Time{} }

// hinted appends those of the hints, or else of the last search's moves, that bring ref closer to f. do does a move in ref.
func (m *mover) hinted(ref, f *picture.Frame, hints []picture.Move, out []picture.Move, do func(picture.Move)) []picture.Move {
	for _, list := range [2][]picture.Move{hints[:min(len(hints), maxMoves)], m.last} {
		for _, h := range list {
			if h, ok := checkMove(ref, f, h); ok {
				do(h)
				out = append(out, h)
			}
		}
		if len(out) > 0 {
			break
		}
	}
	return out
}

// worth says whether a search in so many changed tiles, which box bounds, is likely to pay now, after moves of so many pixels.
func (m *mover) worth(tiles int, box picture.Rect, moved int, now time.Time) bool {
	if tiles < searchTiles || tiles*maxTileArea*2 < moved || box.W < minCopy || box.H < minCopy {
		return false
	}
	if now.Sub(m.searched) > forgetAfter {
		m.misses, m.next = 0, time.Time{}
	}
	m.searched = now
	return !now.Before(m.next)
}

// search looks for a scroll of what changed, which box bounds, and appends the moves that it is made of. do is as for hinted.
func (m *mover) search(ref, f *picture.Frame, box picture.Rect, out []picture.Move, do func(picture.Move), now time.Time) []picture.Move {
	found := len(out)
	for _, across := range [2]bool{false, true} {
		d, ok := m.finder.find(ref, f, box, across)
		if !ok || d == 0 {
			continue
		}
		out = m.extent(ref, f, box, d, across, out, do)
		break
	}
	if len(out) > found {
		m.last = append(m.last[:0], out[found:]...)
		m.misses, m.next = 0, time.Time{}
		return out
	}
	m.next = now.Add(min(leastPause<<m.misses, mostPause))
	m.misses = min(m.misses+1, 8)
	return out
}

// extent finds where a scroll by d happened.
func (m *mover) extent(ref, f *picture.Frame, box picture.Rect, d int, across bool, out []picture.Move, do func(picture.Move)) []picture.Move {
	dx, dy := 0, d
	if across {
		dx, dy = d, 0
	}
	m.where.look(ref, f, box, dx, dy)
	if across {
		m.rects = m.where.sideways(m.rects[:0])
	} else {
		m.rects = m.where.down(m.rects[:0])
	}
	slices.SortFunc(m.rects, func(a, b picture.Rect) int { return b.Area() - a.Area() })
	for _, r := range m.rects[:min(len(m.rects), maxCopies)] {
		if r.W < minCopy || r.H < minCopy {
			continue
		}
		if h, ok := checkMove(ref, f, picture.Move{Dst: r, FromX: r.X + dx, FromY: r.Y + dy}); ok {
			do(h)
			out = append(out, h)
		}
	}
	return out
}
