package host

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"impero/ui/shell"
)

// labels are what the menus offer.
func labels(w *Window) (list []string) {
	for _, m := range w.commands() {
		for _, c := range m.Items {
			if c != nil {
				list = append(list, c.Label)
			}
		}
	}
	return list
}

// TestExitIsHidden if the configuration wants it, in the menu and in the tray.
func TestExitIsHidden(t *testing.T) {
	for hide, want := range map[bool]bool{false: true, true: false} {
		w := looking(t, Look{HideExit: hide})
		if slices.Contains(labels(w), "Exit") != want {
			t.Errorf("hidden %v: the menus offer %q", hide, labels(w))
		}
	}
}

// TestTrayIsUsedIfItIsWanted, and there is one.
func TestTrayIsUsedIfItIsWanted(t *testing.T) {
	for _, c := range []struct{ wanted, exists, used bool }{{false, true, false}, {true, false, false}, {true, true, true}} {
		w := looking(t, Look{InTray: c.wanted})
		tray := &trayApp{App: w.sh.App}
		w.sh.App = tray
		w.UseTray(c.exists)
		if (tray.menu != nil) != c.used || (w.tray != nil) != c.used {
			t.Errorf("%+v: the tray has %v", c, tray.menu)
		}
	}
}

// trayApp is an App with a tray.
type trayApp struct {
	fyne.App
	menu *fyne.Menu
}

func (a *trayApp) SetSystemTrayMenu(m *fyne.Menu)  { a.menu = m }
func (a *trayApp) SetSystemTrayIcon(fyne.Resource) {}
func (a *trayApp) SetSystemTrayWindow(fyne.Window) {}
func looking(t *testing.T, look Look) *Window {
	t.Helper()
	app := test.NewTempApp(t)
	sh := shell.New(app, shell.Options{Program: "host", Name: "Impero Host", Trouble: func(err error) { t.Error(err) }})
	w := NewWindow(sh, newFake(ready()), func() {}, look)
	t.Cleanup(w.win.Close)
	return w
}
