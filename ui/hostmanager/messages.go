package hostmanager

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/hostmanager/presenter"
	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// messagePane is the lower pane.
type messagePane struct {
	w     *Window
	root  fyne.CanvasObject
	table *widgets.Table
}

func newMessagePane(w *Window) *messagePane {
	p := &messagePane{w: w}
	p.table = widgets.NewTable(widgets.TableOptions{
		Columns: []widgets.Column{
			{Title: lang.L("Time"), Width: 82},
			{Title: lang.L("Message"), Width: 400, Grow: true, Strong: true},
			{Title: lang.L("Element"), Width: 250},
		},
		Rows: func() int { return len(w.m.Messages()) }, Cell: p.cell, RowHeight: theme.TreeRowHeight, NoHead: true, Sorted: -1, FindColumn: 1,
		OnAction: p.open, Key: p.key,
	})
	clear := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Clear"), Importance: widgets.Link, OnTapped: w.m.ClearMessages,
		Tip: lang.L("Take away what has happened; what is still wrong stays")})
	title := widgets.NewText(lang.L("Messages"), widgets.TextOptions{Bold: true})
	p.root = widgets.Col(0, paneHead(widgets.Grow(title), clear), widgets.Grow(p.table))
	return p
}

// key names a message, so that the current one stays it when others come before it.
func (p *messagePane) key(row int) string {
	l := p.w.m.Messages()[row]
	return l.At.Format(time.RFC3339Nano) + l.Text.String() + string(l.Path) + l.Attribute
}

func (p *messagePane) cell(row, col int) widgets.Cell {
	l := p.w.m.Messages()[row]
	switch col {
	case 0:
		return widgets.Cell{Text: l.At.Format("15:04:05"), Token: theme.Muted}
	case 1:
		icon, token := gradeLook(l.Grade)
		return widgets.Cell{Text: shell.Say(l.Text), Icon: icon, IconToken: token}
	}
	return widgets.Cell{Text: shell.Say(l.Where)}
}

func gradeLook(g presenter.Grade) (theme.IconName, theme.Token) {
	switch g {
	case presenter.Good:
		return theme.IconCheckCircle, theme.Success
	case presenter.Warning:
		return theme.IconAlertTriangle, theme.Warning
	case presenter.Wrong:
		return theme.IconAlertCircle, theme.Danger
	}
	return theme.IconInfo, theme.Accent
}

func (p *messagePane) show() { p.table.Reload() }

// open goes to what a message is about.
func (p *messagePane) open(row int) {
	p.w.table.endEdit(true)
	if p.w.m.OpenMessage(row) {
		p.w.table.closeSearch()
		p.w.table.focus()
	}
}
