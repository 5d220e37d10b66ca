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

// changeTable lists changes: element, attribute, old → new, effect.
func changeTable(lines []presenter.Line) fyne.CanvasObject {
	table := widgets.NewTable(widgets.TableOptions{
		Columns: []widgets.Column{
			{Title: lang.L("Element"), Width: 190, MinWidth: 80},
			{Title: lang.L("Attribute"), Width: 180, MinWidth: 80, Strong: true},
			{Title: lang.L("Change"), Width: 110, MinWidth: 60},
			{Width: 180, MinWidth: 60, Strong: true, Grow: true},
			{Title: lang.L("Takes effect"), Width: 205},
		},
		Rows: func() int { return len(lines) }, Sorted: -1,
		Cell: func(row, col int) widgets.Cell { return changeCell(&lines[row], col) },
	})
	high := min(changesHigh, theme.TableHeadHeight+2+theme.RowHeight*float32(len(lines)))
	return widgets.Bordered(widgets.Sized(0, high, table))
}

func changeCell(l *presenter.Line, col int) widgets.Cell {
	switch col {
	case 0:
		return widgets.Cell{Text: shell.Say(l.Where)}
	case 1:
		return widgets.Cell{Text: shell.Say(l.Name)}
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
	parts := []fyne.CanvasObject{changeTable(p.Lines)}
	if !p.Warning.Empty() {
		parts = append(parts, widgets.NewNote(widgets.Warning, shell.Say(p.Warning)))
	}
	stay := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel")})
	apply := widgets.NewButton(widgets.ButtonOptions{Text: shell.Say(p.Act), Importance: widgets.Primary})
	w.apply = widgets.NewDialog(widgets.DialogOptions{
		Title: shell.Say(p.Title), Body: widgets.Col(theme.BlockGap, parts...), Width: changesWidth,
		Buttons: []*widgets.Button{stay, apply}, Focus: apply, OnCancel: w.table.focus,
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
		w.win.Canvas().Focus(w.tree.tree)
	}
}

// AskConflict implements presenter.View.
func (w *Window) AskConflict(theirs []presenter.Line) {
	if w.covered() {
		return
	}
	stay := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel")})
	discard := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Discard mine"), Importance: widgets.Low})
	on := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Put mine on top"), Importance: widgets.Primary})
	w.ask = widgets.NewDialog(widgets.DialogOptions{
		Title: lang.L("Somebody else changed the configuration"),
		Text:  lang.L("This is what they changed since you began. Nothing of yours is lost: it can be put on top of it, and applied after you looked at it."),
		Body:  changeTable(theirs), Width: changesWidth, Side: []*widgets.Button{discard}, Buttons: []*widgets.Button{stay, on}, Focus: stay,
	})
	stay.SetOnTapped(w.ask.Cancel)
	discard.SetOnTapped(func() {
		w.ask.Close()
		w.m.Discard()
	})
	on.SetOnTapped(func() {
		w.ask.Close()
		w.m.PutOnTop()
	})
	w.ask.Open(w.win.Canvas())
}
