package shell

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"impero/ui/shell/phrase"
)

func TestSayPutsPlacesAndPlurals(t *testing.T) {
	test.NewTempApp(t)
	if err := LoadLanguage(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		p    phrase.Phrase
		want string
	}{
		{phrase.Phrase{}, ""},
		{phrase.Plain("{{.Host}}"), "{{.Host}}"},
		{phrase.New("Close"), "Close"},
		{phrase.With("Today {{.Time}}", phrase.Args{"Time": "09:12"}), "Today 09:12"},
		{phrase.With("{{.Day}} {{.Month}} {{.Year}}", phrase.Args{"Day": 3, "Month": phrase.New("March"), "Year": 2026}), "3 March 2026"},
		{phrase.Count("{{.Count}} seconds", 1, nil), "1 second"},
		{phrase.Count("{{.Count}} seconds", 2, nil), "2 seconds"},
	} {
		if got := Say(c.p); got != c.want {
			t.Errorf("%q says %q, not %q", c.p.Key, got, c.want)
		}
	}
}

func TestSizesAreRemembered(t *testing.T) {
	dir := t.TempDir()
	trouble := func(err error) { t.Error(err) }
	natural := fyne.NewSize(720, 520)
	p := openPlaces(dir, trouble)
	if got := p.size("w", natural); got != natural {
		t.Errorf("the first size is %v", got)
	}
	p.keep("w", fyne.NewSize(900, 600))
	p.keep("broken", fyne.NewSize(float32(math.NaN()), 5))
	again := openPlaces(dir, trouble)
	if got := again.size("w", natural); got != fyne.NewSize(900, 600) {
		t.Errorf("the remembered size is %v", got)
	}
	if got := again.size("broken", natural); got != natural {
		t.Errorf("a size that is none was remembered: %v", got)
	}
}

func TestDamagedSizesAreToldAndLeft(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "windows.json")
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	var told error
	p := openPlaces(dir, func(err error) { told = errors.Join(told, err) })
	if told == nil {
		t.Error("damage is not told")
	}
	p.keep("w", fyne.NewSize(900, 600))
	if b, err := os.ReadFile(file); err != nil || string(b) != "{" {
		t.Errorf("the damaged file was written over: %s, %v", b, err)
	}
}

func TestNothingIsRememberedWithoutAFolder(t *testing.T) {
	p := openPlaces("", func(err error) { t.Error(err) })
	p.keep("w", fyne.NewSize(900, 600))
}

func TestMenuAsksWhatCanBeDone(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewWindow(nil)
	defer w.Close()
	off, ran := true, 0
	c := &Command{Label: "Do", Key: fyne.KeyD, Modifier: fyne.KeyModifierControl, Run: func() { ran++ }, Off: func() bool { return off }}
	bar := SetMenu(w, []Menu{{Label: "File", Items: []*Command{c, nil, {Label: "Help", Hint: "F1", Run: func() {}}}}})
	item := w.MainMenu().Items[0].Items[0]
	if !item.Disabled || item.Shortcut == nil || !w.MainMenu().Items[0].Items[1].IsSeparator {
		t.Errorf("the menu is %+v", item)
	}
	off = false
	bar.Update()
	item.Action()
	if item.Disabled || ran != 1 {
		t.Errorf("disabled %v, ran %d times", item.Disabled, ran)
	}
	if c.Keys() != "Ctrl+D" || (&Command{Hint: "F1"}).Keys() != "F1" || (&Command{Key: fyne.KeyDelete, Modifier: fyne.KeyModifierShift | fyne.KeyModifierAlt}).Keys() != "Alt+Shift+Del" {
		t.Error("keys are written otherwise")
	}
}

func TestHelpIsShown(t *testing.T) {
	s := New(test.NewTempApp(t), Options{Program: "guest", Name: "Impero Guest", Trouble: func(err error) { t.Error(err) }})
	w := s.Window("w", "Window", fyne.NewSize(800, 600))
	defer w.Close()
	s.About(w)
	s.KeyboardHelp(w, []Menu{{Items: []*Command{{Label: "Do", Hint: "F1"}, nil, {Label: "No key"}}}})
	if n := len(w.Canvas().Overlays().List()); n != 2 {
		t.Errorf("%d dialogs are open", n)
	}
	s.Copy("text")
	if got := s.App.Clipboard().Content(); got != "text" {
		t.Errorf("the clipboard holds %q", got)
	}
	s.Remember("w", w)
}

func TestNothingRunsAfterASignal(t *testing.T) {
	s := New(test.NewTempApp(t), Options{Post: func(f func()) { f() }})
	ran := 0
	s.Post(func() { ran++ })
	signals := make(chan os.Signal, 1)
	signals <- os.Interrupt
	s.heed(signals, nil)
	s.Post(func() { ran += 10 })
	if ran != 1 {
		t.Errorf("%d runs", ran)
	}
}

func TestWindowsFitTheirMonitor(t *testing.T) {
	queue := make(chan func(), 1)
	s := New(test.NewTempApp(t), Options{Post: func(f func()) { queue <- f },
		Room: func(fyne.Window) (int, int, bool) { return 800, 600, true }})
	for _, c := range []struct{ natural, want fyne.Size }{
		{fyne.NewSize(1040, 660), fyne.NewSize(800, 600-decoration)},
		{fyne.NewSize(500, 660), fyne.NewSize(500, 600-decoration)},
		{fyne.NewSize(500, 400), fyne.NewSize(500, 400)},
	} {
		w := s.Window("w", "W", c.natural)
		(<-queue)()
		if got := w.Canvas().Size(); got != c.want {
			t.Errorf("of %v, %v fits", c.natural, got)
		}
		w.Close()
	}
}

func TestRoomIsInUnits(t *testing.T) {
	known := true
	s := New(test.NewTempApp(t), Options{Room: func(fyne.Window) (int, int, bool) { return 1280, 720, known }})
	w := s.App.NewWindow("W")
	defer w.Close()
	room := s.Room(w)
	if got := room(); got != fyne.NewSize(1280, 720-decoration) {
		t.Errorf("the room is %v", got)
	}
	w.Canvas().(software.WindowlessCanvas).SetScale(1.5)
	if got := room(); got != fyne.NewSize(853, 453) {
		t.Errorf("at another scale the room is %v", got)
	}
	known = false
	if got := s.Room(w)(); !got.IsZero() {
		t.Errorf("where it is not known the room is %v", got)
	}
}
