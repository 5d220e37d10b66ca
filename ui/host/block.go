package host

import (
	"fyne.io/fyne/v2"

	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// titleSize is the size of the sentence that is true now, in units.
const titleSize = 17

// stateBlock says in one sentence what is true now, and has the one button for it.
type stateBlock struct {
	emblem *widgets.Emblem
	title  *widgets.Text
	detail *widgets.Text
	button *widgets.Button
	act    Act
	words  *fyne.Container
	root   *fyne.Container
}

func newStateBlock(do func(Act)) *stateBlock {
	b := &stateBlock{
		emblem: widgets.NewEmblem(theme.IconCheckCircle, widgets.Neutral, 0),
		title:  widgets.NewText("", widgets.TextOptions{Size: titleSize, Bold: true, Wrap: true}),
		detail: widgets.NewText("", widgets.TextOptions{Token: theme.Muted, Wrap: true}),
	}
	b.button = widgets.NewButton(widgets.ButtonOptions{OnTapped: func() { do(b.act) }})
	b.words = widgets.Col(3, b.title, b.detail)
	b.root = widgets.Inset(14, theme.Margin, 14, theme.Margin, widgets.Row(14, b.emblem, widgets.Grow(b.words), b.button))
	return b
}

func (b *stateBlock) show(m Block) {
	icon, tone := m.Sign.look()
	b.emblem.Set(icon, tone)
	b.title.SetText(shell.Say(m.Title))
	b.detail.SetText(shell.Say(m.Detail))
	b.act = m.Act
	b.button.SetText(shell.Say(m.Label))
	b.button.SetDisabled(shell.Say(m.Why))
	switch m.Act {
	case ActDisconnect, ActDisconnectAll:
		b.button.SetImportance(widgets.Risky)
	case ActStart:
		b.button.SetImportance(widgets.Primary)
	default:
		b.button.SetImportance(widgets.Secondary)
	}
	b.words.Refresh()
	b.root.Refresh()
}

// look gives the picture and the tone of a sign.
func (s Sign) look() (theme.IconName, widgets.Tone) {
	switch s {
	case SignReady:
		return theme.IconCheckCircle, widgets.Good
	case SignWatched:
		return theme.IconEye, widgets.Informative
	case SignAway:
		return theme.IconNetworkOff, widgets.Warning
	case SignProblem:
		return theme.IconAlertTriangle, widgets.Warning
	}
	return theme.IconStop, widgets.Neutral
}
