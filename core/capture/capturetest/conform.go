// Package capturetest has the conformance suite that every capture.Source passes.
package capturetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"impero/core/capture"
	"impero/core/picture"
)

// patience is how long a source may take to see a change on a busy machine.
const patience = 30 * time.Second

// Subject is a source under test.
type Subject struct {
	Open func(t *testing.T) capture.Source
	// Change draws something on the display, differently for each n. Nil says that the source changes by itself.
	Change func(t *testing.T, n int)
	// NoCursor says that the source sees no cursor.
	NoCursor bool
	// Steps is how many changes to look at; 20 if 0.
	Steps int
}

// Conform checks what every Source promises.
func Conform(t *testing.T, s Subject) {
	if s.Steps == 0 {
		s.Steps = 20
	}
	each := func(name string, f func(t *testing.T, s Subject, src capture.Source)) {
		t.Run(name, func(t *testing.T) {
			src := s.Open(t)
			defer src.Close()
			f(t, s, src)
		})
	}
	each("the first update is complete", firstIsComplete)
	each("every difference is in Changed", coversChanges)
	each("an ended context is heeded", heedsContext)
	each("a wait goes on after an ended context", resumes)
	each("close is idempotent and final", closes)
	each("sources do not disturb each other", independent)
}

func next(t *testing.T, src capture.Source) *capture.Update {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	u, err := src.Next(ctx)
	if err != nil {
		t.Fatalf("next: %v", err)
	}
	return u
}

func firstIsComplete(t *testing.T, s Subject, src capture.Source) {
	u := next(t, src)
	f := u.Frame
	if err := picture.CheckSize(f.W, f.H); err != nil || f.Order != picture.BGRX || len(f.Pix) != f.W*f.H*4 {
		t.Fatalf("frame of %d × %d, order %d, %d bytes: %v", f.W, f.H, f.Order, len(f.Pix), err)
	}
	if !slices.ContainsFunc(u.Changed, func(r picture.Rect) bool { return r.Contains(f.Bounds()) }) {
		t.Errorf("changed is %v, not all", u.Changed)
	}
	if u.Layout == nil {
		t.Fatal("no layout")
	}
	checkUpdate(t, u)
	if (u.Cursor == nil) != s.NoCursor {
		t.Errorf("cursor is %v", u.Cursor)
	}
	if !s.NoCursor && !u.CursorMoved {
		t.Error("the first place of the cursor is not new")
	}
}

// checkUpdate checks what holds for every update by itself.
func checkUpdate(t *testing.T, u *capture.Update) {
	t.Helper()
	for _, r := range u.Changed {
		if r.Empty() || !u.Frame.Bounds().Contains(r) {
			t.Errorf("changed holds %v, not inside %v", r, u.Frame.Bounds())
		}
	}
	for _, m := range u.Moves {
		from := picture.Rect{X: m.FromX, Y: m.FromY, W: m.Dst.W, H: m.Dst.H}
		if m.Dst.Empty() || !u.Frame.Bounds().Contains(m.Dst) || !u.Frame.Bounds().Contains(from) {
			t.Errorf("move of %v to %v is not inside the frame", from, m.Dst)
		}
	}
	for i := 3; i < len(u.Frame.Pix); i += 4 {
		if u.Frame.Pix[i] != 255 {
			t.Fatalf("fourth byte of pixel %d is %d", i/4, u.Frame.Pix[i])
		}
	}
	if l := u.Layout; l != nil {
		primary := 0
		for _, m := range l.Monitors {
			if m.Rect.Empty() || !u.Frame.Bounds().Contains(m.Rect) || len(m.Name) > 64 {
				t.Errorf("monitor %q at %v is not inside %v", m.Name, m.Rect, u.Frame.Bounds())
			}
			if m.Primary {
				primary++
			}
		}
		if l.W != u.Frame.W || l.H != u.Frame.H || len(l.Monitors) == 0 || len(l.Monitors) > capture.MaxMonitors || primary != 1 {
			t.Errorf("layout %v does not fit a frame of %d × %d", l, u.Frame.W, u.Frame.H)
		}
	}
	if c := u.Cursor; c != nil {
		if c.W < 0 || c.H < 0 || c.W > picture.MaxCursorSide || c.H > picture.MaxCursorSide || len(c.Pix) != c.W*c.H*4 ||
			c.W > 0 && (c.HotX < 0 || c.HotY < 0 || c.HotX >= c.W || c.HotY >= c.H) {
			t.Errorf("cursor of %d × %d with hot spot %d, %d and %d bytes", c.W, c.H, c.HotX, c.HotY, len(c.Pix))
		}
	}
}

func coversChanges(t *testing.T, s Subject, src capture.Source) {
	old := clone(next(t, src).Frame)
	for n := range s.Steps {
		if s.Change != nil {
			s.Change(t, n)
		}
		u := next(t, src)
		checkUpdate(t, u)
		if u.Layout != nil && (u.Layout.W != old.W || u.Layout.H != old.H) {
			if len(u.Changed) != 1 || u.Changed[0] != u.Frame.Bounds() {
				t.Fatalf("step %d: a new size, but changed is %v", n, u.Changed)
			}
		} else {
			checkCovered(t, n, old, u)
		}
		old = clone(u.Frame)
	}
}

func checkCovered(t *testing.T, n int, old *picture.Frame, u *capture.Update) {
	t.Helper()
	if old.W != u.Frame.W || old.H != u.Frame.H {
		t.Fatalf("step %d: a frame of another size without a layout", n)
	}
	covered := make([]bool, old.W*old.H)
	for _, r := range u.Changed {
		for y := r.Y; y < r.Y+r.H; y++ {
			for x := r.X; x < r.X+r.W; x++ {
				covered[y*old.W+x] = true
			}
		}
	}
	for i := range covered {
		if !covered[i] && string(old.Pix[i*4:i*4+4]) != string(u.Frame.Pix[i*4:i*4+4]) {
			t.Fatalf("step %d: pixel %d, %d changed, but changed is %v", n, i%old.W, i/old.W, u.Changed)
		}
	}
}

func clone(f *picture.Frame) *picture.Frame {
	c := *f
	c.Pix = slices.Clone(f.Pix)
	return &c
}

// settle takes updates until none comes for a while; false if they never end.
func settle(t *testing.T, src capture.Source) bool {
	t.Helper()
	for range 50 {
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		_, err := src.Next(ctx)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			return true
		}
		if err != nil {
			t.Fatalf("next: %v", err)
		}
	}
	return false
}

func heedsContext(t *testing.T, s Subject, src capture.Source) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := src.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("with a cancelled context: got %v", err)
	}
	next(t, src)
	if s.Change == nil {
		return
	}
	if !settle(t, src) {
		t.Fatal("updates never end although nothing changes")
	}
	ctx, cancel = context.WithCancel(context.Background())
	started := time.Now()
	timer := time.AfterFunc(50*time.Millisecond, cancel)
	defer timer.Stop()
	if _, err := src.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled while it waits: got %v", err)
	}
	if d := time.Since(started); d > 2*time.Second {
		t.Errorf("cancelled after 50 ms, returned after %v", d)
	}
}

// resumes checks that a change seen while no one waited is not lost.
func resumes(t *testing.T, s Subject, src capture.Source) {
	old := clone(next(t, src).Frame)
	if s.Change == nil {
		return
	}
	settle(t, src)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s.Change(t, 1000)
	if _, err := src.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("with a cancelled context: got %v", err)
	}
	for u := next(t, src); ; u = next(t, src) {
		checkCovered(t, 0, old, u)
		if !slices.Equal(u.Frame.Pix, old.Pix) {
			return
		}
	}
}

func closes(t *testing.T, s Subject, src capture.Source) {
	next(t, src)
	for range 2 {
		if err := src.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
	}
	if _, err := src.Next(context.Background()); !errors.Is(err, capture.ErrClosed) {
		t.Errorf("next after close: got %v, want ErrClosed", err)
	}
	unused := s.Open(t)
	if err := unused.Close(); err != nil {
		t.Errorf("close before the first next: %v", err)
	}
}

func independent(t *testing.T, s Subject, src capture.Source) {
	other := s.Open(t)
	next(t, src)
	next(t, other)
	if err := other.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	if s.Change != nil {
		s.Change(t, 2000)
	}
	next(t, src)
}
