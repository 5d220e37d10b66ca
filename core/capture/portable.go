//go:build unix || windows

package capture

import (
	"context"
	"fmt"
	"image"
	"runtime"
	"time"

	"github.com/kbinani/screenshot"

	"impero/core/picture"
)

const (
	portableTile = 64
	// How often the portable source looks: while things change, and up to this pause when nothing did.
	portableFast = time.Second / 30
	portableSlow = time.Second / 4
)

// portableSource polls the display and compares it with the last picture. It sees neither the cursor nor moves.
type portableSource struct {
	up      Update
	frame   *picture.Frame
	layout  *picture.Layout
	last    time.Time
	pause   time.Duration
	closed  bool
	bounds  func() []image.Rectangle // of the displays, the first is the primary one
	capture func(image.Rectangle) (*image.RGBA, error)
}

func openPortable(Config) (Source, error) {
	quietLibrary()
	s := &portableSource{bounds: displayBounds, capture: captureRect, pause: portableFast}
	if len(s.bounds()) == 0 {
		return nil, fmt.Errorf("%w: no monitor is active, or the program may not see the screen", ErrNoDisplay)
	}
	return s, nil
}

// captureRect stays on its thread: Windows takes what a display lends back only from the thread that borrowed it.
func captureRect(r image.Rectangle) (*image.RGBA, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return screenshot.CaptureRect(r)
}

func displayBounds() []image.Rectangle {
	n := min(screenshot.NumActiveDisplays(), MaxMonitors)
	var out []image.Rectangle
	for i := range n {
		if b := screenshot.GetDisplayBounds(i); !b.Empty() {
			out = append(out, b)
		}
	}
	return out
}

// Next implements Source. It looks at once if a pause has passed since the last look.
func (s *portableSource) Next(ctx context.Context) (*Update, error) {
	if s.closed {
		return nil, ErrClosed
	}
	for {
		if err := wait(ctx, time.Until(s.last.Add(s.pause))); err != nil {
			return nil, err
		}
		s.last = time.Now()
		u, err := s.look()
		if u != nil {
			s.pause = portableFast
		}
		if u != nil || err != nil {
			return u, err
		}
		s.pause = min(s.pause*5/4, portableSlow)
	}
}

// wait returns after d, or with ctx's error.
func wait(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close implements Source.
func (s *portableSource) Close() error {
	s.closed, s.frame = true, nil
	return nil
}

// look captures all displays and gives an Update if something changed, else nil.
func (s *portableSource) look() (*Update, error) {
	start := time.Now()
	bounds := s.bounds()
	if len(bounds) == 0 {
		return nil, ErrDisplayLost
	}
	var box image.Rectangle
	for _, b := range bounds {
		box = box.Union(b)
	}
	if err := picture.CheckSize(box.Dx(), box.Dy()); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrUnsupported, err)
	}
	u := &s.up
	*u = Update{Changed: u.Changed[:0]}
	l := layoutOf(bounds, box)
	fresh := s.frame == nil || !sameLayout(s.layout, l)
	if fresh {
		s.frame = picture.NewFrame(l.W, l.H, picture.BGRX)
		s.layout, u.Layout = l, l
	}
	for i, b := range bounds {
		img, err := s.capture(b)
		if err != nil {
			return nil, fmt.Errorf("%w: %v", ErrDisplayLost, err)
		}
		if img.Rect.Dx() != b.Dx() || img.Rect.Dy() != b.Dy() {
			return nil, nil // it changes its size this very moment
		}
		u.Changed = merge(s.frame, l.Monitors[i].Rect, img, u.Changed)
	}
	if fresh {
		u.Changed = append(u.Changed[:0], s.frame.Bounds())
	}
	if len(u.Changed) == 0 {
		return nil, nil
	}
	u.Frame, u.Took = s.frame, time.Since(start)
	return u, nil
}

func layoutOf(bounds []image.Rectangle, box image.Rectangle) *picture.Layout {
	l := &picture.Layout{W: box.Dx(), H: box.Dy()}
	for i, b := range bounds {
		b = b.Sub(box.Min)
		l.Monitors = append(l.Monitors, picture.Monitor{Name: fmt.Sprintf("Display %d", i+1), Primary: i == 0,
			Rect: picture.Rect{X: b.Min.X, Y: b.Min.Y, W: b.Dx(), H: b.Dy()}})
	}
	return l
}

func sameLayout(a, b *picture.Layout) bool {
	if a == nil || a.W != b.W || a.H != b.H || len(a.Monitors) != len(b.Monitors) {
		return false
	}
	for i := range a.Monitors {
		if a.Monitors[i] != b.Monitors[i] {
			return false
		}
	}
	return true
}

// merge puts img into f at r and adds the tiles that differ, joined along rows, to changed.
func merge(f *picture.Frame, r picture.Rect, img *image.RGBA, changed []picture.Rect) []picture.Rect {
	row := make([]byte, portableTile*4)
	for y := 0; y < r.H; y += portableTile {
		h := min(portableTile, r.H-y)
		run := picture.Rect{}
		for x := 0; x < r.W; x += portableTile {
			w := min(portableTile, r.W-x)
			differs := false
			for i := range h {
				from := img.Pix[img.PixOffset(img.Rect.Min.X+x, img.Rect.Min.Y+y+i):][:w*4]
				to := f.Row(r.Y+y+i, r.X+x, r.X+x+w)
				swapOpaque(row, from)
				if string(row[:w*4]) != string(to) {
					differs = true
					copy(to, row)
				}
			}
			tile := picture.Rect{X: r.X + x, Y: r.Y + y, W: w, H: h}
			if differs {
				run = run.Union(tile)
			} else if !run.Empty() {
				changed, run = append(changed, run), picture.Rect{}
			}
		}
		if !run.Empty() {
			changed = append(changed, run)
		}
	}
	return changed
}
