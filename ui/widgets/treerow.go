package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// treeBody is what the scroller of a Tree moves: as high as all lines, with
// widgets for those in view alone.
type treeBody struct {
	widget.BaseWidget
	tree  *Tree
	rows  []*treeRow
	spare []*treeRow
	draw  *drawing
}

func newTreeBody(t *Tree) *treeBody {
	b := &treeBody{tree: t}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer implements fyne.Widget.
func (b *treeBody) CreateRenderer() fyne.WidgetRenderer {
	b.draw = newDrawing(b, func() fyne.Size {
		return fyne.NewSize(1, float32(b.tree.o.Rows())*theme.TreeRowHeight+2*treeMargin)
	}, func(fyne.Size) { b.update(true) }, func() {})
	return b.draw
}

func (b *treeBody) top(row int) float32 { return treeMargin + float32(row)*theme.TreeRowHeight }

// update gives every line in view a widget; with all it fills those that stay
// too.
func (b *treeBody) update(all bool) {
	t := b.tree
	if b.draw == nil || t.scroll.Size().Height <= 0 {
		return
	}
	first := max(int((t.scroll.Offset.Y-treeMargin)/theme.TreeRowHeight), 0)
	last := min(int((t.scroll.Offset.Y+t.scroll.Size().Height)/theme.TreeRowHeight), t.o.Rows()-1)
	have := make(map[int]*treeRow, len(b.rows))
	for _, r := range b.rows {
		if r.index >= first && r.index <= last {
			have[r.index] = r
		} else {
			b.spare = append(b.spare, r)
		}
	}
	b.rows = b.rows[:0]
	b.draw.objects = b.draw.objects[:0]
	for i := first; i <= last; i++ {
		r, ok := have[i]
		if !ok {
			r = b.take()
			r.index = i
		}
		b.rows = append(b.rows, r)
		b.draw.objects = append(b.draw.objects, r)
		put(r, 0, b.top(i), b.Size().Width, theme.TreeRowHeight)
		if all || !ok {
			r.item = t.o.Item(i)
			r.Refresh()
		}
	}
}

func (b *treeBody) take() *treeRow {
	if n := len(b.spare); n > 0 {
		r := b.spare[n-1]
		b.spare = b.spare[:n-1]
		return r
	}
	return newTreeRow(b.tree)
}

// treeRow draws one line and takes its clicks.
type treeRow struct {
	widget.BaseWidget
	tree    *Tree
	index   int
	item    TreeItem
	back    *canvas.Rectangle
	outline *canvas.Rectangle
	dot     *canvas.Circle
	arrow   *glyph
	icon    *glyph
	text    *canvas.Text
	cutOff  bool
}

// Where the parts of a line stand; each depth is treeIndent further in.
const (
	treeIndent = 16
	treeEdge   = 8 // of the selection, at both sides
	treeArrow  = 8
	treeIcon   = 27
	treeText   = 49
	treeDot    = 8
)

func newTreeRow(t *Tree) *treeRow {
	r := &treeRow{tree: t, back: canvas.NewRectangle(color.Transparent), outline: canvas.NewRectangle(color.Transparent),
		dot: canvas.NewCircle(color.Transparent), arrow: newGlyph(), icon: newGlyph(), text: canvas.NewText("", color.Transparent)}
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer implements fyne.Widget.
func (r *treeRow) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(r, func() fyne.Size { return fyne.NewSize(1, theme.TreeRowHeight) }, r.place, r.paint,
		r.back, r.arrow.img, r.icon.img, r.text, r.dot, r.outline)
}

func (r *treeRow) place(s fyne.Size) {
	put(r.back, treeEdge, 0, max(s.Width-2*treeEdge, 0), s.Height)
	put(r.outline, treeEdge, 0, max(s.Width-2*treeEdge, 0), s.Height)
	in := float32(r.item.Depth) * treeIndent
	put(r.arrow.img, in+treeArrow, iconTop(s.Height-2, theme.IconSize), theme.IconSize, theme.IconSize)
	put(r.icon.img, in+treeIcon, iconTop(s.Height-2, theme.IconSize), theme.IconSize, theme.IconSize)
	room := s.Width - in - treeText - treeEdge - 6
	if r.item.Dot != "" {
		room -= treeDot + 8
	}
	r.text.Text, r.cutOff = cut(r.item.Text, max(room, 0), theme.TextSize, fyne.TextStyle{})
	size := textSize(r.text.Text, theme.TextSize, fyne.TextStyle{})
	put(r.text, in+treeText, middle(s.Height, size.Height), size.Width, size.Height)
	put(r.dot, in+treeText+size.Width+8, middle(s.Height, treeDot)+1, treeDot, treeDot)
	r.text.Refresh()
}

func (r *treeRow) paint() {
	t := r.tree
	r.back.FillColor = color.Transparent
	switch r.index {
	case t.selected:
		r.back.FillColor = theme.Color(theme.Selection)
	case t.hovered:
		r.back.FillColor = theme.Color(theme.Hover)
	}
	r.back.CornerRadius = theme.ControlRadius
	r.back.Refresh()
	r.outline.StrokeWidth = theme.LineWidth
	drawRing(r.outline, t.focused && !t.quiet && r.index == t.selected, theme.Accent, theme.ControlRadius)
	arrow := theme.IconName("")
	if r.item.Branch {
		arrow = theme.IconChevronRight
		if r.item.Open {
			arrow = theme.IconChevronDown
		}
	}
	r.arrow.set(arrow, theme.Muted)
	r.icon.set(r.item.Icon, theme.Muted)
	ink := theme.Text
	if t.muted {
		ink = theme.Muted
	}
	r.text.TextSize, r.text.Color = theme.TextSize, theme.Color(ink)
	show(r.dot, r.item.Dot != "")
	if r.item.Dot != "" {
		r.dot.FillColor = theme.Color(r.item.Dot)
		r.dot.Refresh()
	}
}

// onArrow tells whether a place is on the sign that opens the branch.
func (r *treeRow) onArrow(x float32) bool {
	in := float32(r.item.Depth)*treeIndent + treeArrow
	return r.item.Branch && x >= in-2 && x < in+theme.IconSize+2
}

// MouseDown implements desktop.Mouseable.
func (r *treeRow) MouseDown(ev *desktop.MouseEvent) {
	r.tree.grab()
	if ev.Button == desktop.MouseButtonPrimary && r.onArrow(ev.Position.X) {
		r.tree.open(r.index, !r.item.Open)
		return
	}
	r.tree.choose(r.index)
}

// MouseUp implements desktop.Mouseable.
func (r *treeRow) MouseUp(*desktop.MouseEvent) {}

// DoubleTapped implements fyne.DoubleTappable.
func (r *treeRow) DoubleTapped(ev *fyne.PointEvent) {
	if !r.onArrow(ev.Position.X) {
		r.tree.open(r.index, !r.item.Open)
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (r *treeRow) TappedSecondary(ev *fyne.PointEvent) {
	r.tree.choose(r.index)
	r.tree.openMenu(ev.AbsolutePosition)
}

// MouseIn implements desktop.Hoverable.
func (r *treeRow) MouseIn(ev *desktop.MouseEvent) {
	old := r.tree.hovered
	r.tree.hovered = r.index
	for _, other := range r.tree.body.rows {
		if other.index == old || other.index == r.index {
			other.Refresh()
		}
	}
	says := tip{text: r.item.Tip}
	if r.cutOff {
		says.text = r.item.Text
	}
	tipsFor(r).rest(r, says, ev.AbsolutePosition.X)
}

// MouseMoved implements desktop.Hoverable.
func (r *treeRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (r *treeRow) MouseOut() {
	tipsFor(r).gone()
	if r.tree.hovered == r.index {
		r.tree.hovered = -1
		r.Refresh()
	}
}
