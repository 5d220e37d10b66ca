package guest

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/guest/presenter"
	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/widgets"
)

// key takes Del in the table of recent Hosts.
func (q *quickTab) key(ev *fyne.KeyEvent) bool {
	if ev.Name != fyne.KeyDelete {
		return false
	}
	q.remove()
	return true
}

// any tells that recent Hosts are selected, in sight.
func (q *quickTab) any() bool { return q.m.tabs.Selected() == tabQuick && len(q.chosenRows()) > 0 }

// chosenRows is the recent Hosts selected.
func (q *quickTab) chosenRows() []presenter.RecentRow {
	var rows []presenter.RecentRow
	for _, i := range q.table.Selected() {
		if i < len(q.rows) {
			rows = append(rows, q.rows[i])
		}
	}
	return rows
}

// remove takes the recent Hosts selected off the list, after a question.
func (q *quickTab) remove() {
	rows := q.chosenRows()
	if len(rows) == 0 {
		return
	}
	title := lang.L("Remove {{.Host}} from the list?", map[string]any{"Host": rows[0].Host})
	if len(rows) > 1 {
		title = shell.Say(phrase.Count("Remove {{.Count}} Hosts from the list?", len(rows), nil))
	}
	var d *widgets.Dialog
	back := func() { widgets.FocusOn(q.table) }
	cancel := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel"), OnTapped: func() { d.Cancel() }})
	remove := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Remove from list"), Importance: widgets.Risky, OnTapped: func() {
		d.Close()
		back()
		if wrong := q.m.g.desk.Unlist(rows); !wrong.Empty() {
			tell(q.m.win, lang.L("Nothing was removed"), shell.Say(wrong))
		}
	}})
	d = widgets.NewDialog(widgets.DialogOptions{
		Title: title, Text: lang.L("The next connection lists a Host again. Its key stays known."),
		Buttons: []*widgets.Button{cancel, remove}, Focus: cancel, OnCancel: back,
	})
	d.Open(q.m.win.Canvas())
}
