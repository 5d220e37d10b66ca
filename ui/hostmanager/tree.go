package hostmanager

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/hostmanager/presenter"
	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// treePane is the upper left pane: the elements.
type treePane struct {
	w    *Window
	root fyne.CanvasObject
	tree *widgets.Tree
}

func newTreePane(w *Window) *treePane {
	p := &treePane{w: w}
	p.tree = widgets.NewTree(widgets.TreeOptions{
		Rows: func() int { return len(w.m.Nodes()) }, Item: p.item, OnSelect: p.selected, OnOpen: p.opened,
		OnAction: func(int) { w.table.focus() }, OnMenu: func(int) []widgets.MenuItem { return p.menu() }, OnKey: p.key,
	})
	p.root = p.tree
	return p
}

func (p *treePane) item(row int) widgets.TreeItem {
	n := p.w.m.Nodes()[row]
	item := widgets.TreeItem{Text: shell.Say(n.Text), Icon: theme.IconName(n.Kind.Icon), Depth: n.Depth, Branch: n.Branch, Open: n.Open}
	switch {
	case n.Wrong:
		item.Dot, item.Tip = theme.Danger, lang.L("A value here is not right yet.")
	case n.Waits:
		item.Dot, item.Tip = theme.Accent, lang.L("A change here is not applied yet.")
	}
	return item
}

func (p *treePane) show() {
	p.tree.SetMuted(p.w.m.Phase() == presenter.Gone)
	p.tree.Reload(p.w.m.SelectedNode())
}

func (p *treePane) selected(row int) {
	p.w.table.endEdit(true)
	p.w.before = nil
	p.w.table.closeSearch()
	p.w.m.Select(p.w.m.Nodes()[row].Path)
}

func (p *treePane) opened(row int, on bool) { p.w.m.SetOpen(p.w.m.Nodes()[row].Path, on) }

func (p *treePane) key(ev *fyne.KeyEvent) bool {
	switch ev.Name {
	case fyne.KeyF2:
		p.w.rename()
	case fyne.KeyDelete:
		p.w.deleteElement()
	default:
		return false
	}
	return true
}

// menu is the context menu of the selected element.
func (p *treePane) menu() []widgets.MenuItem {
	w, kind := p.w, p.w.m.Kind()
	if kind == nil {
		return nil
	}
	why := ""
	switch {
	case !w.m.Editable():
		why = lang.L("The configuration cannot be changed now.")
	case !kind.Repeats():
		why = lang.L("This element is there once, and always.")
	}
	items := []widgets.MenuItem{{Text: lang.L("New"), Icon: theme.IconPlus, Items: p.newItems()}}
	if len(items[0].Items) == 0 {
		items[0].Disabled = lang.L("Nothing can be made new here.")
	}
	return append(items, widgets.MenuSeparator(),
		widgets.MenuItem{Text: lang.L("Rename"), Icon: theme.IconEdit, Shortcut: "F2", Disabled: why, OnTapped: w.rename},
		widgets.MenuItem{Text: lang.L("Copy element"), Icon: theme.IconCopy, Shortcut: "Ctrl+D", Disabled: why, OnTapped: w.copyElement},
		widgets.MenuItem{Text: lang.L("Delete"), Icon: theme.IconTrash, Shortcut: "Del", Disabled: why, OnTapped: w.deleteElement})
}

func (p *treePane) newItems() []widgets.MenuItem {
	var items []widgets.MenuItem
	for _, n := range p.w.m.Makes() {
		items = append(items, widgets.MenuItem{Text: shell.Say(n.Name), Icon: theme.IconName(n.Kind.Icon), Disabled: shell.Say(n.Reason),
			OnTapped: func() { p.w.make(n) }})
	}
	return items
}

// make makes an element and edits its name.
func (w *Window) make(n presenter.Makeable) {
	trouble := w.m.Make(n)
	w.trouble(trouble)
	if trouble.Empty() {
		w.rename()
	}
}
