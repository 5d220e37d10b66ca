package remote

import (
	"sync"

	"impero/core/picture"
)

// changes keeps what each of the two ways to show the picture has not taken
// yet: only one of them is in use at a time, and the other one must be right
// when its turn comes.
type changes struct {
	mu      sync.Mutex
	w, h    int            // guarded by mu: of the frame seen last
	pane    []picture.Rect // guarded by mu
	surface []picture.Rect // guarded by mu

	monitors []picture.Monitor // guarded by mu
	moves    uint16            // guarded by mu: how often monitors became others
}

// add notes what changed in a frame.
func (c *changes) add(w, h int, changed []picture.Rect) {
	if w != c.w || h != c.h {
		c.w, c.h = w, h
		c.forget()
		return
	}
	for _, r := range changed {
		c.pane, c.surface = bounded(append(c.pane, r)), bounded(append(c.surface, r))
	}
}

// forget has both take everything.
func (c *changes) forget() {
	all := picture.Rect{W: c.w, H: c.h}
	c.pane, c.surface = append(c.pane[:0], all), append(c.surface[:0], all)
}

// size is the frame's, 0 × 0 before the first.
func (c *changes) size() (w, h int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.w, c.h
}

// maxWaiting bounds a list of rectangles that wait to be shown; past it their
// union stands for them.
const maxWaiting = 256

// bounded makes one rectangle of too many.
func bounded(rects []picture.Rect) []picture.Rect {
	if len(rects) <= maxWaiting {
		return rects
	}
	var all picture.Rect
	for _, r := range rects {
		all = all.Union(r)
	}
	return append(rects[:0], all)
}

// sensible tells whether a frame can be shown.
func sensible(f *picture.Frame) bool {
	return f != nil && f.W > 0 && f.H > 0 && len(f.Pix) >= f.W*f.H*4
}
