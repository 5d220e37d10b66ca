package guest

import (
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"impero/core/guest"
	"impero/ui/guest/presenter"
)

// key types a key where the keyboard is.
func key(w fyne.Window, name fyne.KeyName) {
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
}

func TestFirstContact(t *testing.T) {
	s := newStand(t, true)
	answer := make(chan bool, 1)
	w := s.asks(presenter.StageIdentity, func(ctx context.Context, p guest.Prompter) {
		yes, _ := p.Identity(ctx, guest.Identity{Level: "Very high", HostName: "till-042", Fingerprint: "7K2M Q4TX 9HDA R3WC VB6N 1YEP J8SG 5LZF"})
		answer <- yes
	})
	test.AssertRendersToMarkup(t, "identity.xml", w.win.Canvas())
	key(w.win, fyne.KeyReturn) // at once: the prompt came by itself, and the focus is on Cancel
	if w.stage != presenter.StageIdentity {
		t.Fatal("typing on answered the question")
	}
	w.a.Accept(true)
	if !<-answer {
		t.Error("yes was not told")
	}
}

func TestFingerprintHasOneLine(t *testing.T) {
	const print = "7K2M Q4TX 9HDA R3WC VB6N 1YEP J8SG 5LZF"
	for _, language := range []string{"en", "de"} {
		t.Run(language, func(t *testing.T) {
			speak(t, language)
			s := newStand(t, true)
			w := s.asks(presenter.StageIdentity, func(ctx context.Context, p guest.Prompter) {
				_, _ = p.Identity(ctx, guest.Identity{Level: "Very high", HostName: "till-042", Fingerprint: print})
			})
			if drawn := test.RenderToMarkup(w.win.Canvas()); !strings.Contains(drawn, ">"+strings.ReplaceAll(print, " ", "\u00a0 ")+"<") {
				t.Error("the fingerprint is broken into lines")
			}
		})
	}
}

func TestFirstContactNamesThePort(t *testing.T) {
	for typed, want := range map[string]string{"till-042:7000": "till-042:7000", "till-042:6502": "till-042", "till-042": "till-042"} {
		s := newStand(t, true)
		s.engine.connect = func(ctx context.Context, t guest.Target, p guest.Prompter) (presenter.Session, error) {
			_, err := p.Identity(ctx, guest.Identity{HostName: "till-042", Fingerprint: "7K2M Q4TX 9HDA R3WC VB6N 1YEP J8SG 5LZF"})
			return nil, &guest.Error{Kind: guest.KindCancelled, Target: t, Err: err}
		}
		s.guest.Connect(typed, guest.ProfileInternet, presenter.Logon{})
		w := s.attempt()
		s.until("the question", func() bool { return w.stage == presenter.StageIdentity })
		drawn := test.RenderToMarkup(w.win.Canvas())
		for _, words := range []string{">Fingerprint of " + want + "<", "You have not connected to " + want + " from"} {
			if !strings.Contains(drawn, words) {
				t.Errorf("after %q the window does not say %q", typed, words)
			}
		}
		w.a.Cancel()
	}
}

func TestLogon(t *testing.T) {
	s := newStand(t, true)
	form := guest.Form{Level: "Very high", Known: true, Left: -1, Fields: []guest.FormField{{Kind: guest.FieldUser, Value: "anna.berg"}, {Kind: guest.FieldPassword}}}
	answers := make(chan []string, 2)
	w := s.asks(presenter.StageLogon, func(ctx context.Context, p guest.Prompter) {
		values, _ := p.Logon(ctx, form)
		answers <- values
		failed := form
		failed.Failed, failed.Left = true, 2
		values, _ = p.Logon(ctx, failed)
		answers <- values
	})
	if w.win.Canvas().Focused() != fyne.Focusable(w.form.entries[1]) {
		t.Error("the first empty field has not the keyboard")
	}
	key(w.win, fyne.KeyReturn)
	if w.a.Busy() || w.form.fields[1].Error() == "" {
		t.Error("an empty password was sent")
	}
	test.Type(w.form.entries[1], "wrong")
	key(w.win, fyne.KeyReturn)
	if got := <-answers; got[0] != "anna.berg" || got[1] != "wrong" {
		t.Errorf("sent %v", got)
	}
	content := w.win.Content()
	s.until("the second form", func() bool { return w.form.number == 2 })
	if w.win.Content() != content {
		t.Error("the window's content was replaced")
	}
	if got := w.form.fields[1].Error(); got != "User or password is wrong. 2 attempts left." {
		t.Errorf("it says %q", got)
	}
	if got := w.form.entries[1].SelectedText(); got != "wrong" {
		t.Errorf("selected is %q", got)
	}
	test.AssertRendersToMarkup(t, "logon-failed.xml", w.win.Canvas())
	key(w.win, fyne.KeyEscape)
	if len(s.guest.attempts) != 0 {
		t.Error("Esc does not cancel")
	}
}

func TestChangedKey(t *testing.T) {
	s := newStand(t, true)
	s.engine.connect = func(_ context.Context, t guest.Target, _ guest.Prompter) (presenter.Session, error) {
		return nil, &guest.Error{Kind: guest.KindChangedKey, Target: t, Changed: &guest.ChangedKey{
			Known: "7K2M Q4TX 9HDA R3WC VB6N 1YEP J8SG 5LZF", Shown: "M1RD 8ZKQ 2FWT A6XH PN4C Y9GB 3SEV LJ7U",
			Since: time.Date(2024, 3, 3, 0, 0, 0, 0, time.Local), Used: 41}}
	}
	s.guest.Connect("till-042", guest.ProfileInternet, presenter.Logon{})
	w := s.attempt()
	s.until("the dialog", func() bool { return w.stage == presenter.StageChangedKey })
	test.AssertRendersToMarkup(t, "changed-key.xml", w.win.Canvas())
}

func TestEveryFailureHasAWindow(t *testing.T) {
	for kind := guest.KindBadAddress; kind <= guest.KindHistory; kind++ {
		s := newStand(t, true)
		s.engine.connect = func(_ context.Context, t guest.Target, _ guest.Prompter) (presenter.Session, error) {
			return nil, &guest.Error{Kind: kind, Target: t, Changed: &guest.ChangedKey{Known: "A", Shown: "B", Since: time.Now(), Used: 1}}
		}
		s.guest.Connect("till-042", guest.ProfileInternet, presenter.Logon{})
		w := s.attempt()
		s.until("the failure", func() bool { return w.stage != presenter.StageConnecting || len(s.guest.attempts) == 0 })
		if len(s.guest.attempts) == 0 {
			continue
		}
		if size := w.win.Canvas().Size(); size.Width < attemptWidth || size.Height < 150 || size.Height > 600 {
			t.Errorf("kind %d has a window of %v", kind, size)
		}
		w.a.Cancel()
	}
}

func TestConnectingSaysHowLong(t *testing.T) {
	s := newStand(t, true)
	w := s.asks(presenter.StageConnecting, func(_ context.Context, p guest.Prompter) { p.Progress(guest.StepDial) })
	s.until("the words", func() bool { return !w.a.Progress().Empty() })
	key(w.win, fyne.KeyEscape)
	if len(s.guest.attempts) != 0 {
		t.Error("Esc does not cancel")
	}
}

// TestWaitingForTheHostsUser: the focus is on Cancel, and Esc gives up. Set IMPERO_GALLERY to a folder to get its picture.
func TestWaitingForTheHostsUser(t *testing.T) {
	s := newStand(t, true)
	w := s.asks(presenter.StageWaiting, func(_ context.Context, p guest.Prompter) { p.(guest.Waiter).AskingUser(30 * time.Second) })
	test.AssertRendersToMarkup(t, "waiting.xml", w.win.Canvas())
	if dir := os.Getenv("IMPERO_GALLERY"); dir != "" {
		f, err := os.Create(filepath.Join(dir, "waiting.png"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, w.win.Canvas().Capture()); err != nil {
			t.Fatal(err)
		}
	}
	key(w.win, fyne.KeyEscape)
	if len(s.guest.attempts) != 0 {
		t.Error("Esc does not cancel")
	}
}
