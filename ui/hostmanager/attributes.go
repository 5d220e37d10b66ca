package hostmanager

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"impero/core/config"
	"impero/ui/hostmanager/presenter"
	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// The columns of the attributes.
const (
	colAttribute = iota
	colValue
	colDefault
	colEffect
)

// hintHigh is the least height of the hint strip, in units: two lines of help.
const hintHigh = 100

// attributePane is the upper right pane: the attributes of the selected element
// with the way to it above and what is told about one below, or what a search
// found.
type attributePane struct {
	w       *Window
	root    *fyne.Container
	list    *fyne.Container // all but what was found
	table   *widgets.Table
	path    *fyne.Container
	more    *widgets.Button // makes another element
	only    *widgets.Button
	hint    *hintStrip
	hits    *hitList
	shown   config.Path // whose attributes the table shows
	kind    *config.Element
	editing editing
}

func newAttributePane(w *Window) *attributePane {
	p := &attributePane{w: w, path: widgets.Row(6), hint: newHintStrip()}
	p.table = widgets.NewTable(widgets.TableOptions{
		Columns: []widgets.Column{
			{Title: lang.L("Attribute"), Width: 200, MinWidth: 120, Grow: true},
			{Title: lang.L("Value"), Width: 140, MinWidth: 120, Strong: true, Grow: true},
			{Title: lang.L("Default"), Width: 90, MinWidth: 60, Grow: true},
			{Title: lang.L("Takes effect"), Width: 204, MinWidth: 120},
		},
		Rows: func() int { return len(w.m.Rows()) }, Cell: p.cell, Look: p.look, Sorted: -1,
		Key:      func(row int) string { return w.m.Rows()[row].Attribute.XML },
		OnSelect: p.selected, OnAction: func(int) { p.edit() }, OnKey: p.key, OnRune: p.typed, OnMenu: p.menu,
	})
	p.hits = newHitList(w)
	p.only = widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Changed only"), Importance: widgets.Link, OnTapped: p.toggleChanged,
		Tip: lang.L("List only what differs from its default or waits to be applied"), Shortcut: "Ctrl+H"})
	p.more = widgets.NewButton(widgets.ButtonOptions{Text: lang.L("New…"), Importance: widgets.Link, OnTapped: func() { w.makeNew(p.more) },
		Tip: lang.L("Make another element here"), Shortcut: "Ctrl+N"})
	p.list = widgets.Col(0, paneHead(widgets.Grow(widgets.Sized(0, theme.PaneHeadHeight, p.path)), widgets.Inset(0, theme.ButtonGap, 0, 0, p.more), p.only), widgets.Grow(p.table), widgets.HLine(), p.hint.root)
	p.hits.root.Hide()
	p.root = container.NewStack(p.list, p.hits.root)
	p.showEmpty()
	return p
}

// paneHead is the line above a pane.
func paneHead(parts ...fyne.CanvasObject) fyne.CanvasObject {
	row := widgets.Inset(0, theme.Margin, 0, theme.Margin, widgets.Row(theme.ButtonGap, parts...))
	return widgets.Col(0, widgets.Ground(theme.Chrome, widgets.Sized(0, theme.PaneHeadHeight, row)), widgets.HLine())
}

func (p *attributePane) cell(row, col int) widgets.Cell {
	r := p.w.m.Rows()[row]
	off := offToken(r.Off)
	switch col {
	case colAttribute:
		return widgets.Cell{Text: shell.Say(r.Name), Token: off, Tip: shell.Say(r.Off)}
	case colValue:
		c := widgets.Cell{Text: shell.Say(r.Value), Bold: r.Differs, Token: off}
		switch {
		case r.Wrong:
			c.Icon, c.IconToken, c.Token = theme.IconAlertCircle, theme.Danger, theme.Danger
		case r.Clash:
			c.Icon, c.IconToken, c.Tip = theme.IconAlertTriangle, theme.Warning, lang.L("Somebody else changed it too.")
		case !r.Doubt.Empty():
			c.Icon, c.IconToken, c.Tip = theme.IconAlertTriangle, theme.Warning, shell.Say(r.Doubt)
		case off == "" && !r.Differs:
			c.Token = theme.Muted
		}
		return c
	case colDefault:
		return widgets.Cell{Text: shell.Say(r.Default), Token: off}
	}
	return widgets.Cell{Text: shell.Say(r.Effect), Token: off}
}

func (p *attributePane) look(row int) widgets.RowLook {
	l := widgets.RowLook{Muted: p.w.m.Phase() == presenter.Gone}
	if p.w.m.Rows()[row].Waits {
		l.Bar = theme.Accent
	}
	return l
}

// show shows what the presenter says now. A value that is being edited stays.
func (p *attributePane) show() {
	m := p.w.m
	if p.editing.on && p.shown == m.Selected() {
		return // with its hint
	}
	p.stopEdit()
	if kind := m.Kind(); p.shown != m.Selected() || kind != p.kind || kind == nil {
		p.shown, p.kind = m.Selected(), kind
		p.showEmpty()
	}
	p.showPath()
	p.only.SetText(onlyWords(m.ChangedOnly()))
	makes := m.Makes()
	if p.more.Hide(); len(makes) > 0 {
		p.more.SetDisabled(shell.Say(makes[0].Reason))
		p.more.Show()
	}
	p.table.Reload()
	if at := m.SelectedRow(); at != p.table.Current() {
		p.table.Select(at)
	}
	p.hint.show(m.Hint())
	p.list.Refresh()
}

// onlyWords is what the switch above the table does next.
func onlyWords(on bool) string {
	if on {
		return lang.L("Show all")
	}
	return lang.L("Changed only")
}

// showPath says the way to the element.
func (p *attributePane) showPath() {
	p.path.RemoveAll()
	if !p.w.m.Loaded() {
		return
	}
	crumbs := p.w.m.Crumbs(p.shown)
	for i, name := range crumbs {
		if i < len(crumbs)-1 {
			p.path.Add(widgets.NewLabel(shell.Say(name)))
			p.path.Add(widgets.NewIcon(theme.IconChevronRight, theme.Muted, 12))
			continue
		}
		p.path.Add(widgets.Grow(widgets.NewText(shell.Say(name), widgets.TextOptions{Bold: true, Ellipsis: true})))
	}
}

// showEmpty says why there are no rows, if there are none.
func (p *attributePane) showEmpty() {
	m := p.w.m
	o := widgets.EmptyStateOptions{Icon: theme.IconSliders, Title: lang.L("Looking for the configuration")}
	switch {
	case m.Phase() == presenter.Gone && p.kind == nil:
		o.Icon, o.Title = theme.IconNetworkOff, lang.L("No configuration to show")
		if b := m.Banner(); b != nil {
			o.Lines = []string{shell.Say(b.Text)}
		}
	case p.kind != nil && len(p.kind.Attributes) == 0:
		o.Icon, o.Title, o.Lines = theme.IconName(p.kind.Icon), shell.Say(m.Hint().Title), []string{shell.Say(m.Hint().Text), p.below()}
	case p.kind != nil:
		o.Title, o.Lines = lang.L("Nothing was changed here"), []string{lang.L("Every attribute has its default.")}
		o.Action = widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Show all"), OnTapped: p.toggleChanged})
	}
	p.table.SetEmpty(widgets.NewEmptyState(o))
}

// below says how to go on at an element without attributes.
func (p *attributePane) below() string {
	if len(p.w.m.Makes()) > 0 {
		return lang.L("Its settings are in the elements below it; Ctrl+N makes another.")
	}
	if len(p.kind.Children) == 0 {
		return lang.L("There is nothing to set here.")
	}
	return lang.L("Its settings are in the elements below it.")
}

func (p *attributePane) selected(rows []int) {
	if len(rows) == 1 {
		p.w.m.SelectRow(p.w.m.Rows()[rows[0]].Attribute.XML)
	}
}

func (p *attributePane) key(ev *fyne.KeyEvent) bool {
	switch ev.Name {
	case fyne.KeyF2:
		p.edit()
	case fyne.KeyDelete:
		p.restoreDefault()
	case fyne.KeyEscape:
		p.w.win.Canvas().Focus(p.w.tree.tree)
	default:
		return false
	}
	return true
}

// menu is the context menu of an attribute.
func (p *attributePane) menu(rows []int) []widgets.MenuItem {
	r := p.w.m.Rows()[rows[0]]
	why := p.why(&r)
	back := why
	if back == "" && (!r.Differs || r.Attribute.XML == p.kind.Label) {
		back = lang.L("It has its default.")
	}
	return []widgets.MenuItem{
		{Text: lang.L("Edit value"), Icon: theme.IconEdit, Shortcut: "Enter", Disabled: why, OnTapped: p.edit},
		{Text: lang.L("Restore default"), Icon: theme.IconUndo, Shortcut: "Del", Disabled: back, OnTapped: p.restoreDefault},
		widgets.MenuSeparator(),
		{Text: lang.L("Copy value"), Icon: theme.IconCopy, OnTapped: func() { p.w.sh.Copy(shell.Say(r.Value)) }},
	}
}

// why says why a value cannot be changed, empty if it can.
func (p *attributePane) why(r *presenter.Row) string {
	if !r.Off.Empty() {
		return shell.Say(r.Off)
	}
	if !p.w.m.Editable() {
		return lang.L("The configuration cannot be changed now.")
	}
	return ""
}

// restoreDefault gives the current attribute its default.
func (p *attributePane) restoreDefault() {
	at := p.table.Current()
	if at < 0 || at >= len(p.w.m.Rows()) {
		return
	}
	if r := p.w.m.Rows()[at]; r.Differs && p.why(&r) == "" && r.Attribute.XML != p.kind.Label {
		p.w.trouble(p.w.m.SetValue(r.Attribute.XML, r.Attribute.Default))
	}
}

func (p *attributePane) toggleChanged() {
	p.endEdit(true)
	p.kind = nil // the empty state may be another one
	p.w.m.SetChangedOnly(!p.w.m.ChangedOnly())
}

// focus gives the keyboard to the table, or to what was found.
func (p *attributePane) focus() {
	if p.hits.on {
		p.hits.focus()
		return
	}
	p.w.win.Canvas().Focus(p.table)
	if p.table.Current() >= 0 && len(p.table.Selected()) == 0 {
		p.table.Select(p.table.Current())
	}
}
