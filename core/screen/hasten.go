package screen

import (
	"time"

	"impero/core/picture"
)

const (
	longWait    = 300 * time.Millisecond // what would be on its way for longer is shown coarse first
	shortWait   = 20 * time.Millisecond  // or for so long, if that goes on:
	strainSpan  = 250 * time.Millisecond // of each such span
	strainShare = 0.6                    // tiles take so much
	strainSpans = 2                      // in so many spans in a row
	easyShare   = 0.3                    // a page goes on as tiles when they would take no more than so much of the time
	hastenFill  = 25                     // per cent of its box that must have changed
)

// hasten makes a video of what changed if it would keep the way busy for long as tiles, or if the way does not keep up
// with its changes: the video's first picture is coarse and there soon, whatever follows is too, and once that calms down
// the refresh makes it exact. What the viewers keep comes from there all the same.
func (e *Encoder) hasten(f *picture.Frame, now time.Time) {
	if e.sync || e.videos.format == nil {
		return
	}
	long := longWait
	if e.strain.spans >= strainSpans {
		long = shortWait
	}
	if e.pace.takes(e.changedArea()) < long {
		return
	}
	box, area, tiles := picture.Rect{}, 0, 0
	for i := e.differ.changed.next(0); i >= 0; i = e.differ.changed.next(i + 1) {
		t := e.grid.tile(i)
		n := e.differ.area(i, t)
		if t.W&1 != 0 || t.H&1 != 0 {
			continue // at an edge: no video holds it
		}
		if n*keepShare >= t.Area() {
			if _, ok := e.cache.find(f, i); ok {
				continue
			}
		}
		box, area, tiles = box.Union(t), area+n, tiles+1
	}
	if e.pace.takes(area) < long || tiles*maxTileArea*100 < box.Area()*hastenFill {
		return
	}
	e.videos.begin(box, ContentPage, now)
	e.videos.claim(ContentPage, &e.differ, &e.pace, now)
	e.pace.key(box.Area())
}

// changedArea is how many pixels changed.
func (e *Encoder) changedArea() (n int) {
	for i := e.differ.changed.next(0); i >= 0; i = e.differ.changed.next(i + 1) {
		n += e.differ.area(i, e.grid.tile(i))
	}
	return n
}

// strain is how busy tiles keep the way. The zero value is a way not used yet.
type strain struct {
	since time.Time     // a span began
	spent time.Duration // of it, that tiles take
	spans int           // in a row of which tiles took much
}

// note notes an update whose tiles take so long.
func (s *strain) note(takes time.Duration, now time.Time) {
	if past := now.Sub(s.since); past >= strainSpan {
		if s.spans++; float64(s.spent) < float64(past)*strainShare {
			s.spans = 0
		}
		s.since, s.spent = now, 0
	}
	s.spent += takes
}
