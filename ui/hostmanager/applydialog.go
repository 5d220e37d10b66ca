package hostmanager

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/hostmanager/presenter"
	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// Sizes of the dialogs that list changes, in units.
const (
	changesWidth = 940
	changesHigh  = 308 // of the list, at most
)

// The columns of a list of changes, in units; that of the new value takes what is left.
var changeWidths = [...]float32{180, 165, 150, 197, 189}

// changeRow is one row of a list of changes. A change whose words need more room has several.
type changeRow struct {
	cells [len(changeWidths)]widgets.Cell
	more  bool // the change goes on in the next row
}

// changeTable lists changes: element, attribute, what is and what will be, effect.
func changeTable(lines []presenter.Line, is, will string) fyne.CanvasObject {
	var rows []changeRow
	for i := range lines {
		rows = append(rows, changeRows(&lines[i])...)
	}
	titles := [len(changeWidths)]string{lang.L("Element"), lang.L("Attribute"), is, will, lang.L("Takes effect")}
	var columns []widgets.Column
	for i, title := range titles {
		columns = append(columns, widgets.Column{Title: title, Width: changeWidths[i], MinWidth: 60, Strong: i == 1 || i == 3, Grow: i == 3})
	}
	table := widgets.NewTable(widgets.TableOptions{
		Columns: columns, Rows: func() int { return len(rows) }, Sorted: -1,
		Cell: func(row, col int) widgets.Cell { return rows[row].cells[col] },
		Look: func(row int) widgets.RowLook { return widgets.RowLook{Joined: rows[row].more} },
	})
	high := min(changesHigh, theme.TableHeadHeight+2+theme.RowHeight*float32(len(rows)))
	return widgets.Bordered(widgets.Sized(0, high, table))
}

// changeRows breaks a change into rows in which nothing is cut.
func changeRows(l *presenter.Line) []changeRow {
	var broken [len(changeWidths)][]string
	high := 1
	for i, width := range changeWidths {
		broken[i] = changeCell(l, i).Lines(width)
		high = max(high, len(broken[i]))
	}
	rows := make([]changeRow, high)
	for at := range rows {
		rows[at].more = at < high-1
		for i := range changeWidths {
			c := changeCell(l, i)
			c.Text = ""
			if at < len(broken[i]) {
				c.Text = broken[i][at]
			}
			if at > 0 && c.Icon != "" {
				c.Icon, c.Indent = "", true
			}
			rows[at].cells[i] = c
		}
	}
	return rows
}

func changeCell(l *presenter.Line, col int) widgets.Cell {
	switch col {
	case 0:
		return widgets.Cell{Text: shell.Say(l.Where)}
	case 1:
		c := widgets.Cell{Text: shell.Say(l.Name)}
		if l.Part {
			c.Token = theme.Muted
		}
		return c
	case 2:
		return widgets.Cell{Text: shell.Say(l.Old)}
	case 3:
		return widgets.Cell{Text: shell.Say(l.New), Bold: true, Icon: theme.IconArrowRight}
	}
	c := widgets.Cell{Text: shell.Say(l.Effect)}
	if l.Ends {
		c.Icon, c.IconToken, c.Token = theme.IconAlertTriangle, theme.Warning, theme.Warning
	}
	return c
}

// AskApply implements presenter.View.
func (w *Window) AskApply(p presenter.Plan) {
	if w.covered() {
		return
	}
	parts := []fyne.CanvasObject{changeTable(p.Lines, lang.L("In force"), lang.L("New value"))}
	if !p.Warning.Empty() {
		parts = append(parts, widgets.NewNote(widgets.Warning, shell.Say(p.Warning)))
	}
	stay := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel")})
	apply := widgets.NewButton(widgets.ButtonOptions{Text: shell.Say(p.Act), Importance: widgets.Primary})
	w.apply = widgets.NewDialog(widgets.DialogOptions{
		Title: shell.Say(p.Title), Body: widgets.Col(theme.BlockGap, parts...), Width: changesWidth,
		Buttons: []*widgets.Button{stay, apply}, Focus: apply, OnCancel: w.refocus,
	})
	stay.SetOnTapped(w.apply.Cancel)
	apply.SetOnTapped(func() {
		apply.SetDisabled(lang.L("The changes are being applied."))
		w.m.Apply()
	})
	w.apply.Open(w.win.Canvas())
}

// Applied implements presenter.View.
func (w *Window) Applied(bool) {
	if w.apply != nil && w.apply.IsOpen() {
		w.apply.Close()
		w.refocus()
	}
}

// AskConflict implements presenter.View.
func (w *Window) AskConflict(both []presenter.Line) {
	if w.covered() {
		return
	}
	stay := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel")})
	theirs := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Take theirs"), Importance: widgets.Low})
	mine := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Keep mine"), Importance: widgets.Primary})
	w.ask = widgets.NewDialog(widgets.DialogOptions{
		Title: lang.L("Somebody else changed what you changed too"),
		Text:  lang.L("Theirs is in force now. Nothing is changed on the Host until you apply."),
		Body:  changeTable(both, lang.L("Theirs"), lang.L("Yours")), Width: changesWidth, Side: []*widgets.Button{theirs}, Buttons: []*widgets.Button{stay, mine}, Focus: stay, OnCancel: w.refocus,
	})
	stay.SetOnTapped(w.ask.Cancel)
	theirs.SetOnTapped(func() {
		w.ask.Close()
		w.refocus()
		w.m.TakeTheirs()
	})
	mine.SetOnTapped(func() {
		w.ask.Close()
		w.refocus()
		w.m.KeepMine()
	})
	w.ask.Open(w.win.Canvas())
}
