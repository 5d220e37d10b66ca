package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// CardOptions say what a Card shows.
type CardOptions struct {
	Title  string
	Groups string // a fingerprint, groups of four with spaces between
	Note   string // muted line under it
	Tone   Tone   // Neutral or Danger
	Strong bool   // the title is bold and in text colour: two cards to compare
	OnCopy func() // shows a Copy button; nil for none
}

// Card shows a fingerprint to be compared or copied.
type Card struct {
	widget.BaseWidget
	content fyne.CanvasObject
	copies  *Button
}

// NewCard makes a card. Title and groups wrap where the width makes them: a Host's
// name may be long, and the Copy button stays where it is.
func NewCard(o CardOptions) *Card {
	c := &Card{}
	ground, border, title, note := theme.Header, theme.Border, theme.Muted, theme.Muted
	if o.Strong {
		title = theme.Text
	}
	if o.Tone == Danger {
		ground, border, title, note = theme.DangerSoft, theme.Danger, theme.Danger, theme.Text
	}
	parts := []fyne.CanvasObject{
		NewText(o.Title, TextOptions{Token: title, Bold: o.Strong, Size: theme.LabelSize, Wrap: true}),
		NewText(spaced(o.Groups), TextOptions{Mono: true, Size: 14, Wrap: true}),
	}
	if o.Note != "" {
		parts = append(parts, NewText(o.Note, TextOptions{Token: note, Size: theme.CaptionSize, Wrap: true}))
	}
	row := []fyne.CanvasObject{Grow(Col(5, parts...))}
	if o.OnCopy != nil {
		c.copies = NewButton(ButtonOptions{Text: lang.L("Copy"), Icon: theme.IconCopy, Importance: Low, OnTapped: o.OnCopy})
		row = append(row, c.copies)
	}
	c.content = newGround(ground, border, theme.ControlRadius, Inset(9, 12, 10, 12, Row(8, row...)))
	c.ExtendBaseWidget(c)
	return c
}

// CopyButton gives the Copy button, nil if there is none.
func (c *Card) CopyButton() *Button { return c.copies }

func (c *Card) heightFor(width float32) float32 { return heightFor(c.content, width) }

// CreateRenderer implements fyne.Widget.
func (c *Card) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(c, c.content.MinSize, c.content.Resize, func() {}, c.content)
}

// spaced sets groups a little further apart, so that eyes keep their place.
// The second space is one that does not break.
func spaced(groups string) string {
	return strings.Join(strings.Fields(groups), "\u00a0 ")
}
