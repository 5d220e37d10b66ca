package host

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/core/seam"
	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// confirmWidth is the width of the window that asks, in units.
const confirmWidth = 470

// prompter shows the agent's questions, the strip and notices.
type prompter struct {
	sh     *shell.Shell
	notice func(phrase.Phrase)
	p      *Prompts
	strip  *strip
	note   *note
}

// Prompts gives what asks and tells the user in windows of this program; notice says a line in the Host's window.
func (w *Window) Prompts() *Prompts {
	v := &prompter{sh: w.sh, notice: w.Notice}
	v.p = &Prompts{post: w.sh.Post, view: v}
	return v.p
}

// confirmWindow asks whether a Guest may come in. Keys are ignored at first, so that typing cannot answer it, and the
// focus is on Refuse.
type confirmWindow struct {
	win     fyne.Window
	dialog  *widgets.Dialog
	bar     *widgets.ProgressBar
	words   *widgets.Text
	buttons []*widgets.Button // from left to right
}

// ShowQuestion implements Asker.
func (v *prompter) ShowQuestion(q Question, limit time.Duration, answer func(seam.Answer)) (func(time.Duration), func()) {
	c := newConfirmWindow(v.sh, q, answer)
	c.win.CenterOnScreen()
	c.win.Show()
	c.win.RequestFocus()
	v.sh.Above(c.win, false)
	return func(past time.Duration) { c.tick(limit, past) }, c.win.Close
}

func newConfirmWindow(sh *shell.Shell, q Question, answer func(seam.Answer)) *confirmWindow {
	c := &confirmWindow{win: sh.Small(sh.Name)}
	say := func(a seam.Answer) func() { return func() { answer(a) } }
	if q.Watch {
		c.buttons = append(c.buttons, widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Only let watch"), OnTapped: say(seam.AnswerWatch)}))
	}
	refuse := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Refuse"), OnTapped: say(seam.AnswerRefuse)})
	c.buttons = append(c.buttons, widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Allow"), OnTapped: say(seam.AnswerAllow)}), refuse)
	c.bar = widgets.NewProgressBar(widgets.ProgressOptions{Value: 1})
	c.words = widgets.NewText("", widgets.TextOptions{Token: theme.Muted, Size: theme.LabelSize})
	body := widgets.Col(theme.BlockGap, factLines(
		[]string{lang.L("Account"), lang.L("From"), lang.L("May do")}, []phrase.Phrase{q.Account, q.From, q.May}), widgets.Col(7, c.bar, c.words))
	c.dialog = widgets.NewDialog(widgets.DialogOptions{
		Emblem: widgets.NewEmblem(theme.IconEye, widgets.Informative, 0), Title: shell.Say(q.Title), Text: lang.L("Say yes only if you expect this."), TextMuted: true,
		Body: body, Buttons: c.buttons, Focus: refuse, Primary: refuse, Width: confirmWidth, Guard: true, OnCancel: say(seam.AnswerRefuse),
	})
	c.dialog.Attach(c.win)
	c.win.SetFixedSize(true)
	c.win.SetCloseIntercept(say(seam.AnswerRefuse))
	return c
}

// factLines are labels and what they say, one below the other.
func factLines(labels []string, values []phrase.Phrase) fyne.CanvasObject {
	var width float32
	texts := make([]*widgets.Text, len(labels))
	for i, l := range labels {
		texts[i] = widgets.NewLabel(l)
		width = max(width, texts[i].MinSize().Width)
	}
	var rows []fyne.CanvasObject
	for i, t := range texts {
		value := widgets.NewText(shell.Say(values[i]), widgets.TextOptions{Ellipsis: true})
		rows = append(rows, widgets.Row(12, widgets.Sized(max(width, factsColumn-theme.Margin), 0, t), widgets.Grow(value)))
	}
	return widgets.Col(7, rows...)
}

func (c *confirmWindow) tick(limit, past time.Duration) {
	words, left := Countdown(limit, past)
	c.words.SetText(shell.Say(words))
	c.bar.SetValue(left)
}
