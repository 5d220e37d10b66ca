package viewer

import (
	"context"
	"sync"

	"impero/core/lab/barcode"
	"impero/core/lab/load"
	"impero/core/lab/measure"
	"impero/core/picture"
)

// source is a picture that comes from elsewhere, and a way to send keys there.
type source interface {
	// run calls look each time a whole new picture is decoded, until the source ends. The frame is look's until it returns.
	run(ctx context.Context, look func(*picture.Frame)) error
	// key presses or releases the key of the letter a.
	key(down bool) error
	// received is how many bytes have come.
	received() uint64
	// close makes run return.
	close()
}

// watch notes what a source shows.
type watch struct {
	source source
	places []barcode.Place
	done   chan struct{} // closed when run has returned
	err    error         // of run, after done
	news   chan struct{} // capacity 1: a new frame is shown

	mu     sync.Mutex // guards what follows
	shown  []measure.Shown
	moving *picture.Frame // the last frame when it was first shown
	calm   *picture.Frame // and as it is now
}

func newWatch(ctx context.Context, s source, places []barcode.Place) *watch {
	w := &watch{source: s, places: places, done: make(chan struct{}), news: make(chan struct{}, 1)}
	go func() {
		defer close(w.done)
		w.err = s.run(ctx, w.look)
	}()
	return w
}

// look reads the number in a picture.
func (w *watch) look(f *picture.Frame) {
	n, ok := barcode.ReadAll(f, w.places)
	if !ok {
		return
	}
	now := load.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.shown) == 0 || n.Frame > w.shown[len(w.shown)-1].Frame {
		w.shown = append(w.shown, measure.Shown{Frame: n.Frame, At: now})
		select {
		case w.news <- struct{}{}:
		default:
		}
	}
	if n.Last {
		w.calm = clone(w.calm, f)
		if w.moving == nil {
			w.moving = clone(nil, f)
		}
	}
}

func clone(to, f *picture.Frame) *picture.Frame {
	if to == nil || to.W != f.W || to.H != f.H {
		to = picture.NewFrame(f.W, f.H, f.Order)
	}
	copy(to.Pix, f.Pix)
	return to
}

// latest is the newest frame shown; false before the first.
func (w *watch) latest() (measure.Shown, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.shown) == 0 {
		return measure.Shown{}, false
	}
	return w.shown[len(w.shown)-1], true
}
