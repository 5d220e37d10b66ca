package widgets

import "fyne.io/fyne/v2"

// cellEditor is a control that stands in the place of a cell.
type cellEditor struct {
	table    *Table
	row, col int
	object   fyne.CanvasObject
}

// Edit puts a control into the place of a cell and gives it the keyboard. One
// control at a time; Reload and EndEdit take it away. The caller reads it and
// decides on Enter, Tab and Esc through the control's own callbacks.
func (t *Table) Edit(row, col int, control fyne.CanvasObject) {
	t.EndEdit()
	t.ScrollTo(row)
	t.editor = &cellEditor{table: t, row: row, col: col, object: control}
	t.body.update(false)
	t.body.Refresh()
	c := canvasOf(t) // the control is on none before it was drawn
	if f, ok := control.(fyne.Focusable); ok && c != nil {
		c.Focus(f)
	}
	if s, ok := control.(*Select); ok && s.o.Opens && c != nil {
		at := absolute(t).AddXY(s.Position().X, s.Position().Y+t.headHeight()-t.scroll.Offset.Y)
		s.openIn(c, menuPlace{at: at.AddXY(0, s.Size().Height+2), above: at.Y - 2})
	}
}

// EndEdit takes the control of Edit away; nothing if there is none. The table
// gets the keyboard back if the control had it.
func (t *Table) EndEdit() {
	if t.editor == nil {
		return
	}
	c := canvasOf(t)
	had := c != nil && any(c.Focused()) == any(t.editor.object)
	t.DropEdit()
	if had {
		c.Focus(t)
	}
}

// DropEdit is EndEdit for a control that has just lost the keyboard to something
// else, which keeps it.
func (t *Table) DropEdit() {
	if t.editor == nil {
		return
	}
	t.editor = nil
	t.body.update(true)
	t.body.Refresh()
}

// Editing gives the cell that is edited; ok is false if none is.
func (t *Table) Editing() (row, col int, ok bool) {
	if t.editor == nil {
		return 0, 0, false
	}
	return t.editor.row, t.editor.col, true
}

// place puts the control over its cell, its text where the cell's is. It may be a
// little higher than the row.
func (e *cellEditor) place() {
	starts, widths := e.table.spans(e.table.body.Size().Width)
	h := e.table.o.RowHeight
	high := max(up(e.object.MinSize().Height), h-1)
	put(e.object, starts[e.col]-6, max(float32(e.row)*h+middle(h-1, high), 0), widths[e.col]-2, high)
}
