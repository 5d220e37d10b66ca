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
	rows                                *fyne.Container
	root                                fyne.CanvasObject
}

func newFacts(onCopy func()) *facts {
	f := &facts{
		name:        widgets.NewText("", widgets.TextOptions{Bold: true, Ellipsis: true}),
		addresses:   widgets.NewText("", widgets.TextOptions{Ellipsis: true}),
		fingerprint: widgets.NewText("", widgets.TextOptions{Mono: true}),
		logOn:       widgets.NewText("", widgets.TextOptions{Ellipsis: true}),
	}
	labels := []*widgets.Text{widgets.NewLabel(lang.L("Name")), widgets.NewLabel(lang.L("Addresses")),
		widgets.NewLabel(lang.L("Fingerprint")), widgets.NewLabel(lang.L("Log on with"))}
	width := float32(factsColumn)
	for _, l := range labels {
		width = max(width, l.MinSize().Width)
	}
	copies := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Copy"), Importance: widgets.Link,
		Tip: lang.L("Copy the fingerprint"), OnTapped: onCopy})
	values := []fyne.CanvasObject{widgets.Grow(f.name), widgets.Grow(f.addresses),
		widgets.Row(15, f.fingerprint, copies), widgets.Grow(f.logOn)}
	var rows []fyne.CanvasObject
	for i, l := range labels {
		rows = append(rows, widgets.Row(12, widgets.Sized(width, 0, l), values[i]))
	}
	f.rows = widgets.Col(7, rows...)
	f.root = widgets.Ground(theme.Header, widgets.Inset(12, theme.Margin, 13, theme.Margin, f.rows))
	return f
}

func (f *facts) show(m *Model) {
	f.name.SetText(m.Name)
	f.addresses.SetText(shell.Say(m.Addresses))
	f.fingerprint.SetText(m.Fingerprint)
	f.logOn.SetText(shell.Say(m.LogOn))
	f.rows.Refresh()
}
