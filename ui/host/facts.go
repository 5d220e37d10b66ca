package host

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// factsColumn is the least width of the labels, in units.
const factsColumn = 92

// facts tells how Guests find this Host, know it and log on.
type facts struct {
	name, addresses, fingerprint, logOn *widgets.Text
	levels                              *widgets.Text
	levelIcon                           *widgets.Icon
	levelRow                            fyne.CanvasObject // shown when the levels are not the usual ones
	rows                                *fyne.Container
	root                                fyne.CanvasObject
}

func newFacts(onCopy func()) *facts {
	f := &facts{
		name:        widgets.NewText("", widgets.TextOptions{Bold: true, Ellipsis: true}),
		addresses:   widgets.NewText("", widgets.TextOptions{Ellipsis: true}),
		fingerprint: widgets.NewText("", widgets.TextOptions{Mono: true}),
		logOn:       widgets.NewText("", widgets.TextOptions{Ellipsis: true}),
		levels:      widgets.NewText("", widgets.TextOptions{Ellipsis: true}),
		levelIcon:   widgets.NewIcon("", theme.Success, 0),
	}
	labels := []*widgets.Text{widgets.NewLabel(lang.L("Name")), widgets.NewLabel(lang.L("Addresses")),
		widgets.NewLabel(lang.L("Fingerprint")), widgets.NewLabel(lang.L("Log on with")), widgets.NewLabel(lang.L("Encryption"))}
	width := float32(factsColumn)
	for _, l := range labels {
		width = max(width, l.MinSize().Width)
	}
	copies := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Copy"), Importance: widgets.Link,
		Tip: lang.L("Copy the fingerprint"), OnTapped: onCopy})
	values := []fyne.CanvasObject{widgets.Grow(f.name), widgets.Grow(f.addresses),
		widgets.Row(15, f.fingerprint, copies), widgets.Grow(f.logOn),
		widgets.Grow(widgets.Row(6, f.levelIcon, widgets.Grow(f.levels)))}
	var rows []fyne.CanvasObject
	for i, l := range labels {
		rows = append(rows, widgets.Row(12, widgets.Sized(width, 0, l), values[i]))
	}
	f.levelRow = rows[len(rows)-1]
	f.levelRow.Hide()
	f.rows = widgets.Col(7, rows...)
	f.root = widgets.Ground(theme.Header, widgets.Inset(12, theme.Margin, 13, theme.Margin, f.rows))
	return f
}

func (f *facts) show(m *Model) {
	f.name.SetText(m.Name)
	f.addresses.SetText(shell.Say(m.Addresses))
	f.fingerprint.SetText(m.Fingerprint)
	f.logOn.SetText(shell.Say(m.LogOn))
	f.levelRow.Hide()
	if !m.Levels.Empty() {
		f.levels.SetText(shell.Say(m.Levels))
		icon, _, token := shell.LevelLook(m.Allowed.Strength)
		f.levelIcon.Set(icon, token)
		f.levelRow.Show()
	}
	f.rows.Refresh()
}
