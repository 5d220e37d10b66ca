package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// ChipOptions say what a Chip shows.
type ChipOptions struct {
	Text string
	Icon theme.IconName
	Tone Tone
	Tip  string
}

// Chip is a small word on a soft ground: a role, a level, a state. It is not a
// button.
type Chip struct {
	widget.BaseWidget
	o      ChipOptions
	ground *canvas.Rectangle
	icon   *glyph
	text   *canvas.Text
	area   *tipArea
}

// NewChip makes a chip.
func NewChip(o ChipOptions) *Chip {
	c := &Chip{o: o, ground: canvas.NewRectangle(color.Transparent), icon: newGlyph(), text: canvas.NewText("", color.Transparent)}
	c.area = newTipArea(func() tip { return tip{text: c.o.Tip} })
	c.ExtendBaseWidget(c)
	return c
}

// Set changes everything the chip shows.
func (c *Chip) Set(o ChipOptions) {
	if o != c.o {
		c.o = o
		c.Refresh()
	}
}

func (c *Chip) lead() float32 {
	if c.o.Icon == "" {
		return 0
	}
	return theme.ChipIconSize + 4
}

// CreateRenderer implements fyne.Widget.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	size := func() fyne.Size { return textSize(c.o.Text, theme.LabelSize, fyne.TextStyle{}) }
	return newDrawing(c, func() fyne.Size {
		return fyne.NewSize(8+c.lead()+size().Width+9, theme.ChipHeight)
	}, func(s fyne.Size) {
		y := middle(s.Height, theme.ChipHeight)
		put(c.ground, 0, y, s.Width, theme.ChipHeight)
		put(c.icon.img, 8, iconTop(s.Height-1, theme.ChipIconSize), theme.ChipIconSize, theme.ChipIconSize)
		put(c.text, 8+c.lead(), middle(s.Height, size().Height), size().Width, size().Height)
		put(c.area, 0, 0, s.Width, s.Height)
	}, func() {
		c.ground.CornerRadius = theme.ChipRadius
		fill(c.ground, c.o.Tone.soft())
		c.icon.set(c.o.Icon, c.o.Tone.ink())
		c.text.Text, c.text.TextSize, c.text.Color = c.o.Text, theme.LabelSize, theme.Color(c.o.Tone.ink())
		c.text.Refresh()
	}, c.ground, c.icon.img, c.text, c.area)
}
