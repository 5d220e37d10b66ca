package host

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/shell"
)

// commands is the table of all that can be done in the window: it makes the
// menu, the shortcuts and the keyboard help.
func (w *Window) commands() []shell.Menu {
	host := shell.Menu{Label: lang.L("Host"), Items: []*shell.Command{
		{Label: lang.L("Start communication"), Run: w.p.Start, Off: func() bool { return !w.model.CanStart() }},
		{Label: lang.L("Stop communication"), Run: w.halt, Off: func() bool { return !w.model.Running }},
		nil,
		{Label: lang.L("Copy fingerprint"), Run: w.copyFingerprint, Off: func() bool { return w.model.Fingerprint == "" }},
	}}
	options := &shell.Command{Label: lang.L("Options…"), Run: w.options}
	if w.ofService() {
		host.Items = append(host.Items, nil,
			&shell.Command{Label: lang.L("Close window"), Key: fyne.KeyW, Modifier: fyne.KeyModifierShortcutDefault, Run: w.Close})
	} else {
		host.Items = slices.Insert(host.Items, 3, &shell.Command{Label: lang.L("Change password…"), Run: w.askPassword})
		options.Label, options.Off = lang.L("Options… (only with the Host service)"), func() bool { return true }
	}
	if !w.look.HideExit {
		host.Items = append(host.Items, nil,
			&shell.Command{Label: lang.L("Exit"), Key: fyne.KeyQ, Modifier: fyne.KeyModifierShortcutDefault, Run: w.exit, Quit: true})
	}
	tools := shell.Menu{Label: lang.L("Tools"), Items: []*shell.Command{options}}
	disconnect := &shell.Command{Label: lang.L("Disconnect"), Key: fyne.KeyD, Modifier: fyne.KeyModifierShortcutDefault,
		Run: w.disconnect, Off: func() bool { return len(w.guests.selected()) == 0 }}
	w.guests.keys = disconnect.Keys()
	session := shell.Menu{Label: lang.L("Session"), Items: []*shell.Command{
		disconnect,
		{Label: lang.L("Disconnect all"), Key: fyne.KeyD, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift,
			Run: w.p.DisconnectAll, Off: func() bool { return !w.model.Connected() }},
	}}
	help := shell.Menu{Label: lang.L("Help"), Items: []*shell.Command{
		{Label: lang.L("Keyboard"), Hint: "F1", Run: w.keyboard},
		{Label: lang.L("About"), Run: w.about},
	}}
	return []shell.Menu{host, session, tools, help}
}
