//go:build unix && !darwin

package capture

import "impero/core/picture"

const (
	maxWindows  = 1024 // windows whose places we keep
	maxMoves    = 8    // hints in one update
	minMoveSide = 64   // smaller windows are not worth a hint
)

// windowPlaces remembers where the top windows of a display stand, to hint at moves. The zero value is ready.
type windowPlaces struct {
	at    map[uint32]picture.Rect
	moved []movedWindow
}

type movedWindow struct {
	id   uint32
	from picture.Rect // its place at the last update
}

func (p *windowPlaces) placed(id uint32, r picture.Rect) {
	old, known := p.at[id]
	if !known && len(p.at) >= maxWindows {
		return
	}
	if p.at == nil {
		p.at = make(map[uint32]picture.Rect)
	}
	p.at[id] = r
	if !known || old.W != r.W || old.H != r.H || old == r || r.W < minMoveSide || r.H < minMoveSide || len(p.moved) >= maxMoves {
		return
	}
	for _, m := range p.moved {
		if m.id == id {
			return
		}
	}
	p.moved = append(p.moved, movedWindow{id, old})
}

func (p *windowPlaces) gone(id uint32) { delete(p.at, id) }

// take adds the moves since the last call to out, cut so that both ends lie inside bounds.
func (p *windowPlaces) take(out []picture.Move, bounds picture.Rect) []picture.Move {
	for _, m := range p.moved {
		to, ok := p.at[m.id]
		if !ok || to.W != m.from.W || to.H != m.from.H {
			continue
		}
		dx, dy := to.X-m.from.X, to.Y-m.from.Y
		src := m.from.Intersect(bounds)
		dst := picture.Rect{X: src.X + dx, Y: src.Y + dy, W: src.W, H: src.H}.Intersect(bounds)
		if dst.Empty() || dx == 0 && dy == 0 {
			continue
		}
		out = append(out, picture.Move{Dst: dst, FromX: dst.X - dx, FromY: dst.Y - dy})
	}
	p.moved = p.moved[:0]
	return out
}
