package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// dialogCard draws a dialog: head, body in a scroller, foot.
type dialogCard struct {
	widget.BaseWidget
	d      *Dialog
	back   *canvas.Rectangle
	head   fyne.CanvasObject // nil without a head
	body   *fyne.Container
	scroll *container.Scroll
	foot   fyne.CanvasObject // nil without buttons and note
}

func newDialogCard(d *Dialog) *dialogCard {
	c := &dialogCard{d: d, back: canvas.NewRectangle(color.Transparent)}
	c.head = headOf(d.o.Head)
	c.body = bodyOf(d.o, d.overlay)
	c.scroll = container.NewVScroll(c.body)
	c.foot = c.footOf(d.o)
	c.ExtendBaseWidget(c)
	return c
}

func headOf(h *DialogHead) fyne.CanvasObject {
	if h == nil {
		return nil
	}
	back, ink, second := theme.Chrome, theme.Accent, theme.Muted
	if h.Tone == Danger {
		back, ink, second = theme.DangerSoft, theme.Danger, theme.Text
	}
	words := []fyne.CanvasObject{NewText(h.Title, TextOptions{Size: theme.SubHeadingSize, Bold: true, Ellipsis: true})}
	if h.Subtitle != "" {
		words = append(words, NewText(h.Subtitle, TextOptions{Token: second, Size: theme.LabelSize, Ellipsis: true}))
	}
	row := Row(14, NewIcon(h.Icon, ink, theme.HeadIconSize), Grow(Col(3, words...)))
	return Col(0, Ground(back, Inset(13, theme.DialogMargin, 13, theme.DialogMargin, row)), HLine())
}

func bodyOf(o DialogOptions, overlay bool) *fyne.Container {
	var words, parts []fyne.CanvasObject
	if o.Title != "" {
		title := fyne.CanvasObject(NewText(o.Title, TextOptions{Size: theme.SubHeadingSize, Bold: true, Wrap: true}))
		if o.Icon != "" {
			title = RowAligned(12, AlignStart, NewIcon(o.Icon, o.IconTone.ink(), 20), Grow(title))
		}
		words = append(words, title)
	}
	if o.Text != "" {
		ink := theme.Text
		if o.TextMuted {
			ink = theme.Muted
		}
		words = append(words, NewText(o.Text, TextOptions{Token: ink, Wrap: true}))
	}
	gap := float32(10)
	if o.Emblem != nil {
		gap = 4
	}
	if len(words) > 0 {
		parts = append(parts, Col(gap, words...))
	}
	if o.Emblem != nil {
		parts = []fyne.CanvasObject{Row(12, append([]fyne.CanvasObject{o.Emblem}, growAll(parts)...)...)}
	}
	if o.Body != nil {
		parts = append(parts, o.Body)
	}
	bottom := float32(18)
	if overlay {
		bottom = 10 // no line between body and foot
	}
	return Inset(18, theme.DialogMargin, bottom, theme.DialogMargin, Col(theme.BlockGap, parts...))
}

func growAll(parts []fyne.CanvasObject) []fyne.CanvasObject {
	grown := make([]fyne.CanvasObject, len(parts))
	for i, p := range parts {
		grown[i] = Grow(p)
	}
	return grown
}

func (c *dialogCard) footOf(o DialogOptions) fyne.CanvasObject {
	if len(o.Buttons)+len(o.Side) == 0 && o.Note == nil {
		return nil
	}
	var row []fyne.CanvasObject
	for _, b := range o.Side {
		row = append(row, b)
	}
	if o.Note != nil {
		row = append(row, Grow(o.Note))
	} else {
		row = append(row, Spacer())
	}
	for _, b := range o.Buttons {
		row = append(row, b)
	}
	left := theme.Margin
	if o.Note != nil {
		left = theme.Margin + 1
	} else if len(o.Side) > 0 {
		left = theme.DialogMargin - 6 // the words of a low button stand 6 in
	}
	foot := Inset(10, theme.Margin, 10, left, Row(theme.ButtonGap, row...))
	if c.d.overlay {
		return Inset(0, theme.DialogMargin-theme.Margin, 6, 0, foot)
	}
	return Col(0, HLine(), Ground(theme.Chrome, foot))
}

// heights gives the heights of the three parts for a width.
func (c *dialogCard) heights(width float32) (head, body, foot float32) {
	if c.head != nil {
		head = heightFor(c.head, width)
	}
	body = heightFor(c.body, width)
	if c.foot != nil {
		foot = heightFor(c.foot, width)
	}
	return head, body, foot
}

func (c *dialogCard) heightFor(width float32) float32 {
	head, body, foot := c.heights(width)
	return head + body + foot
}

// Tapped implements fyne.Tappable: the card takes clicks, so that none goes
// through to the shade.
func (c *dialogCard) Tapped(*fyne.PointEvent) { c.d.focusFirst() }

// CreateRenderer implements fyne.Widget.
func (c *dialogCard) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{c.back}
	for _, o := range []fyne.CanvasObject{c.head, c.scroll, c.foot} {
		if o != nil {
			objects = append(objects, o)
		}
	}
	return newDrawing(c, func() fyne.Size { return fyne.NewSize(c.d.o.Width, c.heightFor(c.d.o.Width)) }, c.place, func() {
		if !c.d.overlay {
			fill(c.back, theme.Surface)
			return
		}
		c.back.CornerRadius = theme.DialogRadius
		c.back.Shadow = popupShadow()
		fill(c.back, theme.Raised)
	}, objects...)
}

func (c *dialogCard) place(s fyne.Size) {
	put(c.back, 0, 0, s.Width, s.Height)
	head, body, foot := c.heights(s.Width)
	if c.head != nil {
		put(c.head, 0, 0, s.Width, head)
	}
	room := max(s.Height-head-foot, 0)
	put(c.scroll, 0, head, s.Width, room)
	c.body.Resize(fyne.NewSize(s.Width, max(body, room)))
	if c.foot != nil {
		put(c.foot, 0, s.Height-foot, s.Width, foot)
	}
}
