package guest

import (
	"testing"
	"time"

	"impero/core/picture"
	"impero/core/role"
	"impero/core/screen"
	"impero/core/wire"
)

// TestWhatIsNotThePictureDoesNotWaitForIt: a window asks for these on its own goroutine, and a Host decides how long an update
// takes to paint.
func TestWhatIsNotThePictureDoesNotWaitForIt(t *testing.T) {
	s := &Session{e: &Engine{now: time.Now}, shown: shown{decoder: decoded(t)}, updates: make(chan struct{}, 1)}
	s.shown.mu.Lock()
	defer s.shown.mu.Unlock()
	s.take(screen.Result{Sequence: 1}, 0)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Info()
		s.Cursor()
		s.Pointer()
		s.Display()
		s.DeniedCount(role.UseKeyboardMouse)
		s.Trace(true)
		s.Traced(nil)
		s.message(0, &wire.DisplayState{Ready: true})
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("something waits for the picture")
	}
}

func TestPaintedIsBounded(t *testing.T) {
	p := shown{decoder: decoded(t)}
	for i := range maxPainted {
		p.take(screen.Result{Changed: []picture.Rect{{X: i % 64, Y: i / 64, W: 1, H: 1}}})
	}
	if len(p.painted) != maxPainted {
		t.Fatalf("%d rectangles of %d", len(p.painted), maxPainted)
	}
	p.take(screen.Result{Changed: []picture.Rect{{X: 63, Y: 63, W: 1, H: 1}}})
	if want := (picture.Rect{W: 64, H: 64}); len(p.painted) != 1 || p.painted[0] != want {
		t.Errorf("too many became %v", p.painted)
	}
}
