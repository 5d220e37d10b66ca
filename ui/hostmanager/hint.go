package hostmanager

import (
	"strings"

	"fyne.io/fyne/v2"

	"impero/ui/hostmanager/presenter"
	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// hintStrip tells of the selected attribute.
type hintStrip struct {
	root  fyne.CanvasObject
	col   *fyne.Container
	title *widgets.Text
	sign  *widgets.Icon
	text  *widgets.Text
	row   *fyne.Container
	facts *widgets.Text
}

// hintWide is how wide a line of the hint may be, in units.
const hintWide = 860

func newHintStrip() *hintStrip {
	h := &hintStrip{title: widgets.NewText("", widgets.TextOptions{Bold: true, Ellipsis: true}), sign: widgets.NewIcon("", theme.Danger, theme.IconSize),
		text:  widgets.NewText("", widgets.TextOptions{Token: theme.Muted, Wrap: true, MaxWidth: hintWide}),
		facts: widgets.NewText("", widgets.TextOptions{Token: theme.Muted, Size: theme.CaptionSize, Wrap: true, MaxWidth: hintWide})}
	h.row = widgets.RowAligned(6, widgets.AlignStart, h.sign, widgets.Grow(h.text))
	h.col = widgets.Col(4, h.title, h.row, h.facts)
	h.root = widgets.Ground(theme.Header, widgets.Sized(0, hintHigh, widgets.Inset(9, theme.Margin, 9, theme.Margin, h.col)))
	return h
}

func (h *hintStrip) show(hint presenter.Hint) {
	h.title.SetText(shell.Say(hint.Title))
	ink := theme.Muted
	if hint.Wrong {
		h.sign.Set(theme.IconAlertCircle, theme.Danger)
		h.sign.Show()
		ink = theme.Danger
	} else {
		h.sign.Hide()
	}
	h.text.SetToken(ink)
	h.text.SetText(shell.Say(hint.Text))
	h.facts.SetText(dots(hint.Facts))
	h.root.Refresh()
	h.col.Refresh()
	h.row.Refresh()
}

// dots puts a dot between phrases.
func dots(list []phrase.Phrase) string {
	var said []string
	for _, p := range list {
		said = append(said, shell.Say(p))
	}
	return strings.Join(said, "  ·  ")
}
