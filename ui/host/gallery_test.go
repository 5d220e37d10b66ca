package host

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	engine "impero/core/host"
	"impero/ui/shell"
	"impero/ui/theme"
)

// open makes the window of a Host in a state, without a desktop.
func open(t *testing.T, e *fakeEngine, variant fyne.ThemeVariant) *Window {
	t.Helper()
	app := test.NewTempApp(t)
	sh := shell.New(app, shell.Options{Program: "host", Name: "Impero Host", Trouble: func(err error) { t.Error(err) }})
	app.Settings().SetTheme(theme.Fixed(variant))
	w := NewWindow(sh, e, func() {}, Look{})
	w.win.Resize(fyne.NewSize(windowWidth, windowHeight))
	t.Cleanup(w.win.Close)
	w.Show(Describe(e.State(), now))
	return w
}

// TestPictures draws the window in its main states; set IMPERO_GALLERY to a
// folder to get the pictures.
func TestPictures(t *testing.T) {
	states := map[string]engine.State{}
	states["ready"] = ready()
	one := ready()
	one.Sessions = []engine.Session{anna()}
	states["one"] = one
	two := ready()
	two.Sessions = []engine.Session{anna(), ben()}
	states["two"] = two
	states["weak"] = withWeak()
	gone := ready()
	gone.Sessions = []engine.Session{away(anna())}
	states["away"] = gone
	first := ready()
	first.PasswordSet, first.Running, first.Profiles = false, false, nil
	states["first"] = first
	blind := ready()
	blind.Display = engine.Display{Reason: "This computer has no display to share. Log in to a desktop there, or start the Host with DISPLAY set to an X server."}
	states["blind"] = blind
	taken := first
	taken.PasswordSet = true
	taken.Problem = "Another program already uses port 6502. End it, or give this Host another port."
	states["taken"] = taken
	for name, s := range states {
		for look, variant := range map[string]fyne.ThemeVariant{"light": fynetheme.VariantLight, "dark": fynetheme.VariantDark} {
			w := open(t, newFake(s), variant)
			keep(t, w.win, name+"-"+look)
		}
	}
}
