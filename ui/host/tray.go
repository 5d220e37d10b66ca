package host

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"impero/ui/shell"
)

// trayIcon is the icon beside the clock: the state, and the way back to the
// window and out.
type trayIcon struct {
	app  desktop.App
	menu *fyne.Menu
}

// UseTray puts the Host into the tray if that is wanted and there is one, which the caller knows;
// closing the window then hides it.
func (w *Window) UseTray(exists bool) {
	app, ok := w.sh.App.(desktop.App)
	if !exists || !ok || !w.look.InTray {
		return
	}
	state := fyne.NewMenuItem("", nil)
	state.Disabled = true
	items := []*fyne.MenuItem{state, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(lang.L("Open the window"), w.Open)}
	if !w.look.HideExit {
		exit := fyne.NewMenuItem(lang.L("Exit"), w.exit)
		exit.IsQuit = true
		items = append(items, fyne.NewMenuItemSeparator(), exit)
	}
	w.tray = &trayIcon{app: app, menu: fyne.NewMenu(w.sh.Name, items...)}
	app.SetSystemTrayMenu(w.tray.menu)
}

// show says the state in the tray's menu.
func (t *trayIcon) show(m *Model) {
	if t == nil {
		return
	}
	if title := shell.Say(m.Block.Title); title != t.menu.Items[0].Label {
		t.menu.Items[0].Label = title
		t.menu.Refresh()
	}
}
