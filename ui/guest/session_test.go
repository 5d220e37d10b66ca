package guest

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"impero/core/guest"
	"impero/core/keys"
	"impero/ui/guest/presenter"
	"impero/ui/remote"
	"impero/ui/widgets"
)

func fullControl() guest.Info {
	return guest.Info{Role: "Full control", MayControl: true, Level: "Very high"}
}

// standStill is a stand whose session lasts 12 minutes and 44 seconds for ever.
func standStill(t *testing.T) (*stand, guest.Info) {
	now := time.Date(2026, 11, 24, 9, 14, 7, 0, time.Local)
	info := fullControl()
	info.Since = now.Add(-12*time.Minute - 44*time.Second)
	return newStandAt(t, false, still{now}), info
}

func TestSessionWindow(t *testing.T) {
	s, info := standStill(t)
	s.opens(info)
	w := s.session()
	if len(s.guest.attempts) != 0 {
		t.Error("the window of the attempt stays")
	}
	if w.win.Canvas().Focused() != fyne.Focusable(w.screen) {
		t.Error("the picture has not the keyboard")
	}
	if w.win.MainMenu() != nil {
		t.Error("the session window has a main menu, where Alt sticks")
	}
	if got := w.win.Canvas().Size(); got.Width != 800 || got.Height < 500+60 {
		t.Errorf("the window is %v for a desktop of 800 × 500", got)
	}
	if scale := w.screen.Scale(); scale != 1 {
		t.Errorf("the picture is shown at %v", scale)
	}
	test.AssertRendersToMarkup(t, "session.xml", w.win.Canvas())
}

func TestWatchingWindow(t *testing.T) {
	s := newStand(t, false)
	session := s.opens(guest.Info{Role: "View only", Level: "Very high"})
	w := s.session()
	if w.banner.Kind != presenter.BannerViewOnly || w.bar.cad.Disabled == "" {
		t.Error("it is not said that one only watches")
	}
	if w.screen.Scale() != 1 {
		t.Errorf("the banner takes room from the picture, scale %v", w.screen.Scale())
	}
	w.command(remote.CtrlAltDel)
	if len(session.keys) != 0 {
		t.Error("keys were sent")
	}
}

func TestButtonNamesTheSizeShown(t *testing.T) {
	s := newStand(t, false)
	s.opens(fullControl())
	w := s.session()
	w.win.Resize(fyne.NewSize(1200, 700))
	names := func() string { return w.bar.size.Button().Text() }
	if names() != "Fit" {
		t.Errorf("at first the button says %q", names())
	}
	for i, want := range []string{"Fit", "Actual size"} {
		w.bar.sizes()[i].OnTapped()
		if names() != want {
			t.Errorf("the picture is shown as %v and the button says %q", w.screen.Mode(), names())
		}
	}
	if room := w.bar.size.Button().Size().Width; room < w.bar.size.Button().MinSize().Width {
		t.Errorf("the words are cut in %v", room)
	}
}

func TestHostKeyCommands(t *testing.T) {
	s := newStand(t, false)
	session := s.opens(fullControl())
	w := s.session()
	w.command(remote.CtrlAltDel)
	if !slices.Equal(session.keys, []uint16{keys.LeftControl, keys.LeftAlt, keys.Delete}) {
		t.Errorf("sent %v", session.keys)
	}
	w.command(remote.GiveBack)
	if w.screen.Focused() {
		t.Error("the picture keeps the keyboard")
	}
	w.screen.Focus()
	w.command(remote.FullScreen)
	if !w.win.FullScreen() || !w.full.hint.Visible() {
		t.Error("no full screen, or no word how to leave")
	}
	w.command(remote.ShowBar)
	if !w.full.panel.Visible() || w.full.hint.Visible() {
		t.Error("the bar does not show")
	}
	w.command(remote.FullScreen)
	if w.win.FullScreen() || w.full.panel.Visible() {
		t.Error("the full screen stays")
	}
	w.command(remote.OpenMenu)
	if w.win.Canvas().Overlays().Top() == nil {
		t.Error("no menu")
	}
	w.command(remote.Disconnect)
	<-session.done
	if len(s.guest.sessions) != 0 {
		t.Error("the window stays")
	}
}

func TestBarComesAndGoes(t *testing.T) {
	s := newStand(t, true)
	s.opens(fullControl())
	w := s.session()
	if !w.win.FullScreen() {
		t.Fatal("a Guest started with its Host is not in full screen")
	}
	w.full.layer.Resize(fyne.NewSize(900, 600))
	w.full.moved(fyne.NewPos(100, 0), false)
	w.full.moved(fyne.NewPos(450, 0), true)
	if w.full.waiting != nil {
		t.Error("the bar is on its way beside the middle, or with a button down")
	}
	w.full.moved(fyne.NewPos(450, 0), false)
	s.until("the bar", func() bool { return w.full.panel.Visible() })
	w.full.pointer(false) // on the bar
	w.full.pointer(true)  // back on the picture
	s.until("the bar's end", func() bool { return !w.full.panel.Visible() })
	w.full.show() // by a key
	w.full.pointer(true)
	w.full.moved(fyne.NewPos(450, 0), false)
	if w.full.waiting != nil {
		t.Error("the bar goes although the pointer only stands on the picture")
	}
	w.full.moved(fyne.NewPos(440, 200), false)
	s.until("the bar's end", func() bool { return !w.full.panel.Visible() })
	w.full.show()
	w.full.togglePin()
	w.full.hide()
	if !w.full.panel.Visible() {
		t.Error("a pinned bar goes")
	}
}

func TestBarCutsALongName(t *testing.T) {
	s := newStand(t, true)
	s.opens(fullControl())
	f := s.session().full
	whole := widgets.NewText("till-042", widgets.TextOptions{Bold: true}).MinSize().Width
	for _, room := range []float32{2000, f.wide - 10} {
		f.layer.Resize(fyne.NewSize(room, 400))
		f.show()
		want := whole
		if room < f.wide {
			want -= 10
		}
		if f.panel.Size().Width != min(f.wide, room) || f.name.Size().Width != want {
			t.Errorf("in %v the bar is %v wide and the name %v, not %v", room, f.panel.Size().Width, f.name.Size().Width, want)
		}
	}
}

func TestEndedByTheHost(t *testing.T) {
	s, info := standStill(t)
	session := s.opens(info)
	w := s.session()
	session.end(&guest.Error{Kind: guest.KindHostUser, Target: session.info.Target})
	s.until("the end", func() bool { return w.ending != nil })
	if !w.ending.IsOpen() || w.bar.cad.Disabled == "" {
		t.Error("the end is not shown")
	}
	if drawn := test.RenderToMarkup(w.win.Canvas()); strings.Contains(drawn, `color="success"`) || strings.Contains(drawn, "lock-176B41") {
		t.Error("a session that has ended is shown as encrypted")
	}
	w.win.Resize(fyne.NewSize(800, 560))
	test.AssertRendersToMarkup(t, "session-ended.xml", w.win.Canvas())
	w.ending.Cancel()
	if len(s.guest.sessions) != 0 {
		t.Error("the window stays")
	}
}

func TestDisplayLost(t *testing.T) {
	s := newStand(t, false)
	session := s.opens(fullControl())
	w := s.session()
	session.mu.Lock()
	session.ready = false
	session.mu.Unlock()
	dimmed := func() bool { return test.WidgetRenderer(w.screen).Objects()[0].(*canvas.Raster).Translucency > 0 }
	s.until("the banner", func() bool { return w.banner.Kind == presenter.BannerDisplay })
	if !dimmed() {
		t.Error("an old picture looks like a new one")
	}
	session.mu.Lock()
	session.ready = true
	session.mu.Unlock()
	s.until("the end of the banner", func() bool { return w.banner.Kind == presenter.BannerNone })
	if dimmed() {
		t.Error("a new picture looks like an old one")
	}
}

func TestScreenshotIsSaved(t *testing.T) {
	s := newStand(t, false)
	s.opens(fullControl())
	s.session().screenshot()
	s.until("the file", func() bool {
		files, err := os.ReadDir(s.guest.o.Pictures)
		return err == nil && len(files) == 1 && !s.session().l.Status().Empty()
	})
}

// TestRoleThatChangesInASession: the buttons, the role and the picture follow what the Host's administrator allows.
func TestRoleThatChangesInASession(t *testing.T) {
	s := newStand(t, false)
	session := s.opens(fullControl())
	w := s.session()
	for _, c := range []struct {
		role string
		may  bool
	}{{"View only", false}, {"Desk", true}} {
		session.change(func() { session.info.Role, session.info.MayControl = c.role, c.may })
		s.until("the role to be shown", func() bool { return w.bar.named == c.role })
		if (w.bar.cad.Disabled == "") != c.may || (w.bar.keys.Disabled == "") != c.may || w.may != c.may {
			t.Errorf("as %s: Ctrl+Alt+Del is off because of %q, the picture takes keys: %v", c.role, w.bar.cad.Disabled, w.may)
		}
	}
}
