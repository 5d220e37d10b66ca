package screen

import (
	"time"

	"impero/core/wire"
)

// NextRefresh is when Refresh will have something to send; the zero time if all that the viewers have is exact.
func (e *Encoder) NextRefresh() time.Time {
	if e.sync || e.lossy.count == 0 {
		return time.Time{}
	}
	return e.lossy.oldest().Add(e.cfg.RefreshAfter)
}

// Refresh appends an Update that sends, without loss, up to RefreshTiles tiles which went with loss and have not changed
// for RefreshAfter, fewer on a slow way. It needs no frame: the tiles come from what the last one left. Results are as those of Encode.
func (e *Encoder) Refresh(dst []byte, now time.Time) (out []byte, seq uint32, ok bool, err error) {
	if e.sync || e.ref == nil {
		return dst, 0, false, nil
	}
	e.videos.endCalm(now.Add(-e.cfg.RefreshAfter))
	e.tiles = e.lossy.calm(now.Add(-e.cfg.RefreshAfter), e.pace.refresh(e.cfg.RefreshTiles), e.tiles[:0])
	if len(e.tiles) == 0 {
		return dst, 0, false, nil
	}
	e.prepare(e.ref)
	e.coder.begin()
	e.cache.begin()
	e.copies = e.copies[:0]
	e.rects = e.rects[:0]
	for _, i := range e.tiles {
		if slot, ok := e.cache.find(e.ref, i); ok { // what a window uncovered while it was moved
			e.coder.ops = appendSlot(e.coder.ops, wire.OpCached, e.grid.tile(i), slot)
		} else {
			e.rects = append(e.rects, e.grid.tile(i))
		}
	}
	e.coded = len(e.rects)
	e.coder.add(e.ref, e.rects, false)
	return e.finish(dst, e.ref, now)
}
