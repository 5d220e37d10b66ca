package screen

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"github.com/zeebo/xxh3"

	"impero/core/picture"
)

const (
	stripSide  = 128 // pixels of a row that are hashed at once
	bandSide   = 32  // rows that the hash of a column goes over
	strips     = 4   // at most so many of either are looked at, spread over the changed box
	minVotes   = 16  // lines that must agree on a distance
	votesShare = 8   // and at least one in so many of those that changed
)

// shiftFinder finds by how much the content of a box was scrolled, along one axis. Lines (rows, or columns) of the new
// picture are looked for among those of the old: each that stands there just once votes for its distance.
// Its zero value is ready; it keeps its tables for the next call.
type shiftFinder struct {
	slots   []shiftSlot // hash table of the old picture's lines
	current uint32      // number of the table's content: other entries are free
	votes   []uint16    // a distance, from −lines to lines
	voters  int
	old     []uint64 // hashes of lines
	new     []uint64
}

type shiftSlot struct {
	hash    uint64
	line    int32 // −1: several lines have this hash
	current uint32
}

// find gives the distance d for which most lines of box in f stand in ref d lines further on; ok is false if no distance
// convinces. across looks for a sideways scroll instead.
func (s *shiftFinder) find(ref, f *picture.Frame, box picture.Rect, across bool) (d int, ok bool) {
	lines, span, side := box.H, box.W, stripSide
	if across {
		lines, span, side = box.W, box.H, bandSide
	}
	s.begin(lines)
	n := min(strips, max(1, span/side))
	for i := range n {
		part := box
		at, size := i*span/n+(span/n-min(side, span/n))/2, min(side, span/n)
		if across {
			part.Y, part.H = box.Y+at, size
			s.old, s.new = columnHashes(s.old, ref, part), columnHashes(s.new, f, part)
		} else {
			part.X, part.W = box.X+at, size
			s.old, s.new = rowHashes(s.old, ref, part), rowHashes(s.new, f, part)
		}
		s.vote()
	}
	return s.winner(lines)
}

func (s *shiftFinder) begin(lines int) {
	if n := 1 << bits.Len(uint(2*lines)); len(s.slots) < n {
		s.slots, s.current = make([]shiftSlot, n), 0
	}
	if n := 2*lines + 1; cap(s.votes) < n {
		s.votes = make([]uint16, n)
	} else {
		s.votes = s.votes[:n]
		clear(s.votes)
	}
	s.voters = 0
}

// vote counts the distances of the lines in new from where old has them.
func (s *shiftFinder) vote() {
	s.current++
	for i, h := range s.old {
		if slot := s.slot(h); slot.current != s.current {
			*slot = shiftSlot{h, int32(i), s.current}
		} else {
			slot.line = -1
		}
	}
	for i, h := range s.new {
		if h == s.old[i] {
			continue
		}
		s.voters++
		if slot := s.slot(h); slot.current == s.current && slot.line >= 0 {
			s.votes[int(slot.line)-i+len(s.new)]++
		}
	}
}

// slot is the entry of h, or the free one where it belongs.
func (s *shiftFinder) slot(h uint64) *shiftSlot {
	for i := h; ; i++ {
		slot := &s.slots[i&uint64(len(s.slots)-1)]
		if slot.current != s.current || slot.hash == h {
			return slot
		}
	}
}

func (s *shiftFinder) winner(lines int) (d int, ok bool) {
	best := 0
	for i, n := range s.votes {
		if n > s.votes[best] {
			best = i
		}
	}
	n := int(s.votes[best])
	return best - lines, n >= minVotes && n*votesShare >= s.voters
}

// rowHashes gives a hash of each row of r in f; the result reuses out.
func rowHashes(out []uint64, f *picture.Frame, r picture.Rect) []uint64 {
	out = out[:0]
	for y := r.Y; y < r.Y+r.H; y++ {
		out = append(out, xxh3.Hash(f.Row(y, r.X, r.X+r.W)))
	}
	return out
}

// columnHashes is rowHashes of columns: a row at a time, as memory likes it, so the hash is one that grows by words.
func columnHashes(out []uint64, f *picture.Frame, r picture.Rect) []uint64 {
	const prime = 0x9e3779b97f4a7c15
	if cap(out) < r.W {
		out = make([]uint64, r.W)
	}
	out = out[:r.W]
	clear(out)
	for y := r.Y; y < r.Y+r.H; y++ {
		row := f.Row(y, r.X, r.X+r.W)
		for i, h := range out {
			h = (h ^ uint64(binary.LittleEndian.Uint32(row[i*4:]))) * prime
			out[i] = h ^ h>>29
		}
	}
	return out
}

const (
	cellSide   = 16 // pixels of a row that are one cell of a shiftMap
	cellsAtRow = 16 // cells compared at once before they are compared one by one
	maxGap     = 24 // lines that may differ within a run: the comparison afterwards mends them
	minCopy    = 64 // the least side of a copy that a search found
	edgeSlack  = 16 // by how much the ends of neighbouring runs may differ for one copy to hold both
)

// shiftMap says where in a box f equals ref shifted by a distance, and joins that to rectangles. Its zero value is ready.
type shiftMap struct {
	box   picture.Rect
	cols  int
	cells []bool // cellSide × 1 pixels each
	runs  []run
}

// run is where a line of cells equals: from ≤ i < to, n of them really.
type run struct{ from, to, n int }

// look compares f with ref (dx, dy) further on, in box, of which the part is used whose source lies in the frame.
func (m *shiftMap) look(ref, f *picture.Frame, box picture.Rect, dx, dy int) {
	src := picture.Rect{X: box.X + dx, Y: box.Y + dy, W: box.W, H: box.H}.Intersect(ref.Bounds())
	m.box = picture.Rect{X: src.X - dx, Y: src.Y - dy, W: src.W, H: src.H}
	m.cols = (m.box.W + cellSide - 1) / cellSide
	if n := m.cols * m.box.H; cap(m.cells) < n {
		m.cells = make([]bool, n)
	} else {
		m.cells = m.cells[:n]
		clear(m.cells)
	}
	for y := range m.box.H {
		a := f.Row(m.box.Y+y, m.box.X, m.box.X+m.box.W)
		b := ref.Row(src.Y+y, src.X, src.X+src.W)
		m.row(a, b, m.cells[y*m.cols:(y+1)*m.cols])
	}
}

func (m *shiftMap) row(a, b []byte, cells []bool) {
	const size = cellSide * 4
	for i := 0; i < len(cells); i += cellsAtRow {
		part := cells[i:min(i+cellsAtRow, len(cells))]
		from, to := i*size, min((i+len(part))*size, len(a))
		if bytes.Equal(a[from:to], b[from:to]) {
			for j := range part {
				part[j] = true
			}
			continue
		}
		for j := range part {
			from, to := (i+j)*size, min((i+j+1)*size, len(a))
			part[j] = bytes.Equal(a[from:to], b[from:to])
		}
	}
}

// down gives the rectangles in which columns of cells equal along the rows.
func (m *shiftMap) down(out []picture.Rect) []picture.Rect {
	m.runs = m.runs[:0]
	for x := range m.cols {
		m.runs = append(m.runs, longestRun(m.box.H, maxGap, func(y int) bool { return m.cells[y*m.cols+x] }))
	}
	for from, to := range m.joined(edgeSlack) {
		r := picture.Rect{X: m.box.X + from*cellSide, Y: m.box.Y + m.runs[from].from, W: (to - from) * cellSide, H: m.runs[from].to - m.runs[from].from}
		out = append(out, r.Intersect(m.box))
	}
	return out
}

// sideways gives the rectangles in which bands of cellSide rows equal along the columns.
func (m *shiftMap) sideways(out []picture.Rect) []picture.Rect {
	m.runs = m.runs[:0]
	bands := (m.box.H + cellSide - 1) / cellSide
	for b := range bands {
		y0, y1 := b*cellSide, min((b+1)*cellSide, m.box.H)
		m.runs = append(m.runs, longestRun(m.cols, maxGap/cellSide, func(x int) bool {
			for y := y0; y < y1; y++ {
				if !m.cells[y*m.cols+x] {
					return false
				}
			}
			return true
		}))
	}
	for from, to := range m.joined(edgeSlack / cellSide) {
		r := picture.Rect{X: m.box.X + m.runs[from].from*cellSide, Y: m.box.Y + from*cellSide, W: (m.runs[from].to - m.runs[from].from) * cellSide, H: (to - from) * cellSide}
		out = append(out, r.Intersect(m.box))
	}
	return out
}

// longestRun is the run with the most i < n for which equal holds, with gaps of up to gap.
func longestRun(n, gap int, equal func(i int) bool) (best run) {
	var r run
	for i := range n {
		if !equal(i) {
			continue
		}
		if r.n == 0 || i-r.to > gap {
			r = run{from: i}
		}
		r.n++
		r.to = i + 1
		if r.n > best.n {
			best = r
		}
	}
	return best
}

// joined gives neighbouring runs (first, one after the last) whose ends differ by at most slack from the first's, which
// it narrows to what all of them have.
func (m *shiftMap) joined(slack int) func(yield func(from, to int) bool) {
	return func(yield func(from, to int) bool) {
		for from := 0; from < len(m.runs); {
			r := m.runs[from]
			to := from + 1
			for ; to < len(m.runs); to++ {
				o := m.runs[to]
				if o.n == 0 || max(r.from, o.from)-min(r.from, o.from) > slack || max(r.to, o.to)-min(r.to, o.to) > slack {
					break
				}
				r.from, r.to = max(r.from, o.from), min(r.to, o.to)
			}
			m.runs[from] = r
			if r.n > 0 && !yield(from, to) {
				return
			}
			from = to
		}
	}
}
