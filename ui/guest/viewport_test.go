package guest

import (
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"impero/ui/remote"
)

// actual is a session window of 700 × 450 that shows 800 × 500 pixel for pixel.
func actual(t *testing.T) *sessionWindow {
	s := newStand(t, false)
	s.opens(fullControl())
	w := s.session()
	w.win.Resize(fyne.NewSize(700, 450))
	w.screen.SetMode(remote.Actual)
	w.resized()
	return w
}

func TestBarsCoverNoPixel(t *testing.T) {
	w := actual(t)
	if got := w.screen.Theme().Size(fynetheme.SizeNameScrollBar); got != barWidth {
		t.Errorf("the theme's bar is %v thick", got)
	}
	p := w.view
	p.scroll.ScrollToOffset(fyne.NewPos(10000, 10000))
	end := p.scroll.Offset.Add(p.scroll.Size())
	if want := (fyne.Position{X: 800 + barWidth, Y: 500 + barWidth}); end != want {
		t.Errorf("the end of what is scrolled is %v, not %v", end, want)
	}
	if got := w.screen.Size(); got != fyne.NewSize(800, 500) {
		t.Errorf("the picture has %v", got)
	}
	w.screen.SetMode(remote.Fit)
	w.resized()
	if got := w.screen.Size(); got != p.scroll.Size() || p.right.Size().Width > 0 || p.bottom.Size().Height > 0 {
		t.Errorf("fitted, the picture has %v of %v", got, p.scroll.Size())
	}
}

func TestOneBarMayNeedTheOther(t *testing.T) {
	w := actual(t)
	chrome := w.win.Canvas().Size().Subtract(w.view.scroll.Size())
	for _, c := range []struct {
		room          fyne.Size
		right, bottom float32
	}{
		{fyne.NewSize(800, 500), 0, 0},
		{fyne.NewSize(820, 480), barWidth, 0},
		{fyne.NewSize(780, 520), 0, barWidth},
		{fyne.NewSize(805, 480), barWidth, barWidth},
		{fyne.NewSize(780, 505), barWidth, barWidth},
	} {
		w.win.Resize(c.room.Add(chrome))
		if right, bottom := w.view.bars(); w.view.scroll.Size() != c.room || right != c.right || bottom != c.bottom {
			t.Errorf("in %v, made as %v, the bars take %v and %v", w.view.scroll.Size(), c.room, right, bottom)
		}
	}
}

func TestWheelOverABarScrolls(t *testing.T) {
	w := actual(t)
	notch := &fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -25)}
	w.view.right.Scrolled(notch)
	w.view.bottom.Scrolled(notch)
	if got := w.view.scroll.Offset; got != fyne.NewPos(25, 25) {
		t.Errorf("scrolled to %v", got)
	}
}

func TestBarGivesTheKeyboardBack(t *testing.T) {
	w := actual(t)
	room := w.view.scroll.Size()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(w.view.scroll)
	onBar, onPicture := at.AddXY(room.Width-2, 50), at.AddXY(50, 50)
	press := func(at fyne.Position) {
		w.win.Canvas().Unfocus() // as Fyne does
		w.pressed(at, true)
		w.pressed(onPicture, false)
	}
	if press(onBar); !w.screen.Focused() {
		t.Error("the bar keeps the keyboard")
	}
	if press(at.AddXY(50, -20)); w.screen.Focused() {
		t.Error("the toolbar is taken for a bar")
	}
}
