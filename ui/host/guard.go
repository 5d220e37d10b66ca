package host

import (
	"fyne.io/fyne/v2/lang"

	engine "impero/core/host"
	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/widgets"
)

// guardDialog asks for the maintenance password before something is done that it
// protects.
type guardDialog struct {
	dialog *widgets.Dialog
	entry  *widgets.Entry
	field  *widgets.Field
	check  func(pw string, done func(phrase.Phrase))
	then   func()
	busy   bool // the engine looks at it
}

// guarded does then, once the maintenance password was given where this scope
// asks for it.
func (w *Window) guarded(s engine.Scope, then func()) {
	if !w.model.Protects(s) {
		then()
		return
	}
	if w.guard != nil && w.guard.dialog.IsOpen() {
		return
	}
	w.win.Show()
	w.guard = newGuardDialog(s, func(pw string, done func(phrase.Phrase)) { w.p.CheckMaintenance(s, pw, done) }, then, w.guests.focus)
	w.guard.dialog.Open(w.win.Canvas())
}

func newGuardDialog(s engine.Scope, check func(string, func(phrase.Phrase)), then, left func()) *guardDialog {
	g := &guardDialog{check: check, then: then}
	g.entry = widgets.NewEntry(widgets.EntryOptions{Password: true, OnSubmitted: func(string) { g.submit() }})
	g.field = widgets.NewField(widgets.FieldOptions{Label: lang.L("Password"), Control: g.entry, Helper: lang.L("Whoever looks after this Host knows it.")})
	text := lang.L("Ending this Host, and stopping its communication, is protected by its maintenance password.")
	if s == engine.ScopeGuestAccess {
		text = lang.L("Who may log on to this Host is protected by its maintenance password.")
	}
	no := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel")})
	yes := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Continue"), Importance: widgets.Primary, OnTapped: g.submit})
	g.dialog = widgets.NewDialog(widgets.DialogOptions{
		Title: lang.L("Maintenance password"), Text: text, TextMuted: true, Body: widgets.NewForm(g.field),
		Buttons: []*widgets.Button{no, yes}, Focus: g.entry, Width: passwordWidth, OnCancel: left,
	})
	no.SetOnTapped(g.dialog.Cancel)
	return g
}

func (g *guardDialog) submit() {
	if g.busy {
		return
	}
	if g.entry.Text == "" {
		g.fail(phrase.New("Fill this in first."))
		return
	}
	g.busy = true
	g.check(g.entry.Text, func(trouble phrase.Phrase) {
		g.busy = false
		if trouble.Empty() {
			g.dialog.Close()
			g.then()
			return
		}
		g.fail(trouble)
	})
}

func (g *guardDialog) fail(trouble phrase.Phrase) {
	g.field.SetError(shell.Say(trouble))
	g.entry.SelectAll()
	g.field.Focus()
}
