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

// Sizes of the list of profiles, in units.
const (
	profilesWidth  = 760
	profilesHeight = 200
)

// profileList is the communication profiles.
type profileList struct {
	g      *Guest
	win    fyne.Window
	rows   []presenter.ProfileRow
	table  *widgets.Table
	edit   *widgets.Button
	remove *widgets.Button
	dialog *widgets.Dialog
	done   func(name string) // the list goes; name is the profile selected, empty if none
}

// openProfiles shows the list over the main window, with a profile selected.
func (m *mainWindow) openProfiles() {
	if m.profiles != nil && m.profiles.dialog.IsOpen() {
		return
	}
	m.profiles = newProfileList(m.g, m.win, m.quick.profile.Text(), m.quick.takeProfile)
	m.profiles.dialog.Open(m.win.Canvas())
}

func newProfileList(g *Guest, win fyne.Window, selected string, done func(name string)) *profileList {
	p := &profileList{g: g, win: win, rows: g.desk.Profiles(), done: done}
	p.edit = widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Edit…"), OnTapped: p.change})
	p.remove = widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Delete…"), OnTapped: p.ask})
	p.table = widgets.NewTable(widgets.TableOptions{
		Columns: []widgets.Column{
			{Title: lang.L("Profile"), Width: 170, MinWidth: 80, Strong: true},
			{Title: lang.L("Port"), Width: 56, MinWidth: 50, Right: true},
			{Title: lang.L("Encryption levels"), Width: 200, MinWidth: 120, Strong: true, Grow: true},
			{Title: lang.L("Preferred"), Width: 190, MinWidth: 90},
		},
		Rows: func() int { return len(p.rows) }, Cell: p.cell, Sorted: -1,
		Key:      func(row int) string { return p.rows[row].Name },
		OnSelect: func([]int) { p.update() },
		OnAction: func(int) { p.change() },
		OnMenu:   func([]int) []widgets.MenuItem { return p.menu() },
		OnKey:    p.key,
	})
	p.choose(selected)
	create := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("New…"), OnTapped: func() { p.open("") }})
	closing := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Close"), Importance: widgets.Primary, OnTapped: func() { p.dialog.Cancel() }})
	p.dialog = widgets.NewDialog(widgets.DialogOptions{
		Title:     lang.L("Communication profiles"),
		Text:      lang.L("A profile says how Hosts are reached, and how well what travels is protected. Both sides must allow one encryption level in common."),
		TextMuted: true,
		Body:      widgets.Sized(0, profilesHeight, p.table),
		Buttons:   []*widgets.Button{create, p.edit, p.remove, closing},
		Focus:     p.table, Width: profilesWidth, OnCancel: func() { p.done(p.name()) },
	})
	return p
}

func (p *profileList) cell(row, col int) widgets.Cell {
	r := &p.rows[row]
	switch col {
	case 0:
		return widgets.Cell{Text: r.Name, Icon: theme.IconPlug}
	case 1:
		return widgets.Cell{Text: r.Port}
	case 2:
		icon, _, token := shell.LevelLook(r.Weakest.Strength)
		return widgets.Cell{Text: shell.Say(r.Levels), Icon: icon, IconToken: token}
	}
	return widgets.Cell{Text: shell.Say(r.Preferred)}
}

func (p *profileList) menu() []widgets.MenuItem {
	row, ok := p.selected()
	if !ok {
		return nil
	}
	return []widgets.MenuItem{
		{Text: lang.L("Edit…"), Shortcut: "Enter", Icon: theme.IconEdit, OnTapped: p.change},
		widgets.MenuSeparator(),
		{Text: lang.L("Delete…"), Shortcut: "Del", Icon: theme.IconTrash, Disabled: reasonToKeep(row), OnTapped: p.ask},
	}
}

// key takes Del and F2 in the table.
func (p *profileList) key(ev *fyne.KeyEvent) bool {
	switch ev.Name {
	case fyne.KeyDelete:
		p.remove.Tap()
	case fyne.KeyF2:
		p.change()
	default:
		return false
	}
	return true
}

// reasonToKeep says why a profile cannot be deleted, empty if it can.
func reasonToKeep(row presenter.ProfileRow) string {
	if row.Fixed {
		return lang.L("This profile is always there: it is used where no other is chosen.")
	}
	return ""
}

func (p *profileList) selected() (presenter.ProfileRow, bool) {
	if p.table != nil {
		if rows := p.table.Selected(); len(rows) == 1 && rows[0] < len(p.rows) {
			return p.rows[rows[0]], true
		}
	}
	return presenter.ProfileRow{}, false
}

func (p *profileList) name() string {
	row, _ := p.selected()
	return row.Name
}

// choose selects the profile with a name, else the first one.
func (p *profileList) choose(name string) {
	at := 0
	for i, r := range p.rows {
		if r.Name == name {
			at = i
		}
	}
	p.table.Select(at)
	p.update()
}

func (p *profileList) update() {
	row, ok := p.selected()
	reason := ""
	if !ok {
		reason = lang.L("Select a profile first.")
	}
	p.edit.SetDisabled(reason)
	if ok {
		reason = reasonToKeep(row)
	}
	p.remove.SetDisabled(reason)
}

// reload reads the profiles anew and selects one.
func (p *profileList) reload(name string) {
	p.rows = p.g.desk.Profiles()
	p.table.Reload()
	p.choose(name)
	widgets.FocusOn(p.table)
}

func (p *profileList) change() {
	if row, ok := p.selected(); ok {
		p.open(row.Name)
	}
}

// open opens the form of a profile over the list, of a new one for no name.
func (p *profileList) open(name string) {
	f := newProfileForm(p.g, p.win, name)
	if f == nil {
		p.reload("") // it is gone
		return
	}
	f.done = func(saved string) {
		f.dialog.Close()
		if saved == "" {
			saved = p.name()
		}
		p.reload(saved)
	}
	f.dialog.Open(p.win.Canvas())
}

// ask asks before a profile is deleted, and says what becomes of its Hosts.
func (p *profileList) ask() {
	row, ok := p.selected()
	if !ok || row.Fixed {
		return
	}
	text := lang.L("No Host of the past was reached by it.")
	if row.Used > 0 {
		text = shell.Say(phrase.Count("{{.Count}} Hosts of the past were reached by it. They use {{.Default}} from then on, and show their fingerprint again at the next connection.",
			row.Used, phrase.Args{"Default": p.rows[0].Name}))
	}
	var d *widgets.Dialog
	keep := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel"), OnTapped: func() { d.Cancel() }})
	remove := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Delete profile"), Importance: widgets.Risky, OnTapped: func() {
		d.Close()
		wrong := p.g.desk.DeleteProfile(row)
		p.reload("")
		if !wrong.Empty() {
			tell(p.win, lang.L("The profile was not deleted"), shell.Say(wrong))
		}
	}})
	d = widgets.NewDialog(widgets.DialogOptions{
		Title: lang.L("Delete the profile {{.Profile}}?", map[string]any{"Profile": row.Name}), Text: text,
		Buttons: []*widgets.Button{keep, remove}, Focus: keep, OnCancel: func() { widgets.FocusOn(p.table) },
	})
	d.Open(p.win.Canvas())
}
