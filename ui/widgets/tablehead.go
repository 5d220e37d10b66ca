package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// tableHead draws the titles of a Table. A click on one sorts, dragging the
// edge after one changes its width.
type tableHead struct {
	widget.BaseWidget
	table  *Table
	ground *canvas.Rectangle
	line   *canvas.Rectangle
	over   *canvas.Rectangle
	titles []*canvas.Text
	arrow  *glyph
	at     int  // column under the pointer, -1 none
	edge   int  // column whose edge is dragged, -1 none
	onEdge bool // the pointer is on an edge
}

const headGrab = 4 // units on both sides of an edge that count as on it

func newTableHead(t *Table) *tableHead {
	h := &tableHead{table: t, at: -1, edge: -1, ground: canvas.NewRectangle(color.Transparent), line: canvas.NewRectangle(color.Transparent),
		over: canvas.NewRectangle(color.Transparent), arrow: newGlyph()}
	for range t.o.Columns {
		h.titles = append(h.titles, canvas.NewText("", color.Transparent))
	}
	h.ExtendBaseWidget(h)
	return h
}

// CreateRenderer implements fyne.Widget.
func (h *tableHead) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{h.ground, h.over, h.line}
	for _, t := range h.titles {
		objects = append(objects, t)
	}
	objects = append(objects, h.arrow.img)
	return newDrawing(h, func() fyne.Size {
		return fyne.NewSize(1, theme.TableHeadHeight+theme.LineWidth)
	}, h.place, h.paint, objects...)
}

func (h *tableHead) place(s fyne.Size) {
	put(h.ground, 0, 0, s.Width, s.Height)
	put(h.line, 0, s.Height-1, s.Width, 1)
	bold := fyne.TextStyle{Bold: true}
	high := textSize("M", theme.TableHeadSize, bold).Height
	starts, widths := h.table.spans(s.Width)
	for i, t := range h.titles {
		c := h.table.o.Columns[i]
		gap, sign := float32(cellGap), float32(0)
		if c.Right {
			gap = cellRightGap
		}
		if i == h.table.o.Sorted {
			sign = 16
		}
		t.Text, _ = cut(c.Title, max(widths[i]-gap-sign, 0), theme.TableHeadSize, bold)
		w := textSize(t.Text, theme.TableHeadSize, bold).Width
		x := starts[i]
		if c.Right {
			x = starts[i] + widths[i] - gap - w
		}
		put(t, x, middle(theme.TableHeadHeight, high), w, high)
		t.Refresh()
		switch {
		case i != h.table.o.Sorted:
		case c.Right:
			put(h.arrow.img, x-15, middle(theme.TableHeadHeight, 11), 11, 11)
		default:
			put(h.arrow.img, x+w+4, middle(theme.TableHeadHeight, 11), 11, 11)
		}
		if i == h.at {
			put(h.over, x-6, 3, max(w+sign, 20)+12, s.Height-7)
		}
	}
}

func (h *tableHead) paint() {
	fill(h.ground, theme.Header)
	fill(h.line, theme.Border)
	sorted := h.table.o.Sorted
	for i, t := range h.titles {
		ink := theme.Muted
		if i == sorted && h.table.o.Columns[i].Sortable {
			ink = theme.Text
		}
		t.TextSize, t.TextStyle, t.Color = theme.TableHeadSize, fyne.TextStyle{Bold: true}, theme.Color(ink)
	}
	sign := theme.IconName("")
	if sorted >= 0 && sorted < len(h.titles) && h.table.o.Columns[sorted].Sortable {
		sign = theme.IconChevronUp
		if h.table.o.Descending {
			sign = theme.IconChevronDown
		}
	}
	h.arrow.set(sign, theme.Text)
	h.over.CornerRadius = theme.SelectionRadius
	fill(h.over, theme.Hover)
	show(h.over, h.at >= 0 && !h.onEdge && h.table.o.Columns[h.at].Sortable)
}

// edgeAt gives the column whose right edge is at x, -1 for none.
func (h *tableHead) edgeAt(x float32) int {
	starts, widths := h.table.spans(h.Size().Width)
	for i := range starts {
		end := starts[i] + widths[i]
		if i < len(starts)-1 && x >= end-headGrab-cellGap/2 && x <= end-cellGap/2+headGrab {
			return i
		}
	}
	return -1
}

func (h *tableHead) columnAt(x float32) int {
	starts, widths := h.table.spans(h.Size().Width)
	for i := range starts {
		if x >= starts[i] && x < starts[i]+widths[i] {
			return i
		}
	}
	return -1
}

// Tapped implements fyne.Tappable.
func (h *tableHead) Tapped(ev *fyne.PointEvent) {
	if h.edgeAt(ev.Position.X) >= 0 {
		return
	}
	h.table.sortBy(h.columnAt(ev.Position.X))
}

// MouseIn implements desktop.Hoverable.
func (h *tableHead) MouseIn(ev *desktop.MouseEvent) { h.MouseMoved(ev) }

// MouseMoved implements desktop.Hoverable.
func (h *tableHead) MouseMoved(ev *desktop.MouseEvent) {
	at, onEdge := h.columnAt(ev.Position.X), h.edgeAt(ev.Position.X) >= 0
	if at != h.at || onEdge != h.onEdge {
		h.at, h.onEdge = at, onEdge
		h.Refresh()
	}
}

// MouseOut implements desktop.Hoverable.
func (h *tableHead) MouseOut() {
	h.at, h.onEdge = -1, false
	h.Refresh()
}

// Cursor implements desktop.Cursorable.
func (h *tableHead) Cursor() desktop.Cursor {
	if h.onEdge || h.edge >= 0 {
		return desktop.HResizeCursor
	}
	return desktop.DefaultCursor
}

// Dragged implements fyne.Draggable.
func (h *tableHead) Dragged(ev *fyne.DragEvent) {
	if h.edge < 0 {
		h.edge = h.edgeAt(ev.Position.X - ev.Dragged.DX)
	}
	if h.edge < 0 {
		return
	}
	starts, lengths := h.table.spans(h.Size().Width)
	width := up(max(ev.Position.X+cellGap/2-starts[h.edge], h.table.leastWidth(h.edge)))
	if h.table.grows() {
		h.trade(lengths, width)
	} else {
		h.table.widths[h.edge] = width
	}
	h.table.Refresh()
}

// trade gives the column at the dragged edge a width, at the cost of the next:
// where columns grow, the table has no room left.
func (h *tableHead) trade(lengths []float32, width float32) {
	more := min(width-lengths[h.edge], lengths[h.edge+1]-h.table.leastWidth(h.edge+1))
	copy(h.table.widths, lengths)
	h.table.widths[h.edge] += more
	h.table.widths[h.edge+1] -= more
}

// DragEnd implements fyne.Draggable.
func (h *tableHead) DragEnd() {
	if h.edge >= 0 && h.table.o.OnResize != nil {
		h.table.o.OnResize(h.table.Widths())
	}
	h.edge = -1
}
