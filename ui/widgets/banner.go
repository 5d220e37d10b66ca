package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// BannerOptions say what a Banner shows.
type BannerOptions struct {
	Tone    Tone
	Icon    theme.IconName // that of the tone if empty
	Text    string         // one sentence
	Buttons []*Button      // at most two
}

// Banner is a strip over the content for a state that lasts and does not block.
type Banner struct {
	widget.BaseWidget
	o      BannerOptions
	ground *canvas.Rectangle
	row    *fyne.Container
	icon   *Icon
}

// NewBanner makes a banner.
func NewBanner(o BannerOptions) *Banner {
	if o.Icon == "" {
		o.Icon = o.Tone.Icon()
	}
	b := &Banner{o: o, ground: canvas.NewRectangle(color.Transparent), icon: NewIcon(o.Icon, o.Tone.ink(), 0)}
	parts := []fyne.CanvasObject{b.icon, Grow(NewText(o.Text, TextOptions{Ellipsis: true}))}
	for _, btn := range o.Buttons {
		btn.compact = true
		parts = append(parts, btn)
	}
	b.row = Inset(0, theme.Margin, 0, theme.Margin, Row(theme.ButtonGap, parts...))
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer implements fyne.Widget.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(b, func() fyne.Size {
		return fyne.NewSize(b.row.MinSize().Width, theme.BannerHeight)
	}, func(s fyne.Size) {
		put(b.ground, 0, 0, s.Width, s.Height)
		put(b.row, 0, 0, s.Width, s.Height)
	}, func() { fill(b.ground, b.o.Tone.soft()) }, b.ground, b.row)
}

// Notice is the banner's look inside a form or dialog: the soft ground with
// round corners, as high as its text needs.
func Notice(tone Tone, text string) fyne.CanvasObject {
	row := RowAligned(8, AlignStart, NewIcon(tone.Icon(), tone.ink(), 0), Grow(NewText(text, TextOptions{Wrap: true})))
	return newGround(tone.soft(), "", theme.ControlRadius, Inset(8, 10, 8, 10, row))
}
