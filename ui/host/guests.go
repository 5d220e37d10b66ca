package host

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// guestList is who is connected: a heading with the count, and the table or, with
// nobody there, what a Guest needs to come.
type guestList struct {
	end      func(ids []uint32)
	grab     func(fyne.Focusable) // gives the keyboard
	rows     []Guest
	count    *widgets.Text
	refused  *widgets.Text // the last logon that was refused
	table    *widgets.Table
	empty    *widgets.EmptyState
	sentence string
	keys     string // of Disconnect
	root     *fyne.Container
}

// The columns of the table.
const (
	columnGuest = iota
	columnFrom
	columnRole
	columnLevel
	columnSince
	columnEnd
)

func newGuestList(end func(ids []uint32), selected func(), grab func(fyne.Focusable)) *guestList {
	g := &guestList{end: end, grab: grab, count: widgets.NewText("", widgets.TextOptions{Token: theme.Muted, Size: theme.LabelSize})}
	g.table = widgets.NewTable(widgets.TableOptions{
		Columns: []widgets.Column{
			// Together with the margin the smallest width of the window.
			{Title: lang.L("Guest"), Width: 114, Grow: true},
			{Title: lang.L("From"), Width: 110},
			{Title: lang.L("Role"), Width: 104, Strong: true},
			{Title: lang.L("Encryption"), Width: 128, Strong: true},
			{Title: lang.L("Since"), Width: 92, Strong: true},
			{Width: 36, MinWidth: 36, Strong: true},
		},
		Rows: func() int { return len(g.rows) }, Cell: g.cell, RowHeight: theme.TallRowHeight,
		Multi: true, Key: func(row int) string { return strconv.FormatUint(uint64(g.rows[row].ID), 10) }, Sorted: -1,
		Look:     func(row int) widgets.RowLook { return widgets.RowLook{Muted: g.rows[row].Lost} },
		OnSelect: func([]int) { selected() },
		OnMenu:   g.menu,
	})
	g.refused = widgets.NewText("", widgets.TextOptions{Token: theme.Muted, Size: theme.LabelSize, Ellipsis: true, Align: fyne.TextAlignTrailing})
	heading := widgets.Row(8, widgets.NewText(lang.L("Connected Guests"), widgets.TextOptions{Bold: true}), g.count, widgets.Grow(g.refused))
	g.root = widgets.Col(0, widgets.Inset(12, theme.Margin, 8, theme.Margin, heading), widgets.HLine(), widgets.Spacer())
	return g
}

func (g *guestList) cell(row, col int) widgets.Cell {
	r := g.rows[row]
	switch col {
	case columnGuest:
		c := widgets.Cell{Text: r.Name, Second: shell.Say(r.Activity), Icon: theme.IconUser, IconToken: theme.Text}
		if r.Lost {
			c.Icon, c.IconToken, c.Tip = theme.IconAlertTriangle, theme.Warning, c.Second
		}
		return c
	case columnFrom:
		return widgets.Cell{Text: r.From}
	case columnRole:
		return widgets.Cell{Text: shell.Say(r.Role)}
	case columnLevel:
		icon, _, token := shell.LevelLook(r.Level.Strength)
		return widgets.Cell{Text: shell.Say(r.Level.Name), Icon: icon, IconToken: token, Tip: shell.Say(r.Level.Line)}
	case columnSince:
		return widgets.Cell{Text: shell.Say(r.Since)}
	}
	return widgets.Cell{Button: theme.IconClose, Text: lang.L("Disconnect {{.Guest}}", map[string]any{"Guest": r.Name}),
		OnButton: func() { g.end([]uint32{r.ID}) }}
}

func (g *guestList) menu([]int) []widgets.MenuItem {
	return []widgets.MenuItem{{Text: lang.L("Disconnect"), Icon: theme.IconDisconnect, Shortcut: g.keys, OnTapped: func() { g.end(g.selected()) }}}
}

// selected gives the sessions that are selected, else the one the keyboard is at
// or the only one.
func (g *guestList) selected() []uint32 {
	var ids []uint32
	rows := g.table.Selected()
	switch at := g.table.Current(); {
	case len(rows) > 0:
	case at >= 0:
		rows = []int{at}
	case len(g.rows) == 1:
		rows = []int{0}
	}
	for _, row := range rows {
		if row < len(g.rows) {
			ids = append(ids, g.rows[row].ID)
		}
	}
	return ids
}

// focus gives the keyboard to the table.
func (g *guestList) focus() {
	if len(g.rows) > 0 {
		g.grab(g.table)
	}
}

func (g *guestList) show(m *Model) {
	had := len(g.rows) > 0
	g.rows = m.Guests
	g.count.SetText(shell.Say(m.Count))
	g.refused.SetText(shell.Say(m.Refused))
	has := len(g.rows) > 0
	if sentence := shell.Say(m.Empty); !has && sentence != g.sentence {
		g.sentence = sentence
		g.empty = widgets.NewEmptyState(widgets.EmptyStateOptions{
			Icon: theme.IconUsers, Title: lang.L("Nobody is connected"), Lines: []string{sentence},
		})
	}
	body := fyne.CanvasObject(g.empty)
	if has {
		body = g.table
		g.table.Reload()
	}
	g.root.Objects[len(g.root.Objects)-1] = widgets.Grow(body)
	g.root.Refresh()
	if has && !had {
		g.focus()
	}
}
