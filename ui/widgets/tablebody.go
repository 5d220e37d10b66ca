package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// tableBody is what the scroller of a Table moves: as high as all rows, with
// widgets for those in view alone.
type tableBody struct {
	widget.BaseWidget
	table *Table
	rows  []*tableRow // those in view, in order
	spare []*tableRow
	draw  *drawing
}

func newTableBody(t *Table) *tableBody {
	b := &tableBody{table: t}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer implements fyne.Widget.
func (b *tableBody) CreateRenderer() fyne.WidgetRenderer {
	b.draw = newDrawing(b, func() fyne.Size {
		return fyne.NewSize(1, float32(b.table.o.Rows())*b.table.o.RowHeight)
	}, func(fyne.Size) { b.update(true) }, func() {})
	return b.draw
}

// update gives every row in view a widget. With all it also fills those that
// stay; without, only those that come into view.
func (b *tableBody) update(all bool) {
	t := b.table
	if b.draw == nil || t.scroll.Size().Height <= 0 {
		return
	}
	h, n := t.o.RowHeight, t.o.Rows()
	first := max(int(t.scroll.Offset.Y/h), 0)
	last := min(int((t.scroll.Offset.Y+t.scroll.Size().Height)/h), n-1)
	have := make(map[int]*tableRow, len(b.rows))
	for _, r := range b.rows {
		if r.index >= first && r.index <= last {
			have[r.index] = r
		} else {
			b.spare = append(b.spare, r)
		}
	}
	b.rows = b.rows[:0]
	for i := first; i <= last; i++ {
		r, ok := have[i]
		if !ok {
			r = b.take()
			r.index = i
		}
		b.rows = append(b.rows, r)
		put(r, 0, float32(i)*h, b.Size().Width, h)
		if all || !ok {
			r.load()
		}
	}
	b.gather()
}

// take gives a widget that is not in use.
func (b *tableBody) take() *tableRow {
	if n := len(b.spare); n > 0 {
		r := b.spare[n-1]
		b.spare = b.spare[:n-1]
		return r
	}
	return newTableRow(b.table)
}

func (b *tableBody) gather() {
	b.draw.objects = b.draw.objects[:0]
	for _, r := range b.rows {
		b.draw.objects = append(b.draw.objects, r)
	}
	if e := b.table.editor; e != nil {
		e.place()
		b.draw.objects = append(b.draw.objects, e.object)
	}
}

// row gives the widget of a row in view, nil for others.
func (b *tableBody) row(index int) *tableRow {
	for _, r := range b.rows {
		if r.index == index {
			return r
		}
	}
	return nil
}
