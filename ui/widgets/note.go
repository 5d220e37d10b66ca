package widgets

import (
	"fyne.io/fyne/v2"

	"impero/ui/theme"
)

// NewNote makes a sentence on the soft ground of a tone, with its icon, for the
// body of a dialog: what one should know before one goes on.
func NewNote(t Tone, text string) fyne.CanvasObject {
	row := RowAligned(8, AlignStart, Inset(1, 0, 0, 0, NewIcon(t.Icon(), t.ink(), 0)), Grow(NewText(text, TextOptions{Wrap: true, MaxWidth: barWidth})))
	return newGround(t.soft(), "", theme.ControlRadius, Inset(8, 12, 8, 10, row))
}

// Bordered puts a line around a part, such as a table in a dialog.
func Bordered(o fyne.CanvasObject) fyne.CanvasObject {
	return newGround(theme.Surface, theme.Border, theme.ControlRadius, Inset(1, 1, 1, 1, o))
}
