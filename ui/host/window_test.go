package host

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	engine "impero/core/host"
	"impero/ui/shell"
)

// settle does what the window asked the presenter for and shows the outcome, as
// Run does on its goroutine.
func settle(w *Window) {
	for len(w.p.work) > 0 {
		(<-w.p.work)()
	}
	w.p.publish()
}

// command finds a command of the menus by its label.
func command(t *testing.T, w *Window, label string) *shell.Command {
	t.Helper()
	for _, m := range w.menus {
		for _, c := range m.Items {
			if c != nil && c.Label == label {
				return c
			}
		}
	}
	t.Fatalf("no command %q", label)
	return nil
}

func off(c *shell.Command) bool { return c.Off != nil && c.Off() }

func withGuests(list ...engine.Session) engine.State {
	s := ready()
	s.Sessions = list
	return s
}

func TestMainStateMarkup(t *testing.T) {
	w := open(t, newFake(withGuests(anna())), fynetheme.VariantLight)
	test.AssertRendersToMarkup(t, "one-guest.xml", w.win.Canvas())
}

func TestBlockButtonDoesWhatItSays(t *testing.T) {
	e := newFake(ready())
	w := open(t, e, fynetheme.VariantLight)
	w.block.button.Tap()
	settle(w)
	if w.model.Running || w.block.button.Text() != "Start communication" {
		t.Errorf("after Stop the button says %q", w.block.button.Text())
	}
	w.block.button.Tap()
	settle(w)
	if !w.model.Running || w.block.title.Text() != "Ready for Guests" {
		t.Errorf("after Start it says %q", w.block.title.Text())
	}
	e.change("", func(s *engine.State) { s.Sessions = []engine.Session{anna(), ben()} })
	settle(w)
	w.block.button.Tap()
	settle(w)
	if got := strings.Join(e.calls(), ", "); got != "stop, start, disconnect all" {
		t.Errorf("the engine was asked: %s", got)
	}
}

func TestDisconnectTheSelected(t *testing.T) {
	e := newFake(withGuests(anna(), ben()))
	w := open(t, e, fynetheme.VariantLight)
	disconnect := command(t, w, "Disconnect")
	if disconnect.Keys() != "Ctrl+D" && disconnect.Keys() != "Cmd+D" {
		t.Errorf("Disconnect has keys %q", disconnect.Keys())
	}
	w.guests.table.Select(1)
	if off(disconnect) {
		t.Fatal("a row is selected and Disconnect is off")
	}
	disconnect.Run()
	settle(w)
	if got := strings.Join(e.calls(), ", "); got != "disconnect 2" {
		t.Errorf("the engine was asked: %s", got)
	}
	all := command(t, w, "Disconnect all")
	all.Run()
	settle(w)
	if !off(disconnect) || !off(all) {
		t.Error("with nobody connected there is somebody to disconnect")
	}
}

func TestCrossDisconnectsItsRow(t *testing.T) {
	e := newFake(withGuests(anna(), ben()))
	w := open(t, e, fynetheme.VariantLight)
	w.guests.cell(0, columnEnd).OnButton()
	settle(w)
	if got := strings.Join(e.calls(), ", "); got != "disconnect 1" {
		t.Errorf("the engine was asked: %s", got)
	}
}

func TestTableHasTheKeyboard(t *testing.T) {
	e := newFake(ready())
	w := open(t, e, fynetheme.VariantLight)
	if f := w.win.Canvas().Focused(); f != nil {
		t.Errorf("with nobody connected %T has the keyboard", f)
	}
	e.change("", func(s *engine.State) { s.Sessions = []engine.Session{anna()} })
	settle(w)
	if f := w.win.Canvas().Focused(); f != fyne.Focusable(w.guests.table) {
		t.Errorf("%T has the keyboard, want the table", f)
	}
	if ids := w.guests.selected(); len(ids) != 1 || ids[0] != 1 {
		t.Errorf("Ctrl+D would disconnect %v", ids)
	}
}

func TestFirstStartAsksForThePassword(t *testing.T) {
	e := newFake(engine.State{Name: "till-042", Port: 6502, Display: engine.Display{Ready: true}})
	w := open(t, e, fynetheme.VariantDark)
	d := w.password
	if d == nil || !d.dialog.IsOpen() {
		t.Fatal("no password is set and no dialog asks for one")
	}
	focused := func() fyne.Focusable { return w.win.Canvas().Focused() }
	if focused() != fyne.Focusable(d.pw) {
		t.Errorf("%T has the keyboard, want the password", focused())
	}
	enter := &fyne.KeyEvent{Name: fyne.KeyReturn}
	test.Type(d.pw, "short")
	d.pw.TypedKey(enter)
	if focused() != fyne.Focusable(d.pw) || d.first.Error() != "Too short: 5 of at least 12 characters" {
		t.Errorf("too short: %T has the keyboard, error %q", focused(), d.first.Error())
	}
	test.Type(d.pw, " but longer now")
	if d.first.Error() != "" || d.word.Text() != "Strong: 20 characters" {
		t.Errorf("now error %q, strength %q", d.first.Error(), d.word.Text())
	}
	d.pw.TypedKey(enter)
	if focused() != fyne.Focusable(d.again) {
		t.Errorf("%T has the keyboard, want the second field", focused())
	}
	test.Type(d.again, "short but longer no")
	d.again.TypedKey(enter)
	settle(w)
	if len(e.calls()) > 0 || !d.dialog.IsOpen() {
		t.Error("two that differ were taken")
	}
	test.Type(d.again, "w")
	d.again.TypedKey(enter)
	settle(w)
	if d.dialog.IsOpen() || e.password != "short but longer now" {
		t.Errorf("the dialog is open: %t; the password is %q", d.dialog.IsOpen(), e.password)
	}
	if w.model.Banner != nil || w.block.title.Text() != "Ready for Guests" {
		t.Errorf("after it the window says %q", w.block.title.Text())
	}
}

func TestNotNowLeavesABanner(t *testing.T) {
	e := newFake(engine.State{Name: "till-042", Port: 6502, Display: engine.Display{Ready: true}})
	w := open(t, e, fynetheme.VariantLight)
	w.password.dialog.SinkKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.password.dialog.IsOpen() {
		t.Fatal("Esc leaves the dialog open")
	}
	settle(w)
	if w.model.Banner == nil || !w.block.button.Disabled() || !off(command(t, w, "Start communication")) {
		t.Error("the window does not say that it needs a password, or can start without")
	}
	w.act(w.model.Banner.Act)
	if !w.password.dialog.IsOpen() {
		t.Error("the banner does not lead to the dialog")
	}
}

func TestPasswordThatCannotBeKept(t *testing.T) {
	e := newFake(ready())
	e.refuse = errors.New("keep the password: disk full")
	w := open(t, e, fynetheme.VariantLight)
	command(t, w, "Change password…").Run()
	d := w.password
	test.Type(d.pw, "correct horse battery")
	test.Type(d.again, "correct horse battery")
	d.submit()
	d.submit() // again, while the first is not done
	if len(w.p.work) != 1 {
		t.Errorf("%d commands wait, want 1", len(w.p.work))
	}
	settle(w)
	if !d.dialog.IsOpen() || !strings.Contains(d.first.Error(), "disk full") {
		t.Errorf("the dialog is open: %t, and says %q", d.dialog.IsOpen(), d.first.Error())
	}
}

func TestClosing(t *testing.T) {
	stopped := ready()
	stopped.Running = false
	for _, tc := range []struct {
		name  string
		state engine.State
		asks  bool
	}{
		{"stopped", stopped, false},
		{"running", ready(), true},
		{"somebody connected", withGuests(anna(), ben()), true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := open(t, newFake(tc.state), fynetheme.VariantLight)
			quit := 0
			w.quit = func() { quit++ }
			w.Close()
			if asked := w.stop != nil && w.stop.IsOpen(); asked != tc.asks || (quit == 0) != tc.asks {
				t.Errorf("asked: %t, ended: %d times", asked, quit)
			}
			if !tc.asks {
				return
			}
			w.stop.SinkKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
			if w.stop.IsOpen() || quit != 0 {
				t.Error("Esc does not take it back")
			}
			w.Close()
			w.stopButton.Tap()
			if quit != 1 {
				t.Errorf("Stop the Host ended it %d times", quit)
			}
		})
	}
}

func TestCopyFingerprint(t *testing.T) {
	w := open(t, newFake(ready()), fynetheme.VariantLight)
	command(t, w, "Copy fingerprint").Run()
	if got := w.sh.App.Clipboard().Content(); got != ready().Fingerprint {
		t.Errorf("copied %q", got)
	}
}

func TestLongNamesStayInside(t *testing.T) {
	s := withGuests(anna())
	s.Name = strings.Repeat("till-042-", 7)
	s.Sessions[0].User = strings.Repeat("W", 64)
	w := open(t, newFake(s), fynetheme.VariantLight)
	w.win.Resize(fyne.NewSize(leastWidth, leastHeight))
	if got := w.win.Canvas().Size(); got.Width != leastWidth || got.Height != leastHeight {
		t.Errorf("long names make the window %v, want %d × %d", got, leastWidth, leastHeight)
	}
	title := w.block.title
	if right := title.Position().X + title.Size().Width; right > w.block.words.Size().Width {
		t.Errorf("the sentence ends at %v of %v", right, w.block.words.Size().Width)
	}
}
