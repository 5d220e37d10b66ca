package guest

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/guest/presenter"
	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// Sizes of the main window, in units: the first, and the smallest.
const (
	mainKey         = "guest"
	mainWidth       = 1040
	mainHeight      = 660
	mainLeastWidth  = 860
	mainLeastHeight = 520
)

// The tabs of the main window.
const (
	tabQuick = iota
	tabConnections
)

// mainWindow is Quick Connect and Connections.
type mainWindow struct {
	g     *Guest
	win   fyne.Window
	frame *widgets.Frame
	tabs  *widgets.TabStrip
	bar   *shell.Bar
	menus []shell.Menu

	quick       *quickTab
	connections *connectionsTab
	status      *widgets.StatusBar
	remote      *widgets.ToolItem
	disconnect  *widgets.ToolItem
	open        int // sessions that the tab's name counts
	known       *widgets.Dialog
	profiles    *profileList
	count       int // profiles that the status bar counts
}

func newMainWindow(g *Guest) *mainWindow {
	m := &mainWindow{g: g, win: g.sh.Window(mainKey, g.sh.Name, fyne.NewSize(mainWidth, mainHeight))}
	m.quick, m.connections = newQuickTab(m), newConnectionsTab(m)
	m.status = widgets.NewStatusBar()
	m.tabs = widgets.NewTabStrip(widgets.TabStripOptions{
		Tabs: []string{lang.L("Quick Connect"), lang.L("Connections")}, OnChanged: m.show,
	})
	m.frame = widgets.NewFrame(widgets.FrameOptions{
		MinSize: fyne.NewSize(mainLeastWidth, mainLeastHeight), Room: g.sh.Room(m.win), HasMenu: primary != fyne.KeyModifierSuper,
		Toolbar: m.toolbar(), Tabs: m.tabs, Content: m.quick.root, Status: m.status, OnKey: m.key,
	})
	m.menus = m.commands()
	m.bar = shell.SetMenu(m.win, m.menus)
	m.frame.Attach(m.win)
	m.win.SetCloseIntercept(m.close)
	m.update()
	return m
}

func (m *mainWindow) toolbar() *widgets.Toolbar {
	m.remote = &widgets.ToolItem{Text: lang.L("Remote control"), Icon: theme.IconRemoteControl, OnTapped: m.connect,
		Tip: lang.L("Connect to the Host and see its screen"), Shortcut: "Enter"}
	m.disconnect = &widgets.ToolItem{Text: lang.L("Disconnect"), Icon: theme.IconDisconnect, OnTapped: m.end, Shortcut: "Ctrl+D",
		Tip: lang.L("End the selected session")}
	known := &widgets.ToolItem{Text: lang.L("Known Hosts"), Icon: theme.IconShield, OnTapped: m.openKnownHosts,
		Tip: lang.L("The Hosts whose identity this computer keeps")}
	return widgets.NewToolbar(widgets.ToolbarOptions{Groups: [][]*widgets.ToolItem{{m.remote, m.disconnect}, {known}}})
}

// commands is the table of all that can be done in the window.
func (m *mainWindow) commands() []shell.Menu {
	noSession := func() bool { return m.selectedSession() == nil }
	return []shell.Menu{
		{Label: lang.L("File"), Items: []*shell.Command{
			{Label: lang.L("Exit"), Key: fyne.KeyQ, Modifier: primary, Run: m.close, Quit: true},
		}},
		{Label: lang.L("Connection"), Items: []*shell.Command{
			{Label: lang.L("Remote control"), Hint: "Enter", Run: m.connect},
			{Label: lang.L("Show session window"), Run: m.raise, Off: noSession},
			{Label: lang.L("Disconnect"), Key: fyne.KeyD, Modifier: primary, Run: m.end, Off: noSession},
			nil,
			{Label: lang.L("Remove from list"), Hint: "Del", Run: m.quick.remove, Off: func() bool { return !m.quick.any() }},
		}},
		{Label: lang.L("View"), Items: []*shell.Command{
			{Label: lang.L("Quick Connect"), Key: fyne.Key1, Modifier: primary, Run: func() { m.tabs.Select(tabQuick) }},
			{Label: lang.L("Connections"), Key: fyne.Key2, Modifier: primary, Run: func() { m.tabs.Select(tabConnections) }},
			nil,
			{Label: lang.L("Go to the Host field"), Key: fyne.KeyL, Modifier: primary, Run: m.quick.goToHost},
		}},
		{Label: lang.L("Tools"), Items: []*shell.Command{
			{Label: lang.L("Communication profiles…"), Run: m.openProfiles},
			{Label: lang.L("Known Hosts…"), Run: m.openKnownHosts},
		}},
		{Label: lang.L("Help"), Items: []*shell.Command{
			{Label: lang.L("Keyboard"), Hint: "F1", Run: m.keyboard},
			{Label: lang.L("About"), Run: func() { m.g.sh.About(m.win) }},
		}},
	}
}

// keyboard lists the keys of this window and of the session window.
func (m *mainWindow) keyboard() {
	m.g.sh.KeyboardHelp(m.win, append(m.menus[:len(m.menus):len(m.menus)], sessionKeys()))
}

// show changes the tab.
func (m *mainWindow) show(tab int) {
	switch tab {
	case tabQuick:
		m.frame.SetContent(m.quick.root)
		m.quick.focus()
	case tabConnections:
		m.frame.SetContent(m.connections.root)
		m.connections.focus()
	}
	m.update()
}

// update shows what the desk says now.
func (m *mainWindow) update() {
	desk := m.g.desk
	m.quick.update()
	m.connections.update()
	if n := desk.Open(); n != m.open {
		m.open = n
		name := lang.L("Connections")
		if n > 0 {
			name = lang.L("Connections ({{.Count}})", map[string]any{"Count": n})
		}
		m.tabs.SetText(tabConnections, name)
	}
	m.bar.Update()
	reason := ""
	if m.selectedSession() == nil {
		reason = lang.L("No session is open.")
	}
	if reason != m.disconnect.Disabled {
		m.disconnect.SetDisabled(reason)
	}
	m.status.SetLeft(m.statusItems()...)
	if n := len(desk.ProfileNames()); n != m.count {
		m.count = n
		m.status.SetRight(widgets.StatusItem{Text: shell.Say(phrase.Count("{{.Count}} profiles", n, nil))}, widgets.StatusItem{Icon: theme.IconUser,
			Text: lang.L("{{.User}} on {{.Computer}}", map[string]any{"User": m.g.o.Who.User, "Computer": m.g.o.Who.Computer})})
	}
}

func (m *mainWindow) statusItems() []widgets.StatusItem {
	items := []widgets.StatusItem{{Text: shell.Say(m.g.desk.Status()), Icon: theme.IconCheckCircle, Tone: widgets.Good}}
	if host := m.quick.selected(); host != "" && m.tabs.Selected() == tabQuick {
		items = append(items, widgets.StatusItem{Text: shell.Say(phrase.With("{{.Host}} selected", phrase.Args{"Host": host}))})
	}
	return items
}

// connect connects to what stands in the Host field.
func (m *mainWindow) connect() {
	if m.tabs.Selected() != tabQuick {
		m.tabs.Select(tabQuick)
	}
	m.quick.connect()
}

// selectedSession is the session that commands are about: the one selected in
// Connections, else the only one there is.
func (m *mainWindow) selectedSession() *presenter.Live {
	if l := m.connections.selected(); l != nil && m.tabs.Selected() == tabConnections {
		return l
	}
	if all := m.g.desk.Sessions(); len(all) == 1 {
		return all[0]
	}
	return nil
}

func (m *mainWindow) raise() {
	if l := m.selectedSession(); l != nil {
		m.g.Raise(l)
	}
}

// end disconnects the selected session; a window whose session has ended is
// closed.
func (m *mainWindow) end() {
	l := m.selectedSession()
	switch {
	case l == nil:
	case l.Over():
		m.g.sessions[l].close()
	default:
		l.Disconnect()
	}
}

// close ends the Guest, after a question if that ends sessions.
func (m *mainWindow) close() {
	n := m.g.desk.Open()
	if n == 0 {
		m.quit()
		return
	}
	var d *widgets.Dialog
	stay := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel"), OnTapped: func() { d.Close() }})
	end := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("End and exit"), Importance: widgets.Risky, OnTapped: m.quit})
	d = widgets.NewDialog(widgets.DialogOptions{
		Title:   shell.Say(phrase.Count("End {{.Count}} sessions and exit?", n, nil)),
		Text:    lang.L("The Hosts stay as they are; only the connections end."),
		Buttons: []*widgets.Button{stay, end}, Focus: stay,
	})
	d.Open(m.win.Canvas())
}

func (m *mainWindow) quit() {
	m.g.sh.Remember(mainKey, m.win)
	m.status.Close()
	m.g.sh.Quit()
}

// key takes what no widget used.
func (m *mainWindow) key(ev *fyne.KeyEvent) bool {
	if ev.Name == fyne.KeyF1 {
		m.keyboard()
		return true
	}
	return false
}
