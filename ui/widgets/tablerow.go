package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// tableRow draws one row and takes its clicks.
type tableRow struct {
	widget.BaseWidget
	table   *Table
	index   int
	cells   []*tableCell
	back    *canvas.Rectangle
	bar     *canvas.Rectangle
	line    *canvas.Rectangle
	outline *canvas.Rectangle
	over    int // column under the pointer, -1 none
}

// gaps between the text of a cell and the next column.
const (
	cellGap      = 10
	cellRightGap = 18
	cellIconGap  = 7
	cellButton   = 24
)

// tableCell draws one cell of a row.
type tableCell struct {
	cell   Cell
	icon   *glyph
	text   *canvas.Text
	second *canvas.Text
	button *glyph
	cutOff bool
	x, w   float32
}

func newTableRow(t *Table) *tableRow {
	r := &tableRow{table: t, index: -1, over: -1, back: canvas.NewRectangle(color.Transparent), bar: canvas.NewRectangle(color.Transparent),
		line: canvas.NewRectangle(color.Transparent), outline: canvas.NewRectangle(color.Transparent)}
	for range t.o.Columns {
		r.cells = append(r.cells, &tableCell{icon: newGlyph(), button: newGlyph(),
			text: canvas.NewText("", color.Transparent), second: canvas.NewText("", color.Transparent)})
	}
	r.ExtendBaseWidget(r)
	return r
}

// load fills the row with what its number shows now.
func (r *tableRow) load() {
	if r.index < 0 || r.index >= r.table.o.Rows() {
		return
	}
	for i, c := range r.cells {
		c.cell = r.table.o.Cell(r.index, i)
	}
	r.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (r *tableRow) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{r.back, r.line, r.bar}
	for _, c := range r.cells {
		objects = append(objects, c.icon.img, c.text, c.second, c.button.img)
	}
	objects = append(objects, r.outline)
	return newDrawing(r, func() fyne.Size {
		return fyne.NewSize(1, r.table.o.RowHeight)
	}, r.place, r.paint, objects...)
}

func (r *tableRow) place(s fyne.Size) {
	put(r.back, 0, 0, s.Width, s.Height-1)
	put(r.line, 0, s.Height-1, s.Width, 1)
	put(r.bar, 8, 0, 3, s.Height-1)
	put(r.outline, 1, 0, s.Width-2, s.Height-1)
	starts, widths := r.table.spans(s.Width)
	for i, c := range r.cells {
		c.place(starts[i], widths[i], s.Height, r.table.o.Columns[i].Right)
	}
}

func (r *tableRow) look() RowLook {
	if r.table.o.Look == nil || r.index < 0 || r.index >= r.table.o.Rows() {
		return RowLook{}
	}
	return r.table.o.Look(r.index)
}

func (r *tableRow) paint() {
	t, look := r.table, r.look()
	r.back.FillColor = color.Transparent
	switch {
	case t.selected[r.index]:
		r.back.FillColor = theme.Color(theme.Selection)
	case t.hovered == r.index:
		r.back.FillColor = theme.Color(theme.Hover)
	}
	r.back.Refresh()
	show(r.line, !look.Joined)
	fill(r.line, theme.Border)
	show(r.bar, look.Bar != "")
	if look.Bar != "" {
		fill(r.bar, look.Bar)
	}
	r.outline.StrokeWidth = theme.LineWidth
	drawRing(r.outline, t.focused && !t.quiet && t.current == r.index, theme.Accent, 0)
	muted := look.Muted || t.muted
	for i, c := range r.cells {
		ink := c.cell.Token
		if ink == "" {
			ink = theme.Muted
			if i == 0 || t.o.Columns[i].Strong {
				ink = theme.Text
			}
		}
		if muted {
			ink = theme.Muted
		}
		c.paint(ink, r.over == i)
	}
}

func (c *tableCell) style() fyne.TextStyle {
	return fyne.TextStyle{Bold: c.cell.Bold, Monospace: c.cell.Mono}
}

func (c *tableCell) paint(ink theme.Token, over bool) {
	if c.cell.Button != "" {
		c.icon.set("", "")
		show(c.text, false)
		show(c.second, false)
		if over {
			ink = theme.Text
		}
		c.button.set(c.cell.Button, ink)
		return
	}
	c.button.set("", "")
	tint := c.cell.IconToken
	if tint == "" {
		tint = theme.Muted
	}
	c.icon.set(c.cell.Icon, tint)
	c.text.TextSize, c.text.TextStyle, c.text.Color = theme.TextSize, c.style(), theme.Color(ink)
	c.second.Text, c.second.TextSize, c.second.Color = c.cell.Second, theme.LabelSize, theme.Color(theme.Muted)
	show(c.text, c.cell.Text != "")
	show(c.second, c.cell.Second != "")
}

func (c *tableCell) place(x, w, height float32, right bool) {
	c.x, c.w = x, w
	height-- // the line
	put(c.button.img, x+w-cellRightGap-theme.IconSize+2, middle(height, theme.IconSize), theme.IconSize, theme.IconSize)
	start, room := x, w-cellGap
	if right {
		room = w - cellRightGap
	}
	if c.cell.Icon != "" || c.cell.Indent {
		put(c.icon.img, x, iconTop(height, theme.IconSize), theme.IconSize, theme.IconSize)
		start, room = x+theme.IconSize+cellIconGap, room-theme.IconSize-cellIconGap
	}
	room = max(room, 0)
	c.text.Text, c.cutOff = cut(c.cell.Text, room, theme.TextSize, c.style())
	c.text.Alignment = fyne.TextAlignLeading
	if right {
		c.text.Alignment = fyne.TextAlignTrailing
	}
	h := textSize("M", theme.TextSize, c.style()).Height
	y := middle(height, h)
	if c.cell.Second != "" {
		small := textSize("M", theme.LabelSize, fyne.TextStyle{}).Height
		y = middle(height, h+small)
		var short bool
		c.second.Text, short = cut(c.cell.Second, room, theme.LabelSize, fyne.TextStyle{})
		c.cutOff = c.cutOff || short
		put(c.second, start, y+h, room, small)
		c.second.Refresh()
	}
	put(c.text, start, y, room, h)
	c.text.Refresh()
}

// Lines breaks the text of a cell so that each line has room in a column of that width.
func (c Cell) Lines(width float32) []string {
	room := width - cellGap
	if c.Icon != "" || c.Indent {
		room -= theme.IconSize + cellIconGap
	}
	return breakLines(c.Text, max(room, 1), 0, theme.TextSize, fyne.TextStyle{Bold: c.Bold, Monospace: c.Mono})
}

// says is the tooltip of the cell.
func (c *tableCell) says() tip {
	switch {
	case c.cell.Button != "":
		return tip{text: c.cell.Text}
	case c.cutOff && c.cell.Tip == "":
		if c.cell.Second != "" {
			return tip{text: c.cell.Text + "\n" + c.cell.Second}
		}
		return tip{text: c.cell.Text}
	}
	return tip{text: c.cell.Tip}
}

// columnAt gives the column at an x of the row, -1 for none.
func (r *tableRow) columnAt(x float32) int {
	for i, c := range r.cells {
		if x >= c.x && x < c.x+c.w {
			return i
		}
	}
	return -1
}

// onButton tells whether a place is on the cell's button.
func (c *tableCell) onButton(x float32) bool {
	at := c.x + c.w - cellRightGap - theme.IconSize + 2 - (cellButton-theme.IconSize)/2
	return c.cell.Button != "" && x >= at && x < at+cellButton
}

// MouseDown implements desktop.Mouseable: it selects at once, before a double
// click could be known.
func (r *tableRow) MouseDown(ev *desktop.MouseEvent) {
	t := r.table
	t.grab()
	if r.index >= t.o.Rows() {
		return
	}
	if ev.Button == desktop.MouseButtonSecondary {
		if !t.selected[r.index] {
			t.moveTo(r.index, false)
		}
		t.current = r.index
		t.body.update(true)
		return
	}
	if ev.Button != desktop.MouseButtonPrimary || r.buttonAt(ev.Position.X) != nil {
		return
	}
	switch {
	case t.o.Multi && ev.Modifier&fyne.KeyModifierShortcutDefault != 0:
		t.toggle(r.index)
	case t.o.Multi && ev.Modifier&fyne.KeyModifierShift != 0:
		t.moveTo(r.index, true)
	default:
		t.moveTo(r.index, false)
	}
}

// MouseUp implements desktop.Mouseable. A click on a button counts here and not
// in Tapped, which waits for a second click.
func (r *tableRow) MouseUp(ev *desktop.MouseEvent) {
	if ev.Button != desktop.MouseButtonPrimary {
		return
	}
	if f := r.buttonAt(ev.Position.X); f != nil && ev.Position.Y >= 0 && ev.Position.Y < r.Size().Height {
		f()
	}
}

// buttonAt gives what the button at an x does, nil for none.
func (r *tableRow) buttonAt(x float32) func() {
	i := r.columnAt(x)
	if i < 0 || !r.cells[i].onButton(x) {
		return nil
	}
	return r.cells[i].cell.OnButton
}

// DoubleTapped implements fyne.DoubleTappable.
func (r *tableRow) DoubleTapped(ev *fyne.PointEvent) {
	if r.buttonAt(ev.Position.X) == nil {
		r.table.act(r.index)
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (r *tableRow) TappedSecondary(ev *fyne.PointEvent) {
	t := r.table
	if !t.selected[r.index] && r.index < t.o.Rows() {
		t.moveTo(r.index, false)
	}
	t.openMenu(ev.AbsolutePosition)
}

// MouseIn implements desktop.Hoverable.
func (r *tableRow) MouseIn(ev *desktop.MouseEvent) {
	r.table.hover(r.index)
	r.MouseMoved(ev)
}

// MouseMoved implements desktop.Hoverable.
func (r *tableRow) MouseMoved(ev *desktop.MouseEvent) {
	i := r.columnAt(ev.Position.X)
	says := tip{}
	if i >= 0 && (r.cells[i].cell.Button == "" || r.cells[i].onButton(ev.Position.X)) {
		says = r.cells[i].says()
	}
	tipsFor(r).rest(r, says, ev.AbsolutePosition.X)
	if i != r.over {
		r.over = i
		r.Refresh()
	}
}

// MouseOut implements desktop.Hoverable.
func (r *tableRow) MouseOut() {
	r.over = -1
	tipsFor(r).gone()
	if r.table.hovered == r.index {
		r.table.hover(-1)
	}
}
