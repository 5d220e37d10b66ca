package guest

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"impero/core/guest"
)

// loses has the connection of a session lost 8 seconds ago.
func loses(s *stand, session *fakeSession) *sessionWindow {
	s.t.Helper()
	now := s.guest.o.Clock.Now()
	session.change(func() {
		session.stats = guest.Stats{Frames: 7, Shown: now.Add(-9 * time.Second)}
		session.lost = guest.Lost{Since: now.Add(-8 * time.Second), Until: now.Add(52 * time.Second), Next: now.Add(4 * time.Second), Tries: 2}
	})
	w := s.session()
	s.until("the card", w.lost.Visible)
	return w
}

func TestLostConnection(t *testing.T) {
	s, info := standStill(t)
	session := s.opens(info)
	w := loses(s, session)
	focused := func() fyne.Focusable { return w.win.Canvas().Focused() }
	if focused() != fyne.Focusable(w.lost) || !w.lost.AcceptsTab() {
		t.Errorf("%T has the keyboard in the first moments", focused())
	}
	s.until("the keyboard", func() bool { return focused() == fyne.Focusable(w.lost.try) })
	test.AssertRendersToMarkup(t, "session-lost.xml", w.win.Canvas())
	if w.bar.cad.Disabled == "" || w.input() != nil {
		t.Error("input is not off")
	}
	enter, esc := &fyne.KeyEvent{Name: fyne.KeyReturn}, &fyne.KeyEvent{Name: fyne.KeyEscape}
	focused().TypedKey(enter)
	focused().TypedKey(esc)
	w.win.Canvas().Unfocus()
	w.frame.SinkKey(enter)
	w.frame.SinkKey(esc)
	if session.tried() != 2 || w.l.Over() {
		t.Errorf("tried %d times, ended: %t", session.tried(), w.l.Over())
	}
	w.lost.MouseUp(nil) // a click beside the card
	if focused() != fyne.Focusable(w.lost.try) {
		t.Errorf("after a click %T has the keyboard", focused())
	}
}

func TestConnectionIsBack(t *testing.T) {
	s, info := standStill(t)
	session := s.opens(info)
	w := loses(s, session)
	session.change(func() { session.lost = guest.Lost{} })
	s.until("the card's end", func() bool { return !w.lost.Visible() })
	if !w.screen.Focused() {
		t.Error("the picture has not the keyboard")
	}
	if !w.stale || w.input() != nil {
		t.Error("an old picture takes input")
	}
	session.change(func() { session.stats.Frames++ })
	s.until("the new picture", func() bool { return !w.stale })
	if w.input() == nil || w.bar.cad.Disabled != "" {
		t.Error("input is still off")
	}
}

func TestBarStaysWhileLost(t *testing.T) {
	s, info := standStill(t)
	session := s.opens(info)
	s.session().setFullScreen(true)
	w := loses(s, session)
	if !w.full.panel.Visible() {
		t.Fatal("the bar does not show")
	}
	w.full.hide()
	if !w.full.panel.Visible() {
		t.Error("the bar goes while the connection is lost")
	}
	w.setFullScreen(false)
	w.setFullScreen(true)
	if !w.full.panel.Visible() || w.screen.Focused() {
		t.Error("in full screen again, the bar is not there or the picture has the keyboard")
	}
}

func TestLostForGoodIsShown(t *testing.T) {
	s, info := standStill(t)
	session := s.opens(info)
	w := loses(s, session)
	session.end(&guest.Error{Kind: guest.KindLost, Target: session.info.Target, Silent: time.Minute})
	s.until("the end", func() bool { return w.ending != nil })
	if w.lost.Visible() || !w.ending.IsOpen() {
		t.Error("the card stays, or the end is not told")
	}
}
