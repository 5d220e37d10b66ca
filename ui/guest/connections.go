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

// connectionsTab is the open sessions.
type connectionsTab struct {
	m     *mainWindow
	root  fyne.CanvasObject
	table *widgets.Table
}

func newConnectionsTab(m *mainWindow) *connectionsTab {
	c := &connectionsTab{m: m}
	c.table = widgets.NewTable(widgets.TableOptions{
		Columns: []widgets.Column{
			{Title: lang.L("Host"), Width: 250, MinWidth: 90, Strong: true},
			{Title: lang.L("Activity"), Width: 166, MinWidth: 80},
			{Title: lang.L("State"), Width: 166, MinWidth: 80, Strong: true},
			{Title: lang.L("Since"), Width: 150, MinWidth: 80, Strong: true},
			{Title: lang.L("Traffic"), Width: 96, MinWidth: 60, Right: true, Strong: true},
			{Title: "", Width: 40, Grow: true},
			{Title: "", Width: 44},
		},
		Rows: func() int { return len(m.g.desk.Sessions()) }, Cell: c.cell,
		Key:      func(row int) string { return strconv.Itoa(m.g.desk.Sessions()[row].Number()) },
		Sorted:   -1,
		OnSelect: func([]int) { m.update() },
		OnAction: func(row int) { m.g.Raise(m.g.desk.Sessions()[row]) },
		OnMenu:   func([]int) []widgets.MenuItem { return c.menu() },
		Empty: widgets.NewEmptyState(widgets.EmptyStateOptions{Icon: theme.IconPlug, Title: lang.L("No open sessions"), Lines: []string{
			lang.L("Sessions that are open now are listed here, with what they move."),
		}}),
	})
	c.root = c.table
	return c
}

func (c *connectionsTab) cell(row, col int) widgets.Cell {
	l := c.m.g.desk.Sessions()[row]
	switch col {
	case 0:
		return widgets.Cell{Text: l.Info().Target.String(), Icon: theme.IconMonitor}
	case 1:
		return widgets.Cell{Text: lang.L("Remote control")}
	case 2:
		words, mood := l.State()
		icon, token := moodIcon(mood)
		return widgets.Cell{Text: shell.Say(words), Icon: icon, IconToken: token}
	case 3:
		return widgets.Cell{Text: shell.Say(l.Since())}
	case 4:
		return widgets.Cell{Text: l.Traffic()}
	case 6:
		return widgets.Cell{Text: lang.L("Disconnect"), Button: theme.IconClose, OnButton: l.Disconnect}
	}
	return widgets.Cell{}
}

func (c *connectionsTab) menu() []widgets.MenuItem {
	return []widgets.MenuItem{
		{Text: lang.L("Show session window"), Shortcut: "Enter", Icon: theme.IconMonitor, OnTapped: c.m.raise},
		widgets.MenuSeparator(),
		{Text: lang.L("Disconnect"), Shortcut: "Ctrl+D", Icon: theme.IconDisconnect, OnTapped: c.m.end},
	}
}

// update shows the sessions as they are now.
func (c *connectionsTab) update() {
	if c.m.tabs != nil && c.m.tabs.Selected() == tabConnections {
		c.table.Reload()
	}
}

func (c *connectionsTab) focus() {
	if len(c.m.g.desk.Sessions()) > 0 && c.selected() == nil {
		c.table.Select(0)
	}
	widgets.FocusOn(c.table)
}

// selected is the session of the row selected, nil if none.
func (c *connectionsTab) selected() *presenter.Live {
	all := c.m.g.desk.Sessions()
	if rows := c.table.Selected(); len(rows) == 1 && rows[0] < len(all) {
		return all[rows[0]]
	}
	return nil
}
