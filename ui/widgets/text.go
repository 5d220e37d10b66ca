package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// TextOptions say how a Text looks.
type TextOptions struct {
	Token    theme.Token // colour; Text if empty
	Size     float32     // text size; theme.TextSize if zero
	Bold     bool
	Mono     bool
	Align    fyne.TextAlign
	Wrap     bool    // break into lines of at most theme.WrapColumns characters
	MaxWidth float32 // with Wrap: no line is wider, however many characters that is
	Ellipsis bool    // cut to the room there is, with the whole text as tooltip
}

// Text is a text in a token's colour, on whole units. It selects nothing and
// takes no events.
type Text struct {
	widget.BaseWidget
	text  string
	o     TextOptions
	lines []*canvas.Text
	width float32 // lines are broken for this width
	cut   bool    // Ellipsis took something away
	draw  *drawing
	area  *tipArea
}

// NewText makes a text.
func NewText(s string, o TextOptions) *Text {
	if o.Token == "" {
		o.Token = theme.Text
	}
	if o.Size == 0 {
		o.Size = theme.TextSize
	}
	t := &Text{text: s, o: o}
	t.ExtendBaseWidget(t)
	t.width = t.most()
	t.breakUp(t.width)
	return t
}

// NewLabel makes a text in the muted colour.
func NewLabel(s string) *Text { return NewText(s, TextOptions{Token: theme.Muted}) }

// NewCaption makes a small text in the muted colour, which wraps.
func NewCaption(s string) *Text {
	return NewText(s, TextOptions{Token: theme.Muted, Size: theme.CaptionSize, Wrap: true})
}

// NewHeading makes a bold text of sub-heading size.
func NewHeading(s string) *Text {
	return NewText(s, TextOptions{Size: theme.SubHeadingSize, Bold: true})
}

// Text gives the whole text.
func (t *Text) Text() string { return t.text }

// SetText changes the text.
func (t *Text) SetText(s string) {
	if s == t.text {
		return
	}
	t.text = s
	t.breakUp(t.width)
	t.Refresh()
}

// SetToken changes the colour.
func (t *Text) SetToken(k theme.Token) {
	if k == t.o.Token {
		return
	}
	t.o.Token = k
	t.Refresh()
}

// SetBold changes the weight.
func (t *Text) SetBold(bold bool) {
	if bold == t.o.Bold {
		return
	}
	t.o.Bold = bold
	t.breakUp(t.width)
	t.Refresh()
}

func (t *Text) style() fyne.TextStyle { return fyne.TextStyle{Bold: t.o.Bold, Monospace: t.o.Mono} }

// most is the widest a line may be.
func (t *Text) most() float32 {
	if t.o.MaxWidth > 0 {
		return t.o.MaxWidth
	}
	return columnsWidth(theme.WrapColumns)
}

// breakUp makes the lines for a width.
func (t *Text) breakUp(width float32) {
	t.width = width
	lines := []string{t.text}
	t.cut = false
	switch {
	case t.o.Wrap:
		columns := theme.WrapColumns
		if t.o.MaxWidth > 0 {
			columns = 0
		}
		lines = breakLines(t.text, min(width, t.most()), columns, t.o.Size, t.style())
	case t.o.Ellipsis && t.Size().Width > 0:
		lines[0], t.cut = cut(t.text, t.Size().Width, t.o.Size, t.style())
	}
	for len(t.lines) < len(lines) {
		t.lines = append(t.lines, canvas.NewText("", color.Transparent))
	}
	t.lines = t.lines[:len(lines)]
	for i, s := range lines {
		l := t.lines[i]
		l.Text, l.TextSize, l.TextStyle, l.Alignment = s, t.o.Size, t.style(), t.o.Align
		l.Color = theme.Color(t.o.Token)
	}
	t.gather()
}

// gather gives the renderer the lines there are now.
func (t *Text) gather() {
	if t.draw == nil {
		return
	}
	t.draw.objects = t.draw.objects[:0]
	for _, l := range t.lines {
		t.draw.objects = append(t.draw.objects, l)
	}
	if t.area != nil {
		t.draw.objects = append(t.draw.objects, t.area)
	}
}

func (t *Text) lineHeight() float32 {
	return textSize("Mg", t.o.Size, t.style()).Height
}

// heightFor gives the height the text needs in a width.
func (t *Text) heightFor(width float32) float32 {
	if t.o.Wrap && width > 0 && width != t.width {
		t.breakUp(width)
	}
	n := float32(len(t.lines))
	return n*t.lineHeight() + (n-1)*theme.LineSpacing
}

// CreateRenderer implements fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	if t.o.Ellipsis {
		t.area = newTipArea(func() tip {
			if t.cut {
				return tip{text: t.text}
			}
			return tip{}
		})
	}
	t.draw = newDrawing(t, t.min, t.place, t.paint)
	t.gather()
	return t.draw
}

func (t *Text) min() fyne.Size {
	if t.o.Ellipsis {
		return fyne.NewSize(min(textSize(t.text, t.o.Size, t.style()).Width, 24), t.lineHeight())
	}
	width := float32(0)
	for _, l := range t.lines {
		width = max(width, up(l.MinSize().Width))
	}
	if t.o.Wrap {
		width = min(width, 40) // it may be narrower; the lines follow
	}
	return fyne.NewSize(width, t.heightFor(t.width))
}

func (t *Text) place(s fyne.Size) {
	switch {
	case t.o.Wrap && s.Width > 0 && s.Width != t.width, t.o.Ellipsis:
		t.breakUp(s.Width)
		t.paint()
	}
	h := t.lineHeight()
	for i, l := range t.lines {
		put(l, 0, float32(i)*(h+theme.LineSpacing), s.Width, h)
	}
	if t.area != nil {
		put(t.area, 0, 0, s.Width, s.Height)
	}
}

func (t *Text) paint() {
	c := theme.Color(t.o.Token)
	for _, l := range t.lines {
		l.Color = c
		l.Refresh()
	}
}
