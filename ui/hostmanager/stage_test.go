package hostmanager

import (
	"context"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"impero/core/config"
	"impero/ui/hostmanager/backendtest"
	"impero/ui/hostmanager/presenter"
	"impero/ui/shell"
	"impero/ui/theme"
)

const (
	local   = config.Root + "/Configuration/LocalConfiguration"
	general = local + "/HostComputer/General"
	tcp     = local + "/HostComputer/Communication/TCP[TCP 1]"
	roles   = local + "/GuestUsers/Roles"
)

// stage is a window without a desktop; what is posted runs in until.
type stage struct {
	*Window
	t     testing.TB
	queue chan func()
	quits int
}

// newStage opens a window and waits for nothing.
func newStage(t testing.TB, b presenter.Backend, variant fyne.ThemeVariant) *stage {
	t.Helper()
	app := test.NewTempApp(t)
	s := &stage{t: t, queue: make(chan func(), 64)}
	sh := shell.New(app, shell.Options{Program: "hostmanager", Name: "Impero Host Manager", Post: func(f func()) { s.queue <- f },
		Trouble: func(err error) { t.Error(err) }})
	app.Settings().SetTheme(theme.Fixed(variant))
	s.Window = NewWindow(sh, b, "/home/anna", func() { s.quits++ })
	s.win.Resize(fyne.NewSize(windowWidth, windowHeight))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		s.Run(ctx)
		close(done)
	}()
	t.Cleanup(func() {
		cancel()
		for over := false; !over; {
			select {
			case <-s.queue:
			case <-done:
				over = true
			}
		}
		s.win.Close()
	})
	s.Open()
	return s
}

// ready is newStage that waits for the configuration.
func ready(t testing.TB, b presenter.Backend, variant fyne.ThemeVariant) *stage {
	t.Helper()
	s := newStage(t, b, variant)
	s.until("loading", func() bool { return s.m.Phase() == presenter.Ready })
	return s
}

// until runs what is posted until cond holds.
func (s *stage) until(what string, cond func() bool) {
	s.t.Helper()
	patience := time.After(20 * time.Second)
	for !cond() {
		select {
		case f := <-s.queue:
			f()
		case <-patience:
			s.t.Fatalf("%s did not happen", what)
		}
	}
}

// press sends keys as a driver does: to the focused widget, else to the canvas.
func (s *stage) press(keys ...fyne.KeyName) {
	s.t.Helper()
	c := s.win.Canvas()
	for _, k := range keys {
		f := c.Focused()
		if k == fyne.KeyTab {
			if a, ok := f.(fyne.Tabbable); !ok || !a.AcceptsTab() {
				c.FocusNext()
				continue
			}
		}
		ev := &fyne.KeyEvent{Name: k}
		if f != nil {
			f.TypedKey(ev)
		} else if on := c.OnTypedKey(); on != nil {
			on(ev)
		}
	}
}

// enter types text into the focused widget.
func (s *stage) enter(text string) {
	s.t.Helper()
	for _, r := range text {
		s.win.Canvas().Focused().TypedRune(r)
	}
}

// run does a command of the menus.
func (s *stage) run(label string) {
	s.t.Helper()
	for _, m := range s.menus {
		for _, c := range m.Items {
			if c != nil && c.Label == label {
				if c.Off != nil && c.Off() {
					s.t.Fatalf("%s is off", label)
				}
				c.Run()
				return
			}
		}
	}
	s.t.Fatalf("no command %q", label)
}

func (s *stage) dialogs() int { return len(s.win.Canvas().Overlays().List()) }

func (s *stage) focused(want fyne.Focusable) bool { return s.win.Canvas().Focused() == want }

// keep writes a picture of the window to the folder that IMPERO_GALLERY names.
func (s *stage) keep(name string) {
	dir := os.Getenv("IMPERO_GALLERY")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		s.t.Fatal(err)
	}
	if err := png.Encode(f, s.win.Canvas().Capture()); err != nil {
		s.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		s.t.Fatal(err)
	}
}

// desk is a configuration as in an office: three roles, one of them changed.
func desk(t testing.TB) *backendtest.Memory {
	t.Helper()
	d := config.New()
	p, err := d.Rename(roles+"/Role[Default Role]", "Support desk")
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"UseKeyboardMouse": "Allow", "SendFiles": "Allow", "ReceiveFiles": "Deny"} {
		if err := d.Set(p, name, value); err != nil {
			t.Fatal(err)
		}
	}
	return backendtest.New(d)
}

var light, dark = fynetheme.VariantLight, fynetheme.VariantDark
