package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// EmptyStateOptions say what stands where nothing is.
type EmptyStateOptions struct {
	Icon   theme.IconName
	Title  string   // what is not here
	Lines  []string // how it gets here, one or two lines
	Action *Button  // such as "Show all"; nil for none
}

// EmptyState fills an area that has nothing to show.
type EmptyState struct {
	widget.BaseWidget
	icon  *Icon
	texts []*Text
	o     EmptyStateOptions
}

// NewEmptyState makes an empty state.
func NewEmptyState(o EmptyStateOptions) *EmptyState {
	e := &EmptyState{o: o, icon: NewIcon(o.Icon, theme.Muted, theme.EmptyIconSize)}
	e.texts = append(e.texts, NewText(o.Title, TextOptions{Size: 14, Bold: true, Wrap: true, Align: fyne.TextAlignCenter}))
	for _, l := range o.Lines {
		e.texts = append(e.texts, NewText(l, TextOptions{Token: theme.Muted, Wrap: true, Align: fyne.TextAlignCenter}))
	}
	e.ExtendBaseWidget(e)
	return e
}

// gaps over the title and over each line.
const (
	emptyTitleGap = 12
	emptyLineGap  = 8
	emptyMargin   = 24
)

func (e *EmptyState) height(width float32) float32 {
	h := theme.EmptyIconSize + emptyTitleGap
	for i, t := range e.texts {
		if i > 0 {
			h += emptyLineGap
		}
		h += t.heightFor(width)
	}
	if e.o.Action != nil {
		h += 14 + e.o.Action.MinSize().Height
	}
	return h
}

// CreateRenderer implements fyne.Widget.
func (e *EmptyState) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{e.icon}
	for _, t := range e.texts {
		objects = append(objects, t)
	}
	if e.o.Action != nil {
		objects = append(objects, e.o.Action)
	}
	return newDrawing(e, func() fyne.Size { return fyne.NewSize(200, 120) }, e.place, func() {}, objects...)
}

func (e *EmptyState) place(s fyne.Size) {
	width := max(s.Width-2*emptyMargin, 40)
	y := max(middle(s.Height, e.height(width)), 8)
	put(e.icon, middle(s.Width, theme.EmptyIconSize), y, theme.EmptyIconSize, theme.EmptyIconSize)
	y += theme.EmptyIconSize + emptyTitleGap
	for _, t := range e.texts {
		h := t.heightFor(width)
		put(t, emptyMargin, y, width, h)
		y += h + emptyLineGap
	}
	if b := e.o.Action; b != nil {
		size := upSize(b.MinSize())
		put(b, middle(s.Width, size.Width), y+14-emptyLineGap, size.Width, size.Height)
	}
}
