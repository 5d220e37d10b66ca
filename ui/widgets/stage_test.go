package widgets

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"impero/ui/theme"
)

// stage is a window with a Frame around what is tested.
type stage struct {
	t      *testing.T
	w      fyne.Window
	frame  *Frame
	unused []fyne.KeyName // keys that came to the frame
}

func newStage(t *testing.T, o fyne.CanvasObject) *stage {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.Fixed(fynetheme.VariantLight))
	s := &stage{t: t, w: test.NewWindow(nil)}
	t.Cleanup(s.w.Close)
	s.frame = NewFrame(FrameOptions{Content: o, OnKey: func(ev *fyne.KeyEvent) bool {
		s.unused = append(s.unused, ev.Name)
		return true
	}})
	s.frame.Attach(s.w)
	s.w.Resize(fyne.NewSize(600, 400))
	return s
}

// press sends keys the way a driver does: to the focused widget, else to the
// canvas.
func (s *stage) press(keys ...fyne.KeyName) {
	s.t.Helper()
	for _, k := range keys {
		ev := &fyne.KeyEvent{Name: k}
		f := s.w.Canvas().Focused()
		if k == fyne.KeyTab {
			if a, ok := f.(fyne.Tabbable); !ok || !a.AcceptsTab() {
				s.w.Canvas().FocusNext()
				continue
			}
		}
		if f != nil {
			f.TypedKey(ev)
		} else if on := s.w.Canvas().OnTypedKey(); on != nil {
			on(ev)
		}
	}
}

// enter types text into the focused widget.
func (s *stage) enter(text string) {
	for _, r := range text {
		s.w.Canvas().Focused().TypedRune(r)
	}
}

// fakeClock is a clock that a test moves.
type fakeClock struct {
	at      time.Time
	waiting []*fakeWait
}

type fakeWait struct {
	at time.Time
	f  func()
}

func (c *fakeClock) clock() clock {
	return clock{now: func() time.Time { return c.at }, after: func(d time.Duration, f func()) func() {
		w := &fakeWait{at: c.at.Add(d), f: f}
		c.waiting = append(c.waiting, w)
		return func() { w.f = func() {} }
	}}
}

// pass lets time go by.
func (c *fakeClock) pass(d time.Duration) {
	c.at = c.at.Add(d)
	var later []*fakeWait
	for _, w := range c.waiting {
		if w.at.After(c.at) {
			later = append(later, w)
			continue
		}
		w.f()
	}
	c.waiting = later
}

func mouse(x, y float32, b desktop.MouseButton, m fyne.KeyModifier) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y), AbsolutePosition: fyne.NewPos(x, y)}, Button: b, Modifier: m}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
