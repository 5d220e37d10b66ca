package remote

import (
	"math"
	"reflect"

	"fyne.io/fyne/v2"

	"impero/core/picture"
	"impero/ui/native/pane"
)

// Move implements fyne.CanvasObject: a scroller moves the picture.
func (s *Screen) Move(at fyne.Position) {
	s.BaseWidget.Move(at)
	s.Arrange()
}

// Arrange puts the pane where the picture is, and again a turn later: a widget
// is not told when what it stands in moves.
func (s *Screen) Arrange() {
	if !s.Attached() {
		return
	}
	s.arrange()
	if !s.native.again {
		s.native.again = true
		go s.o.Post(func() {
			s.native.again = false
			s.arrange()
		})
	}
}

func (s *Screen) arrange() {
	p := s.native.pane.Load()
	if p == nil || !s.Attached() {
		return
	}
	g := s.geometry()
	if s.native.fresh || !reflect.DeepEqual(g, s.native.placed) {
		s.native.placed, s.native.fresh = g, false
		p.Place(g)
	}
}

// geometry is where everything lies, in pixels of the window.
func (s *Screen) geometry() pane.Geometry {
	d := s.density()
	driver := fyne.CurrentApp().Driver()
	at := driver.AbsolutePositionForObject(s)
	g := pane.Geometry{FrameW: s.w, FrameH: s.h, Whole: pixels(at.AddXY(s.shown.X, s.shown.Y), fyne.NewSize(s.shown.W, s.shown.H), d)}
	g.View = pixels(driver.AbsolutePositionForObject(s.native.view), s.native.view.Size(), d)
	if s.seen != s.shown {
		g.View = g.View.Intersect(pixels(at.AddXY(s.seen.X, s.seen.Y), fyne.NewSize(s.seen.W, s.seen.H), d))
	}
	for _, a := range s.native.above {
		if size := a.object.Size(); a.object.Visible() && size.Width > 0 {
			at := driver.AbsolutePositionForObject(a.in).Add(a.object.Position())
			g.Holes = append(g.Holes, pane.Hole{Rect: pixels(at, size, d), Round: int(a.round * d)})
		}
	}
	return g
}

// pixels is a place in units as whole pixels.
func pixels(at fyne.Position, size fyne.Size, density float32) picture.Rect {
	round := func(v float32) int { return int(math.Round(float64(v * density))) }
	return picture.Rect{X: round(at.X), Y: round(at.Y), W: round(size.Width), H: round(size.Height)}
}
