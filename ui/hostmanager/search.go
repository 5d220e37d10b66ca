package hostmanager

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/hostmanager/presenter"
	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// hitList is what a search found, in the place of the attributes.
type hitList struct {
	w     *Window
	on    bool
	root  *fyne.Container
	table *widgets.Table
	title *widgets.Text
	hits  []presenter.Hit
}

func newHitList(w *Window) *hitList {
	l := &hitList{w: w, title: widgets.NewText("", widgets.TextOptions{Bold: true, Ellipsis: true})}
	l.table = widgets.NewTable(widgets.TableOptions{
		Columns: []widgets.Column{
			{Title: lang.L("Element"), Width: 180, MinWidth: 120, Grow: true},
			{Title: lang.L("Attribute"), Width: 160, MinWidth: 120, Strong: true, Grow: true},
			{Title: lang.L("Value"), Width: 400, MinWidth: 160, Grow: true},
		},
		Rows: func() int { return len(l.hits) }, Cell: l.cell, Sorted: -1, OnAction: l.open, OnKey: l.key,
	})
	l.table.SetEmpty(widgets.NewEmptyState(widgets.EmptyStateOptions{Icon: theme.IconSearch, Title: lang.L("Nothing was found"),
		Lines:  []string{lang.L("Names, explanations and values are searched.")},
		Action: widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Show all"), OnTapped: func() { w.table.closeSearch() }})}))
	leave := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("End search"), Importance: widgets.Link, OnTapped: func() { w.table.closeSearch() }})
	l.root = widgets.Col(0, paneHead(widgets.Grow(l.title), leave), widgets.Grow(l.table))
	return l
}

func (l *hitList) cell(row, col int) widgets.Cell {
	h := l.hits[row]
	switch col {
	case 0:
		return widgets.Cell{Text: shell.Say(h.Where)}
	case 1:
		if h.Name.Empty() {
			return widgets.Cell{Text: "–", Token: theme.Muted}
		}
		return widgets.Cell{Text: shell.Say(h.Name), Token: offToken(h.Waits)}
	}
	if !h.Waits.Empty() {
		return widgets.Cell{Text: lang.L("Waits: {{.Reason}}", map[string]any{"Reason": shell.Say(h.Waits)}), Token: theme.Disabled}
	}
	return widgets.Cell{Text: shell.Say(h.Value)}
}

// offToken is the ink of what cannot be changed.
func offToken(why phrase.Phrase) theme.Token {
	if why.Empty() {
		return ""
	}
	return theme.Disabled
}

func (l *hitList) key(ev *fyne.KeyEvent) bool {
	if ev.Name == fyne.KeyEscape {
		return l.w.table.closeSearch()
	}
	return false
}

// open goes to what was found.
func (l *hitList) open(row int) {
	h := l.hits[row]
	l.w.table.closeSearch()
	l.w.m.GoTo(h.Path, h.Attribute)
	l.w.table.focus()
}

func (l *hitList) focus() {
	l.w.win.Canvas().Focus(l.table)
	if l.table.Current() < 0 || len(l.table.Selected()) == 0 {
		l.table.Select(max(l.table.Current(), 0))
	}
}

// find shows what a text finds; the empty text ends the search.
func (p *attributePane) find(text string) {
	if strings.TrimSpace(text) == "" {
		p.leaveSearch()
		return
	}
	p.endEdit(true)
	hits, more := p.w.m.Find(text)
	p.hits.hits = hits
	said := phrase.Count("{{.Count}} places found", len(hits), nil)
	if more {
		said = phrase.Count("More than {{.Count}} places found; the first are shown", len(hits), nil)
	}
	p.hits.title.SetText(shell.Say(said))
	p.hits.table.Select(-1)
	p.hits.table.Reload()
	if !p.hits.on {
		p.hits.on = true
		p.swap()
	}
}

// enterHits gives the keyboard to what was found.
func (p *attributePane) enterHits() {
	if p.hits.on && len(p.hits.hits) > 0 {
		p.hits.focus()
	}
}

// closeSearch ends the search; it returns whether there was one.
func (p *attributePane) closeSearch() bool {
	if !p.hits.on && p.w.tools.search.Text == "" {
		return false
	}
	p.w.tools.search.SetText("") // ends it
	p.leaveSearch()
	back := p.w.before
	if p.w.before = nil; back == nil {
		back = p.w.tree.tree
	}
	p.w.win.Canvas().Focus(back)
	return true
}

func (p *attributePane) leaveSearch() {
	if p.hits.on {
		p.hits.on = false
		p.swap()
	}
}

// swap shows the attributes or what was found.
func (p *attributePane) swap() {
	p.list.Hidden, p.hits.root.Hidden = p.hits.on, !p.hits.on
	p.root.Refresh()
}
