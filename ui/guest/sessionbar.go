package guest

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/guest/presenter"
	"impero/ui/remote"
	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// sessionBar is the verbs of a session.
type sessionBar struct {
	v        *sessionWindow
	toolbar  *widgets.Toolbar
	cad      *widgets.ToolItem
	keys     *widgets.ToolItem
	size     *widgets.ToolItem
	level    *widgets.Chip
	role     *widgets.Chip
	named    string // the role, as it is shown
	disabled string
}

func newSessionBar(v *sessionWindow) *sessionBar {
	b := &sessionBar{v: v, level: shell.LevelChip(v.l.Level()), named: shell.Say(v.l.Role())}
	b.role = widgets.NewChip(b.roleLook())
	b.cad = &widgets.ToolItem{Text: "Ctrl+Alt+Del", Icon: theme.IconCtrlAltDel, OnTapped: b.then(func() { v.l.Send(presenter.CtrlAltDel()) }),
		Tip: lang.L("Send Ctrl+Alt+Del to the Host"), Shortcut: hostKeyName() + "+Del"}
	b.keys = &widgets.ToolItem{Text: lang.L("Keys"), Icon: theme.IconKeyboard, Menu: b.keystrokes, Tip: lang.L("Send a key combination to the Host")}
	b.size = &widgets.ToolItem{Text: lang.L("Fit"), Icon: theme.IconFit, Menu: b.sizes, Tip: lang.L("How large the picture is shown")}
	b.toolbar = widgets.NewToolbar(widgets.ToolbarOptions{
		Groups: [][]*widgets.ToolItem{
			{{Text: lang.L("Disconnect"), Icon: theme.IconDisconnect, OnTapped: v.disconnect, Tip: lang.L("End the session"), Shortcut: hostKeyName() + "+D"}},
			{b.cad, b.keys},
			{
				b.size,
				{Text: lang.L("Full screen"), Icon: theme.IconFullscreen, OnTapped: func() { v.setFullScreen(true) },
					Tip: lang.L("Use the whole monitor"), Shortcut: hostKeyName() + "+Enter"},
				{Text: lang.L("Screenshot"), Icon: theme.IconScreenshot, OnTapped: v.screenshot, Tip: lang.L("Save the picture as a file")},
			},
		},
		Right: []fyne.CanvasObject{
			b.role, b.level,
		},
	})
	return b
}

// then does something and gives the keyboard back to the picture.
func (b *sessionBar) then(f func()) func() {
	return func() {
		f()
		b.v.focus()
	}
}

// keystrokes is the menu of the combinations.
func (b *sessionBar) keystrokes() []widgets.MenuItem {
	var items []widgets.MenuItem
	for _, k := range presenter.Keystrokes() {
		item := widgets.MenuItem{Text: lang.L("Send {{.Keys}}", map[string]any{"Keys": k.Name}), Disabled: b.reason(),
			OnTapped: b.then(func() { b.v.l.Send(k) })}
		if k.Name == presenter.CtrlAltDel().Name {
			item.Shortcut = hostKeyName() + "+Del"
		}
		items = append(items, item)
	}
	return items
}

// sizes is the menu of how large the picture is shown.
func (b *sessionBar) sizes() []widgets.MenuItem {
	set := func(m remote.Mode) func() {
		return b.then(func() {
			b.v.screen.SetMode(m)
			b.nameSize()
			b.v.resized()
		})
	}
	mode := b.v.screen.Mode()
	return append([]widgets.MenuItem{
		{Text: lang.L("Fit to the window"), Checked: mode == remote.Fit, OnTapped: set(remote.Fit)},
		{Text: lang.L("Actual size, pixel for pixel"), Checked: mode == remote.Actual, OnTapped: set(remote.Actual)},
	}, b.monitors()...)
}

// monitors is the rest of that menu: which of the Host's monitors is shown, if it
// has several.
func (b *sessionBar) monitors() []widgets.MenuItem {
	list := b.v.screen.Monitors()
	if len(list) < 2 {
		return nil
	}
	set := func(n int) func() { return b.then(func() { b.v.screen.ShowMonitor(n) }) }
	shown := b.v.screen.Monitor()
	items := []widgets.MenuItem{widgets.MenuSeparator(), {Text: lang.L("All monitors"), Checked: shown == remote.AllMonitors, OnTapped: set(remote.AllMonitors)}}
	for i, m := range list {
		words := map[string]any{"Number": i + 1, "Name": m.Name, "Width": m.Rect.W, "Height": m.Rect.H}
		text := lang.L("Monitor {{.Number}}, {{.Width}} × {{.Height}}", words)
		if m.Name != "" {
			text = lang.L("Monitor {{.Number}}: {{.Name}}, {{.Width}} × {{.Height}}", words)
		}
		items = append(items, widgets.MenuItem{Text: text, Checked: shown == i, OnTapped: set(i)})
	}
	return items
}

// nameSize has the button name how large the picture is shown now.
func (b *sessionBar) nameSize() {
	words := lang.L("Fit")
	if b.v.screen.Mode() == remote.Actual {
		words = lang.L("Actual size")
	}
	b.size.SetText(words, theme.IconFit)
	b.toolbar.Refresh()
}

// reason says why keys cannot be sent, empty if they can.
func (b *sessionBar) reason() string {
	switch {
	case b.v.l.Over():
		return lang.L("The session is over.")
	case b.v.l.Stale():
		return lang.L("The connection is lost.")
	case !b.v.l.MayControl():
		return lang.L("Your role on this Host does not allow keyboard and mouse.")
	}
	return ""
}

// roleLook is how the role is shown.
func (b *sessionBar) roleLook() widgets.ChipOptions {
	return widgets.ChipOptions{Text: b.named, Icon: theme.IconUser, Tip: lang.L("Your role on this Host")}
}

func (b *sessionBar) update() {
	if now := shell.Say(b.v.l.Role()); now != b.named {
		b.named = now
		b.role.Set(b.roleLook())
		b.toolbar.Refresh()
	}
	reason := b.reason()
	if reason == b.disabled {
		return
	}
	b.disabled = reason
	if b.v.l.Over() {
		level := b.v.l.Level()
		icon, _, _ := shell.LevelLook(level.Strength)
		b.level.Set(widgets.ChipOptions{Text: shell.Say(level.Name), Icon: icon, Tip: reason}) // nothing is encrypted any more
	}
	b.cad.SetDisabled(reason)
	b.keys.SetDisabled(reason)
}

// command does what the host key says.
func (v *sessionWindow) command(c remote.Command) {
	switch c {
	case remote.GiveBack:
		v.win.Canvas().Unfocus()
		if v.win.FullScreen() {
			v.full.show()
		} else {
			widgets.FocusOn(v.bar.cad.Button())
		}
	case remote.FullScreen:
		v.setFullScreen(!v.win.FullScreen())
	case remote.ShowBar:
		v.full.show()
	case remote.CtrlAltDel:
		v.l.Send(presenter.CtrlAltDel())
	case remote.Disconnect:
		v.disconnect()
	case remote.OpenMenu:
		v.openMenu()
	case remote.ShowStatistics:
		v.stats.toggle()
	case remote.ShowHeat:
		v.heat.toggle()
	}
}

// openMenu offers everything the bar does, for the keyboard alone.
func (v *sessionWindow) openMenu() {
	label := lang.L("Full screen")
	if v.win.FullScreen() {
		label = lang.L("Leave full screen")
	}
	items := []widgets.MenuItem{
		{Text: lang.L("Keys"), Icon: theme.IconKeyboard, Items: v.bar.keystrokes()},
		{Text: lang.L("Size"), Icon: theme.IconFit, Items: v.bar.sizes()},
		{Text: label, Icon: theme.IconFullscreen, Shortcut: hostKeyName() + "+Enter", OnTapped: func() { v.setFullScreen(!v.win.FullScreen()) }},
		{Text: lang.L("Screenshot"), Icon: theme.IconScreenshot, OnTapped: v.screenshot},
		{Text: lang.L("Statistics"), Icon: theme.IconList, Checked: v.stats.shown(), Shortcut: hostKeyName() + "+S", OnTapped: v.stats.toggle},
		{Text: lang.L("Heat map"), Icon: theme.IconEye, Checked: v.heat.shown(), Shortcut: hostKeyName() + "+H", OnTapped: v.heat.toggle},
		widgets.MenuSeparator(),
		{Text: lang.L("Disconnect"), Icon: theme.IconDisconnect, Shortcut: hostKeyName() + "+D", OnTapped: v.disconnect},
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(v.view.root)
	widgets.ShowMenu(v.view.root, at.AddXY(theme.Margin, theme.Margin), items)
	v.screen.ReleaseKeys()
	v.grab() // the menu has the keys now
}

// disconnect ends the session; the window goes when it has ended.
func (v *sessionWindow) disconnect() { v.close() }

// hostKeyName is what people call the key that belongs to the Guest.
func hostKeyName() string {
	if remote.HostKeyName == "Right Option" {
		return lang.L("Right Option")
	}
	return lang.L("Right Ctrl")
}

// sessionKeys is the session window's part of the keyboard help.
func sessionKeys() shell.Menu {
	with := func(key string) string { return hostKeyName() + "+" + key }
	return shell.Menu{Items: []*shell.Command{
		{Label: lang.L("Session: give the keyboard back to this computer"), Hint: hostKeyName()},
		{Label: lang.L("Session: full screen on and off"), Hint: with("Enter")},
		{Label: lang.L("Session: show the bar"), Hint: with("B")},
		{Label: lang.L("Session: send Ctrl+Alt+Del"), Hint: with("Del")},
		{Label: lang.L("Session: menu"), Hint: with("M")},
		{Label: lang.L("Session: statistics"), Hint: with("S")},
		{Label: lang.L("Session: heat map, how the picture came"), Hint: with("H")},
		{Label: lang.L("Session: disconnect"), Hint: with("D")},
	}}
}
