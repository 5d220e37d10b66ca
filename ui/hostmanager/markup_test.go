package hostmanager

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"impero/ui/hostmanager/backendtest"
	"impero/ui/hostmanager/presenter"
)

// main brings the window into its main state: changes wait, a row is selected.
func mainState(t *testing.T, s *stage) {
	t.Helper()
	s.m.Select(tcp)
	s.m.SetValue("ReceivePort", "6510")
	s.m.GoTo(roles+"/Role[Support desk]", "ConfirmAccess")
	s.m.SetValue("ConfirmAccess", "OnlyWhenLoggedIn")
	s.m.SetValue("ConnectView", "Deny")
	s.table.focus()
}

func TestMainStates(t *testing.T) {
	t.Run("light", func(t *testing.T) {
		s := ready(t, desk(t), light)
		mainState(t, s)
		stillTimes(s)
		s.keep("main-light")
		test.AssertRendersToMarkup(t, "main-light.xml", s.win.Canvas())
	})
	t.Run("dark", func(t *testing.T) {
		s := ready(t, desk(t), dark)
		mainState(t, s)
		s.keep("main-dark")
	})
	t.Run("german", func(t *testing.T) {
		t.Setenv("LANGUAGE", "de")
		s := ready(t, desk(t), light)
		mainState(t, s)
		stillTimes(s)
		s.keep("main-german")
		test.AssertRendersToMarkup(t, "main-german.xml", s.win.Canvas())
	})
	t.Run("large", func(t *testing.T) {
		s := ready(t, backendtest.New(backendtest.Large(200, 10000)), light)
		s.m.SetOpen(local+"/GuestUsers/SystemAuthentication", true)
		s.m.Select(local + "/GuestUsers/SystemAuthentication/User[user9999]")
		stillTimes(s)
		s.keep("large-light")
		if n := len(s.m.Nodes()); n < 10200 {
			t.Fatalf("the tree has %d lines", n)
		}
		test.AssertRendersToMarkup(t, "large.xml", s.win.Canvas())
	})
	t.Run("validation", func(t *testing.T) {
		s := ready(t, desk(t), dark)
		s.m.GoTo(tcp, "ReceivePort")
		s.m.SetValue("ReceivePort", "650")
		s.table.focus()
		s.press(fyne.KeyReturn)
		stillTimes(s)
		s.keep("validation-dark")
		test.AssertRendersToMarkup(t, "validation-dark.xml", s.win.Canvas())
	})
	t.Run("apply", func(t *testing.T) {
		b := desk(t)
		b.List = []presenter.Session{{Who: "Anna Berg", From: "10.20.4.90"}}
		s := ready(t, b, light)
		mainState(t, s)
		s.run("Apply…")
		s.until("the question", func() bool { return s.dialogs() == 1 })
		stillTimes(s)
		s.keep("apply-light")
		test.AssertRendersToMarkup(t, "apply.xml", s.win.Canvas())
	})
}

// TestPictures draws the main states in light and dark, and in German, and checks that nothing is cut that has no tooltip and no
// more room. Set IMPERO_GALLERY to a folder to get the pictures.
func TestPictures(t *testing.T) {
	states := map[string]func(*stage){
		"empty": func(s *stage) { s.m.Select(local + "/AddressLists") },
		"one":   func(s *stage) { s.m.GoTo(tcp, "ReceivePort") },
		"messages": func(s *stage) {
			s.m.GoTo(tcp, "ReceivePort")
			s.m.SetValue("ReceivePort", "650")
			s.m.SetValue("Enable", "Disabled")
		},
		"apply": func(s *stage) {
			s.m.Select(tcp)
			s.m.Copy()
			s.m.SetValue("Name", "Behind the counter of the second floor, on the left")
			s.m.SetValue("ReceivePort", "7000")
			s.m.Select(roles + "/Role[View only]")
			s.m.Delete()
			s.m.Select(local + "/HostComputer/Security/Encryption")
			s.m.SetValue("AllowedEncryptions", "High")
			s.m.PrepareApply()
			s.until("the question", func() bool { return s.dialogs() == 1 })
		},
	}
	for name, bring := range states {
		for _, c := range []struct {
			look, language string
			variant        fyne.ThemeVariant
		}{{"light", "en", light}, {"dark", "en", dark}, {"german", "de", dark}} {
			t.Run(name+" "+c.look, func(t *testing.T) {
				t.Setenv("LANGUAGE", c.language)
				s := ready(t, desk(t), c.variant)
				bring(s)
				s.keep(name + "-" + c.look)
				noneCut(t, s)
			})
		}
	}
}

// noneCut checks that every text is whole: of the uppermost dialog, else of the window but for the tree and the tables, which
// have tooltips.
func noneCut(t *testing.T, s *stage) {
	t.Helper()
	over := s.win.Canvas().Overlays().Top()
	if over == nil {
		over = s.win.Content()
	}
	for _, o := range test.LaidOutObjects(over) {
		text, ok := o.(*canvas.Text)
		if !ok || !text.Visible() {
			continue
		}
		if text.MinSize().Width > text.Size().Width+1 || s.dialogs() > 0 && strings.HasSuffix(text.Text, "…") {
			t.Errorf("%q is cut", text.Text)
		}
	}
}

// stillTimes takes the times of the messages away, which are others in each run.
func stillTimes(s *stage) {
	log := s.m.Messages()
	for i := range log {
		log[i].At = time.Date(2026, 3, 3, 9, 14, 7, 0, time.Local)
	}
	s.messages.show()
}

func BenchmarkOpen(b *testing.B) {
	for _, c := range []struct {
		name         string
		roles, users int
	}{{"empty", 0, 0}, {"large", 200, 2000}} {
		b.Run(c.name, func(b *testing.B) {
			d := backendtest.Large(c.roles, c.users)
			for b.Loop() {
				s := ready(b, backendtest.New(d), light)
				s.win.Canvas().Capture()
			}
		})
	}
}

// BenchmarkEmptyWindow is what a window without anything costs, to compare with.
func BenchmarkEmptyWindow(b *testing.B) {
	for b.Loop() {
		test.NewTempApp(b)
		w := test.NewWindow(nil)
		w.Resize(fyne.NewSize(windowWidth, windowHeight))
		w.Canvas().Capture()
		w.Close()
	}
}

func BenchmarkSelectInLargeTree(b *testing.B) {
	s := ready(b, backendtest.New(backendtest.Large(200, 2000)), light)
	s.m.SetOpen(local+"/GuestUsers/SystemAuthentication", true)
	for b.Loop() {
		s.press(fyne.KeyEnd, fyne.KeyHome)
	}
}

// BenchmarkRoleList opens the list of roles in a user's cell.
func BenchmarkRoleList(b *testing.B) {
	s := ready(b, backendtest.New(backendtest.Large(200, 2000)), light)
	s.m.GoTo(local+"/GuestUsers/SystemAuthentication/User[user7]", "Role")
	s.table.focus()
	for b.Loop() {
		s.press(fyne.KeyReturn, fyne.KeyEscape, fyne.KeyEscape)
	}
}
