package guest

import (
	"fyne.io/fyne/v2/lang"

	"impero/ui/remote"
	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// statusWidth is the least width, in units, in which the level is explained in
// the status bar.
const statusWidth = 900

// showStatus fills the status bar: the level and where keys go, and the figures.
func (v *sessionWindow) showStatus() {
	v.showFigures()
	if v.l.Over() {
		v.status.SetLeft(v.afterwards()...)
		return
	}
	level := v.l.Level()
	lock := widgets.StatusItem{Text: shell.Say(v.l.LevelLine())}
	lock.Icon, lock.Tone, _ = shell.LevelLook(level.Strength)
	said := v.l.Status()
	if !said.Empty() || v.win.Canvas().Size().Width < statusWidth {
		lock.Text, lock.Tip = shell.Say(level.Name), lock.Text // the others need the room
	}
	left := []widgets.StatusItem{lock}
	if w, h := v.screen.Shown(); w > 0 && !v.lost.Visible() {
		words := map[string]any{"Number": v.screen.Monitor() + 1, "Width": w, "Height": h, "Percent": int(v.screen.Scale()*100 + 0.5)}
		text := lang.L("{{.Width}} × {{.Height}} at {{.Percent}} %", words)
		if v.screen.Monitor() != remote.AllMonitors {
			text = lang.L("Monitor {{.Number}}: {{.Width}} × {{.Height}} at {{.Percent}} %", words)
		}
		left = append(left, widgets.StatusItem{Text: text})
	}
	if outage, lost := v.l.Outage(); lost {
		left = []widgets.StatusItem{{Text: shell.Say(outage.Line), Icon: theme.IconAlertTriangle, Tone: widgets.Warning}}
	} else if !said.Empty() {
		left = append(left[:1], widgets.StatusItem{Text: shell.Say(said), Icon: theme.IconInfo})
	} else if v.l.MayControl() {
		words := lang.L("Click the picture to type there")
		if v.screen.Focused() {
			words = lang.L("Keys go to {{.Host}}", map[string]any{"Host": v.l.Info().Target.Host})
		}
		left = append(left, widgets.StatusItem{Text: words, Icon: theme.IconKeyboard})
	}
	v.status.SetLeft(left...)
}

// afterwards is the state once the session has ended: nothing is encrypted any more.
func (v *sessionWindow) afterwards() []widgets.StatusItem {
	items := []widgets.StatusItem{{Text: lang.L("The session is over.")}}
	if said := v.l.Status(); !said.Empty() {
		items = append(items, widgets.StatusItem{Text: shell.Say(said), Icon: theme.IconInfo})
	}
	return items
}

func (v *sessionWindow) showFigures() {
	f := v.l.Figures()
	v.status.SetRight(widgets.StatusItem{Text: f.Rate, Tip: lang.L("Pictures a second")}, widgets.StatusItem{Text: f.Traffic, Tip: lang.L("Data moved, both ways")},
		widgets.StatusItem{Text: f.Delay, Tip: lang.L("To the Host and back")}, widgets.StatusItem{Text: f.Duration, Tip: lang.L("Length of the session")})
}
