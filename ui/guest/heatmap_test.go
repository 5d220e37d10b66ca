package guest

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"impero/core/guest"
	"impero/core/picture"
	"impero/ui/remote"
)

// traced tells what the session of w was asked to trace.
func traced(w *sessionWindow) bool {
	f := w.l.Session().(*fakeSession)
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tracing
}

func TestHeatMap(t *testing.T) {
	clock := &set{time.Date(2026, 11, 24, 9, 14, 7, 0, time.Local)}
	s, info := newStandAt(t, false, clock), fullControl()
	info.Since = clock.at
	session := s.opens(info)
	w := s.session()
	if w.heat.shown() || traced(w) || w.heat.layer != nil {
		t.Error("something of it is there before anybody wants it")
	}
	s.until("the picture", func() bool { width, _ := w.screen.Desktop(); return width > 0 })
	session.mu.Lock()
	session.painted = []guest.Painted{{Rect: picture.Rect{W: 64, H: 64}, As: guest.Video, At: clock.at}}
	session.mu.Unlock()
	w.command(remote.ShowHeat)
	if !traced(w) || !w.heat.legend.Visible() || w.heat.heat.Image().RGBAAt(1, 1).A == 0 {
		t.Error("the map is not there")
	}
	test.AssertRendersToMarkup(t, "session-heat.xml", w.win.Canvas())
	if w.win.Canvas().Focused() != fyne.Focusable(w.screen) {
		t.Error("the map takes the keyboard from the picture")
	}
	w.command(remote.ShowHeat)
	if w.heat.shown() || traced(w) || w.heat.legend.Visible() {
		t.Error("the map stays")
	}
}

func TestHeatMapEndsWithTheSession(t *testing.T) {
	s := newStand(t, false)
	session := s.opens(fullControl())
	w := s.session()
	w.command(remote.ShowHeat)
	session.end(&guest.Error{Kind: guest.KindHostUser})
	s.until("the end", func() bool { return w.ending != nil })
	if w.heat.shown() || traced(w) {
		t.Error("a session that is over is watched")
	}
	w.heat.toggle()
	if w.heat.shown() {
		t.Error("a session that is over is watched again")
	}
}
