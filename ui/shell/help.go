package shell

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/core/version"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// Sizes of the dialogs of help, in units.
const (
	helpWidth      = 560
	helpListHeight = 340
	helpKeyWidth   = 150
)

// About says over a window which program and release this is.
func (s *Shell) About(w fyne.Window) {
	text := lang.L("Version {{.Version}} for {{.System}}", map[string]any{"Version": version.Version, "System": runtime.GOOS + "/" + runtime.GOARCH})
	var d *widgets.Dialog
	details := s.Name + " " + text
	copying := widgets.NewButton(widgets.ButtonOptions{
		Text: lang.L("Copy details"), Icon: theme.IconCopy, Importance: widgets.Low, OnTapped: func() { s.Copy(details) }})
	done := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Close"), Importance: widgets.Primary, OnTapped: func() { d.Close() }})
	d = widgets.NewDialog(widgets.DialogOptions{
		Title: s.Name,
		Body: widgets.Col(theme.Padding,
			widgets.NewText(text, widgets.TextOptions{}),
			widgets.NewLabel(lang.L("Part of Impero Connect, remote control that an organisation runs itself."))),
		Side: []*widgets.Button{copying}, Buttons: []*widgets.Button{done}, Focus: done,
	})
	d.Open(w.Canvas())
}

// KeyboardHelp lists over a window the keys of its commands, and those of
// others that have no place in a menu.
func (s *Shell) KeyboardHelp(w fyne.Window, menus []Menu) {
	var rows [][2]string
	for _, m := range menus {
		for _, c := range m.Items {
			if c != nil && c.Keys() != "" {
				rows = append(rows, [2]string{c.Keys(), c.Label})
			}
		}
	}
	table := widgets.NewTable(widgets.TableOptions{
		Columns: []widgets.Column{{Title: lang.L("Keys"), Width: helpKeyWidth}, {Title: lang.L("What it does"), Width: 200, Grow: true, Strong: true}},
		Rows:    func() int { return len(rows) },
		Cell:    func(row, col int) widgets.Cell { return widgets.Cell{Text: rows[row][col]} },
		Sorted:  -1,
	})
	var d *widgets.Dialog
	done := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Close"), Importance: widgets.Primary, OnTapped: func() { d.Close() }})
	height := min(helpListHeight, theme.TableHeadHeight+1+theme.RowHeight*float32(len(rows)))
	d = widgets.NewDialog(widgets.DialogOptions{
		Title: lang.L("Keyboard"), Body: widgets.Sized(0, height, table), Buttons: []*widgets.Button{done}, Focus: done, Width: helpWidth,
	})
	d.Open(w.Canvas())
}
