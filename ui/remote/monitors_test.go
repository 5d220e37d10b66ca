package remote

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"impero/core/picture"
)

func TestOneMonitorAlone(t *testing.T) {
	test.NewTempApp(t)
	source := newSource(400, 300)
	source.layout = &picture.Layout{W: 400, H: 300, Monitors: []picture.Monitor{{Rect: picture.Rect{W: 200, H: 300}, Primary: true}, {Rect: picture.Rect{X: 200, Y: 100, W: 200, H: 200}}}}
	s := New(Options{Source: source, Input: &recorder{}, Post: func(f func()) { f() }})
	s.read(func(f *picture.Frame, c *changes) {})
	s.update()
	if len(s.Monitors()) != 2 || s.Monitor() != AllMonitors {
		t.Fatalf("%d monitors, shown %d", len(s.Monitors()), s.Monitor())
	}
	s.ShowMonitor(1)
	s.place(fyne.NewSize(400, 400))
	if s.seen != (area{0, 0, 400, 400}) || s.shown != (area{-400, -200, 800, 600}) || s.Scale() != 2 || s.clipped == nil {
		t.Errorf("seen %v of %v, at %v", s.seen, s.shown, s.Scale())
	}
	if x, y, ok := s.shown.pixel(1, 399, s.w, s.h); !ok || x != 200 || y != 299 {
		t.Errorf("the lower left is %d,%d", x, y)
	}
	var in recorder
	s.SetInput(&in)
	s.do(func(h *hands) { h.mouse.move(10, 350) })
	in.expect(t, "move 200,299")
	if w, h := s.Shown(); w != 200 || h != 200 {
		t.Errorf("%d × %d are shown", w, h)
	}
	s.surface.front = image.NewRGBA(image.Rect(0, 0, 400, 300))
	s.surface.front.SetRGBA(203, 107, color.RGBA{1, 2, 3, 255})
	img := s.Snapshot()
	if img.Rect.Dx() != 200 || img.Rect.Dy() != 200 || img.RGBAAt(3, 7) != (color.RGBA{1, 2, 3, 255}) {
		t.Errorf("a screenshot of %v", img.Rect)
	}
	s.SetMode(Actual)
	if got := s.least(); got != fyne.NewSize(200, 200) {
		t.Errorf("it takes %v", got)
	}
	source.layout = &picture.Layout{W: 400, H: 300, Monitors: source.layout.Monitors[:1]}
	before := s.changes.state()
	s.read(func(*picture.Frame, *changes) {})
	if s.changes.state() == before {
		t.Error("the new arrangement is not told")
	}
	s.update()
	if s.Monitor() != AllMonitors || s.clipped != nil || s.least() != fyne.NewSize(400, 300) {
		t.Error("a monitor that is gone is shown")
	}
}
