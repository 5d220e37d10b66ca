package host

import (
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	engine "impero/core/host"
	"impero/core/seam"
	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/theme"
)

func annas() *seam.Ask {
	return &seam.Ask{ID: 1, Seconds: 30, User: "anna.berg", Computer: "ops-laptop", From: "10.20.4.90", System: true, Permissions: []uint16{1, 2}}
}

func TestTheQuestionInWords(t *testing.T) {
	for name, c := range map[string]struct {
		change                    func(*seam.Ask)
		title, account, from, may string
		watch                     bool
	}{
		"controls": {func(*seam.Ask) {}, "Let anna.berg see and control this computer?", "anna.berg (checked by this Host)",
			"10.20.4.90, calls itself ops-laptop", "See the screen, use keyboard and mouse", true},
		"watches": {func(q *seam.Ask) { q.Permissions = []uint16{1} }, "Let anna.berg see this computer?", "anna.berg (checked by this Host)",
			"10.20.4.90, calls itself ops-laptop", "See the screen", false},
		"password": {func(q *seam.Ask) { q.User = "" }, "Let ops-laptop see and control this computer?", "Impero password (checked by this Host)",
			"10.20.4.90, calls itself ops-laptop", "See the screen, use keyboard and mouse", true},
		"nothing": {func(q *seam.Ask) { q.User, q.Computer, q.Permissions = "", "", nil }, "Let 10.20.4.90 connect to this computer?",
			"Impero password (checked by this Host)", "10.20.4.90", "Neither see nor control this computer", false},
		"tricks": {func(q *seam.Ask) { q.User, q.Computer = "an\u202ena", "a\tb" }, "Let anna see and control this computer?", "anna (checked by this Host)",
			"10.20.4.90, calls itself a b", "See the screen, use keyboard and mouse", true},
	} {
		q := annas()
		c.change(q)
		a := Ask(q)
		if a.Title.String() != c.title || a.Account.String() != c.account || a.From.String() != c.from || a.May.String() != c.may || a.Watch != c.watch {
			t.Errorf("%s: %q, %q, %q, %q, %t", name, a.Title, a.Account, a.From, a.May, a.Watch)
		}
	}
}

func TestCountdown(t *testing.T) {
	for past, want := range map[time.Duration]string{
		0: "Refused by itself in 30 seconds", 8 * time.Second: "Refused by itself in 22 seconds",
		29500 * time.Millisecond: "Refused by itself in 1 seconds", time.Minute: "Refused by itself in 0 seconds",
	} {
		if words, left := Countdown(30*time.Second, past); words.String() != want || left < 0 || left > 1 {
			t.Errorf("after %s: %q, %f left", past, words, left)
		}
	}
}

// asker is what the user sees, without windows.
type asker struct {
	answer func(seam.Answer)
	ticks  []time.Duration
	shown  int
	shut   int
	list   []seam.Watcher
	told   []phrase.Phrase
}

func (a *asker) ShowQuestion(_ Question, _ time.Duration, answer func(seam.Answer)) (func(time.Duration), func()) {
	a.answer, a.shown = answer, a.shown+1
	return func(past time.Duration) { a.ticks = append(a.ticks, past) }, func() { a.shut++ }
}

func (a *asker) ShowWatchers(list []seam.Watcher) { a.list = list }
func (a *asker) ShowNotice(p phrase.Phrase)       { a.told = append(a.told, p) }

func TestAskingTheUser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := new(asker)
		posts := make(chan func(), 64)
		go func() {
			for f := range posts {
				f()
			}
		}()
		defer close(posts)
		p := &Prompts{post: func(f func()) { posts <- f }, view: a}
		got := make(chan seam.Answer, 1)
		go func() { got <- p.Ask(t.Context(), annas()) }()
		time.Sleep(3500 * time.Millisecond) // of the bubble's clock
		synctest.Wait()
		if len(a.ticks) != 4 || a.ticks[3] != 3*time.Second {
			t.Errorf("the countdown was told %v", a.ticks)
		}
		a.answer(seam.AnswerWatch)
		a.answer(seam.AnswerAllow) // the first one counts
		if answer := <-got; answer != seam.AnswerWatch {
			t.Errorf("the answer is %d", answer)
		}
		synctest.Wait()
		if a.shut != 1 {
			t.Error("the window stayed")
		}
		ctx, cancel := context.WithCancel(t.Context())
		go func() { got <- p.Ask(ctx, annas()) }()
		synctest.Wait()
		cancel() // the Guest gave up
		<-got
		synctest.Wait()
		if a.shown != 2 || a.shut != 2 {
			t.Errorf("%d windows shown, %d shut", a.shown, a.shut)
		}
	})
}

func testShell(t *testing.T, variant fyne.ThemeVariant) *shell.Shell {
	t.Helper()
	app := test.NewTempApp(t)
	sh := shell.New(app, shell.Options{Program: "host", Name: "Impero Host", Trouble: func(err error) { t.Error(err) }})
	app.Settings().SetTheme(theme.Fixed(variant))
	return sh
}

// TestConfirmWindow: the focus is on Refuse, Esc and closing refuse, and what is typed while the window appears answers
// nothing.
func TestConfirmWindow(t *testing.T) {
	var said []seam.Answer
	c := newConfirmWindow(testShell(t, fynetheme.VariantLight), Ask(annas()), func(a seam.Answer) { said = append(said, a) })
	defer c.win.Close()
	var labels []string
	for _, b := range c.buttons {
		labels = append(labels, b.Text())
	}
	if got := strings.Join(labels, ", "); got != "Only let watch, Allow, Refuse" {
		t.Errorf("the buttons are %s", got)
	}
	if c.win.Canvas().Focused() != fyne.Focusable(c.buttons[2]) {
		t.Error("the focus is not on Refuse")
	}
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeySpace, fyne.KeyEscape} {
		c.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
	}
	if len(said) > 0 {
		t.Errorf("keys at once answered %v", said)
	}
	c.buttons[1].Tap()
	c.buttons[0].Tap()
	c.dialog.Cancel()
	want := []seam.Answer{seam.AnswerAllow, seam.AnswerWatch, seam.AnswerRefuse}
	for i, a := range want {
		if i >= len(said) || said[i] != a {
			t.Fatalf("said %v, want %v", said, want)
		}
	}
}

func TestStripStaysWhileSomebodyWatches(t *testing.T) {
	ended := make(chan uint32, 4)
	v := &prompter{sh: testShell(t, fynetheme.VariantLight), notice: func(phrase.Phrase) {}}
	v.p = &Prompts{post: func(f func()) { f() }, view: v}
	v.p.Ends(func(id uint32) { ended <- id })
	v.p.Watching([]seam.Watcher{{Session: 3, Name: "Anna", Controls: true}})
	if v.strip == nil || v.strip.text.Text() != "Anna sees and controls this computer" || v.strip.button.Text() != "Disconnect" {
		t.Fatal("the strip does not say who watches")
	}
	v.p.Watching([]seam.Watcher{{Session: 3, Name: "Anna", Controls: true}, {Session: 4, Name: "Ben"}})
	if v.strip.text.Text() != "2 Guests see this computer" {
		t.Errorf("the strip says %q", v.strip.text.Text())
	}
	v.strip.button.Tap()
	if a, b := <-ended, <-ended; a != 3 || b != 4 {
		t.Errorf("ended %d and %d", a, b)
	}
	v.p.Watching(nil)
	if v.strip != nil {
		t.Error("the strip stays when nobody watches")
	}
}

// TestNotices: in a notification of the desktop where there are any, else in a small window that goes by itself.
func TestNotices(t *testing.T) {
	text := phrase.Plain("anna connects")
	app := test.NewTempApp(t)
	heard := 0
	for _, shows := range []bool{true, false} {
		sh := shell.New(app, shell.Options{Program: "host", Name: "Impero Host", Notifies: func() bool { return shows }})
		v := &prompter{sh: sh, notice: func(phrase.Phrase) { heard++ }}
		if shows {
			test.AssertNotificationSent(t, fyne.NewNotification("Impero Host", "anna connects"), func() { v.ShowNotice(text) })
			if v.note != nil {
				t.Error("a window is shown too")
			}
			continue
		}
		test.AssertNotificationSent(t, nil, func() { v.ShowNotice(text) })
		if v.note == nil || v.note.text.Text() != "anna connects" {
			t.Fatal("nothing is shown")
		}
		win := v.note.win
		v.ShowNotice(phrase.Plain("ben connects"))
		if v.note.win != win || v.note.text.Text() != "ben connects" {
			t.Error("the next one does not take its place")
		}
		win.Close()
		if v.note != nil {
			t.Error("a note that was closed is kept")
		}
	}
	if heard != 3 {
		t.Errorf("the Host's window says %d of 3", heard)
	}
}

func TestMaintenancePasswordAtExitAndStop(t *testing.T) {
	s := ready()
	s.Protected = []engine.Scope{engine.ScopeExit, engine.ScopeGuestAccess}
	e := newFake(s)
	w := open(t, e, fynetheme.VariantLight)
	quit := 0
	w.quit = func() { quit++ }
	command(t, w, "Stop communication").Run()
	settle(w)
	if !w.model.Running || !w.guard.dialog.IsOpen() {
		t.Fatal("communication stopped without the maintenance password")
	}
	w.guard.entry.SetText("wrong password")
	w.guard.submit()
	settle(w)
	if w.guard.field.Error() != "The maintenance password is wrong." || !w.model.Running {
		t.Errorf("a wrong one says %q", w.guard.field.Error())
	}
	w.guard.entry.SetText(maintenance)
	w.guard.submit()
	settle(w)
	settle(w)
	if w.model.Running || w.guard.dialog.IsOpen() {
		t.Error("the right one does not stop communication")
	}
	w.exit()
	if quit > 0 {
		t.Error("the program ended without the maintenance password")
	}
	w.guard.entry.SetText(maintenance)
	w.guard.submit()
	settle(w)
	if quit != 1 {
		t.Errorf("ended %d times", quit)
	}
	w.askPassword()
	if w.password != nil || !w.guard.dialog.IsOpen() {
		t.Error("the password can be changed without the maintenance password")
	}
}

func TestStopCommunicationAsksWhileGuestsAreConnected(t *testing.T) {
	e := newFake(withGuests(anna()))
	w := open(t, e, fynetheme.VariantLight)
	command(t, w, "Stop communication").Run()
	settle(w)
	if !w.halting.IsOpen() || !w.model.Running {
		t.Fatal("communication stopped without asking")
	}
	w.halting.Cancel()
	command(t, w, "Stop communication").Run()
	w.haltButton.Tap()
	settle(w)
	if w.model.Running || len(w.model.Guests) > 0 {
		t.Error("communication was not stopped")
	}
}

func TestTheLastRefusalAndTheMode(t *testing.T) {
	s := ready()
	s.Refused = &engine.Refusal{Reason: engine.ReasonPassword, From: "10.0.0.7", At: time.Date(2026, 11, 24, 9, 2, 0, 0, zone)}
	if m := Describe(s, now); m.Refused.String() != "Last refused: wrong password, from 10.0.0.7, 09:02" {
		t.Errorf("it says %q", m.Refused)
	}
	s.Refused.User, s.Refused.Reason = "anna", engine.ReasonUser
	if m := Describe(s, now); m.Refused.String() != "Last refused: refused by the user, account anna from 10.0.0.7, 09:02" {
		t.Errorf("it says %q", m.Refused)
	}
	s.Mode, s.PasswordSet = engine.ModePortal, false
	if m := Describe(s, now); m.Banner == nil || m.Banner.Text.String() != "Nobody can log on: this Host is set to Impero Portal access rights, which this version does not have yet." {
		t.Errorf("the banner says %+v", m.Banner)
	}
	s.Mode = engine.ModeSystem
	if m := Describe(s, now); m.Banner != nil || m.LogOn.String() != "Accounts of this computer" || !m.CanLogOn {
		t.Errorf("system accounts: %+v, %q", m.Banner, m.LogOn)
	}
}

// TestPicturesOfPrompts draws what the user is asked and told; set IMPERO_GALLERY to a folder to get the pictures.
func TestPicturesOfPrompts(t *testing.T) {
	for look, variant := range map[string]fyne.ThemeVariant{"light": fynetheme.VariantLight, "dark": fynetheme.VariantDark} {
		c := newConfirmWindow(testShell(t, variant), Ask(annas()), func(seam.Answer) {})
		c.tick(30*time.Second, 8*time.Second)
		keep(t, c.win, "confirm-"+look)
		c.win.Close()
		long := annas()
		long.User, long.Computer = strings.Repeat("longname", 7), strings.Repeat("computer", 8)
		c = newConfirmWindow(testShell(t, variant), Ask(long), func(seam.Answer) {})
		keep(t, c.win, "confirm-long-"+look)
		c.win.Close()
		st := newStrip(testShell(t, variant), func([]seam.Watcher) {})
		st.show([]seam.Watcher{{Session: 1, Name: "Anna Berg", Controls: true}})
		keep(t, st.win, "strip-"+look)
		st.win.Close()
		v := &prompter{sh: testShell(t, variant), notice: func(phrase.Phrase) {}}
		v.ShowNotice(Told(&seam.Notice{Phase: seam.PhaseBefore, Name: "Anna Berg", From: "10.20.4.90"}))
		keep(t, v.note.win, "note-"+look)
		v.note.win.Close()
		s := withGuests(anna())
		s.Refused = &engine.Refusal{Reason: engine.ReasonPassword, User: "ben", From: "10.0.0.7", At: now}
		s.Protected = []engine.Scope{engine.ScopeExit}
		w := open(t, newFake(s), variant)
		keep(t, w.win, "refused-"+look)
		w.halt()
		keep(t, w.win, "halt-"+look)
		w.haltButton.Tap()
		w.guard.fail(phrase.New("The maintenance password is wrong."))
		keep(t, w.win, "guard-"+look)
	}
}

// keep writes a picture of a window.
func keep(t *testing.T, w fyne.Window, name string) {
	t.Helper()
	picture := w.Canvas().Capture()
	dir := os.Getenv("IMPERO_GALLERY")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, picture); err != nil {
		t.Fatal(err)
	}
}
