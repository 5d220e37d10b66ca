package screen

import (
	"time"

	"impero/core/picture"
)

// lossyTiles knows which tiles the viewers have with loss, and since when.
type lossyTiles struct {
	grid  grid
	since []time.Time // zero: the tile is exact
	count int
	old   []time.Time
}

func (l *lossyTiles) reset(g grid) {
	*l = lossyTiles{grid: g, since: make([]time.Time, g.tiles()), old: l.old}
}

func (l *lossyTiles) put(i int, t time.Time) {
	if l.since[i].IsZero() != t.IsZero() {
		if t.IsZero() {
			l.count--
		} else {
			l.count++
		}
	}
	l.since[i] = t
}

// lossy notes that r was sent with loss.
func (l *lossyTiles) lossy(r picture.Rect, now time.Time) {
	l.grid.each(r, func(i int) { l.put(i, now) })
}

// exact notes that r was sent without loss: tiles wholly inside are exact again, others with a loss were changed now.
func (l *lossyTiles) exact(r picture.Rect, now time.Time) {
	l.grid.each(r, func(i int) {
		if r.Contains(l.grid.tile(i)) {
			l.put(i, time.Time{})
		} else if !l.since[i].IsZero() {
			l.since[i] = now
		}
	})
}

// moved notes that dst holds what stood at (x, y): loss moves along.
func (l *lossyTiles) moved(dst picture.Rect, x, y int, now time.Time) {
	if l.count == 0 {
		return
	}
	l.old = append(l.old[:0], l.since...)
	l.grid.each(dst, func(i int) {
		part := l.grid.tile(i).Intersect(dst)
		loss := part != l.grid.tile(i) && !l.old[i].IsZero()
		l.grid.each(picture.Rect{X: part.X - dst.X + x, Y: part.Y - dst.Y + y, W: part.W, H: part.H}, func(j int) { loss = loss || !l.old[j].IsZero() })
		if loss {
			l.put(i, now)
		} else {
			l.put(i, time.Time{})
		}
	})
}

// oldest is the time of the loss that is longest ago; zero if there is none.
func (l *lossyTiles) oldest() (t time.Time) {
	if l.count == 0 {
		return t
	}
	for _, s := range l.since {
		if !s.IsZero() && (t.IsZero() || s.Before(t)) {
			t = s
		}
	}
	return t
}

// calm appends to out up to limit tiles whose loss is not after t.
func (l *lossyTiles) calm(t time.Time, limit int, out []int) []int {
	if l.count == 0 {
		return out
	}
	for i, s := range l.since {
		if !s.IsZero() && !s.After(t) {
			if out = append(out, i); len(out) == limit {
				break
			}
		}
	}
	return out
}
