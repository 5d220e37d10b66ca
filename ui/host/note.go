package host

import (
	"time"

	"fyne.io/fyne/v2"

	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// noteTime is how long a note is shown.
const noteTime = 8 * time.Second

// note is a small window that says that a Guest came or went, where the desktop shows no notifications.
type note struct {
	win   fyne.Window
	text  *widgets.Text
	timer *time.Timer
}

// ShowNotice implements Asker.
func (v *prompter) ShowNotice(text phrase.Phrase) {
	v.notice(text)
	said := shell.Say(text)
	if v.sh.Notify(said) {
		return
	}
	first := v.note == nil
	if first {
		v.note = v.newNote()
	}
	v.note.text.SetText(said)
	v.note.win.Resize(fyne.NewSize(stripWidth, v.note.win.Content().MinSize().Height))
	v.note.timer.Reset(noteTime)
	if first {
		v.sh.ShowQuietly(v.note.win)
		v.sh.Above(v.note.win, v.strip == nil) // the strip and its button stay free
	}
}

func (v *prompter) newNote() *note {
	n := &note{win: v.sh.Small(v.sh.Name), text: widgets.NewText("", widgets.TextOptions{Ellipsis: true})}
	row := widgets.Row(10, widgets.NewIcon(theme.IconInfo, theme.Accent, theme.HeadIconSize), widgets.Grow(n.text))
	n.win.SetContent(widgets.Ground(theme.Chrome, widgets.Inset(8, theme.Margin, 8, theme.Margin, row)))
	n.win.SetFixedSize(true)
	n.win.SetOnClosed(func() {
		n.timer.Stop()
		if v.note == n {
			v.note = nil
		}
	})
	n.timer = time.AfterFunc(noteTime, func() {
		v.sh.Post(func() {
			if v.note == n {
				n.win.Close()
			}
		})
	})
	return n
}
