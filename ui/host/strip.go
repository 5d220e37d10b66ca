package host

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/core/seam"
	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// stripWidth is the width of the strip, in units: a usual name and its sentence fit.
const stripWidth = 480

// strip says, above all windows and at the edge of the screen, that somebody sees it. It can be moved and not closed;
// who sees the screen sees it too.
type strip struct {
	win    fyne.Window
	text   *widgets.Text
	button *widgets.Button
	list   []seam.Watcher
}

// ShowWatchers implements Asker.
func (v *prompter) ShowWatchers(list []seam.Watcher) {
	if len(list) == 0 {
		if v.strip != nil {
			v.strip.win.Close()
			v.strip = nil
		}
		return
	}
	first := v.strip == nil
	if first {
		v.strip = newStrip(v.sh, v.p.disconnect)
	}
	v.strip.show(list)
	if first {
		v.sh.ShowQuietly(v.strip.win) // who works at this computer goes on typing
		v.sh.Above(v.strip.win, true)
	}
}

func newStrip(sh *shell.Shell, end func([]seam.Watcher)) *strip {
	s := &strip{win: sh.Small(sh.Name), text: widgets.NewText("", widgets.TextOptions{Bold: true, Ellipsis: true})}
	s.button = widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Disconnect"), Importance: widgets.Risky,
		OnTapped: func() { end(slices.Clone(s.list)) }})
	row := widgets.Row(10, widgets.NewIcon(theme.IconEye, theme.Accent, theme.HeadIconSize), widgets.Grow(s.text), s.button)
	s.win.SetContent(widgets.Ground(theme.Chrome, widgets.Inset(8, theme.Margin, 8, theme.Margin, row)))
	s.win.SetFixedSize(true)
	s.win.SetCloseIntercept(func() {}) // it stays while somebody watches
	return s
}

func (s *strip) show(list []seam.Watcher) {
	s.list = list
	s.text.SetText(shell.Say(Watched(list)))
	s.button.SetText(lang.L("Disconnect"))
	if len(list) > 1 {
		s.button.SetText(lang.L("Disconnect all"))
	}
	s.win.Resize(fyne.NewSize(stripWidth, s.win.Content().MinSize().Height))
}
