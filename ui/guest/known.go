package guest

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/guest/presenter"
	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// Sizes of the list of known hosts, in units.
const (
	knownWidth  = 820
	knownHeight = 280
)

// knownList is the Hosts whose keys are kept.
type knownList struct {
	g      *Guest
	win    fyne.Window
	rows   []presenter.KnownRow
	table  *widgets.Table
	forget *widgets.Button
}

// openKnownHosts shows the list over the main window.
func (m *mainWindow) openKnownHosts() {
	if m.known != nil && m.known.IsOpen() {
		return
	}
	k := newKnownList(m.g, m.win)
	m.known = k.dialog(func() { m.known.Close() })
	m.known.Open(m.win.Canvas())
}

// newKnownWindow shows the list in a window of its own.
func newKnownWindow(g *Guest) {
	win := g.sh.Small(lang.L("Known Hosts"))
	newKnownList(g, win).dialog(win.Close).Attach(win)
	win.CenterOnScreen()
	win.Show()
}

func newKnownList(g *Guest, win fyne.Window) *knownList {
	k := &knownList{g: g, win: win, rows: g.desk.Known()}
	k.forget = widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Forget…"), OnTapped: k.ask})
	k.table = widgets.NewTable(widgets.TableOptions{
		Columns: []widgets.Column{
			{Title: lang.L("Host"), Width: 130, MinWidth: 80, Strong: true, Grow: true},
			{Title: lang.L("Fingerprint"), Width: 340, MinWidth: 120, Strong: true},
			{Title: lang.L("Since"), Width: 104, MinWidth: 70},
			{Title: lang.L("Used"), Width: 60, MinWidth: 50, Right: true},
			{Title: lang.L("Last"), Width: 134, MinWidth: 80},
		},
		Rows: func() int { return len(k.rows) }, Cell: k.cell, Sorted: -1,
		Key:      func(row int) string { return k.rows[row].Host + "\n" + k.rows[row].Profile },
		OnSelect: func([]int) { k.update() },
		OnMenu:   func([]int) []widgets.MenuItem { return k.menu() },
		OnKey: func(ev *fyne.KeyEvent) bool {
			if ev.Name == fyne.KeyDelete {
				k.forget.Tap()
			}
			return ev.Name == fyne.KeyDelete
		},
		Empty: widgets.NewEmptyState(widgets.EmptyStateOptions{Icon: theme.IconShield, Title: lang.L("No known Hosts"), Lines: []string{
			lang.L("A Host comes here once you have compared its fingerprint."),
		}}),
	})
	if len(k.rows) > 0 {
		k.table.Select(0)
	}
	k.update()
	return k
}

// dialog shows the list; done takes it away.
func (k *knownList) dialog(done func()) *widgets.Dialog {
	closing := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Close"), Importance: widgets.Primary, OnTapped: done})
	return widgets.NewDialog(widgets.DialogOptions{
		Title:     lang.L("Known Hosts"),
		Text:      lang.L("A Host is known by its key. If a Host that you know shows another key, this Guest does not connect."),
		TextMuted: true,
		Body:      widgets.Sized(0, knownHeight, k.table),
		Buttons:   []*widgets.Button{k.forget, closing},
		Focus:     k.table, Width: knownWidth, OnCancel: done,
	})
}

func (k *knownList) cell(row, col int) widgets.Cell {
	r := &k.rows[row]
	switch col {
	case 0:
		return widgets.Cell{Text: r.Host, Icon: theme.IconMonitor, Tip: r.Profile}
	case 1:
		return widgets.Cell{Text: r.Fingerprint, Mono: true}
	case 2:
		return widgets.Cell{Text: shell.Say(r.Since)}
	}
	if col == 3 {
		return widgets.Cell{Text: strconv.Itoa(r.Used)}
	}
	return widgets.Cell{Text: shell.Say(r.Last)}
}

func (k *knownList) menu() []widgets.MenuItem {
	row, ok := k.selected()
	if !ok {
		return nil
	}
	return []widgets.MenuItem{
		{Text: lang.L("Copy fingerprint"), Icon: theme.IconCopy, OnTapped: func() { k.g.sh.Copy(row.Fingerprint) }},
		widgets.MenuSeparator(),
		{Text: lang.L("Forget…"), Shortcut: "Del", Icon: theme.IconTrash, OnTapped: k.ask},
	}
}

func (k *knownList) update() {
	reason := ""
	if _, ok := k.selected(); !ok {
		reason = lang.L("Select a Host first.")
	}
	k.forget.SetDisabled(reason)
}

func (k *knownList) selected() (presenter.KnownRow, bool) {
	if k.table != nil {
		if rows := k.table.Selected(); len(rows) == 1 && rows[0] < len(k.rows) {
			return k.rows[rows[0]], true
		}
	}
	return presenter.KnownRow{}, false
}

// ask asks before a key is forgotten: it weakens the check of the next
// connection.
func (k *knownList) ask() {
	row, ok := k.selected()
	if !ok {
		return
	}
	var d *widgets.Dialog
	keep := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel"), OnTapped: func() { d.Cancel() }})
	forget := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Forget the key"), Importance: widgets.Risky, OnTapped: func() {
		d.Close()
		k.drop(row)
	}})
	d = widgets.NewDialog(widgets.DialogOptions{
		Title:   lang.L("Forget the key of {{.Host}}?", map[string]any{"Host": row.Host}),
		Text:    lang.L("The next connection to it is a first contact: its fingerprint has to be compared again, by phone or at the Host."),
		Buttons: []*widgets.Button{keep, forget}, Focus: keep,
		OnCancel: func() { widgets.FocusOn(k.table) },
	})
	d.Open(k.win.Canvas())
}

func (k *knownList) drop(row presenter.KnownRow) {
	wrong := k.g.desk.Forget(row)
	k.rows = k.g.desk.Known()
	k.table.Select(-1)
	k.table.Reload()
	k.update()
	widgets.FocusOn(k.table)
	if !wrong.Empty() {
		tell(k.win, lang.L("The key was not forgotten"), shell.Say(wrong))
	}
}

// tell says over a window what went wrong.
func tell(w fyne.Window, title, text string) {
	var d *widgets.Dialog
	done := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Close"), Importance: widgets.Primary, OnTapped: func() { d.Close() }})
	d = widgets.NewDialog(widgets.DialogOptions{
		Icon: theme.IconAlertCircle, IconTone: widgets.Danger, Title: title, Text: text, Buttons: []*widgets.Button{done}, Focus: done,
	})
	d.Open(w.Canvas())
}
