package host

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	engine "impero/core/host"
	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// passwordWidth is the width of the password dialog, in units.
const passwordWidth = 480

// passwordDialog chooses the Host's password, the first time or anew.
type passwordDialog struct {
	dialog    *widgets.Dialog
	form      *widgets.Form
	pw, again *widgets.Entry
	first     *widgets.Field
	strength  *fyne.Container
	bars      *widgets.ProgressBar
	word      *widgets.Text
	hostName  string
	set       func(pw string, done func(phrase.Phrase))
	busy      bool // the engine works on it
}

// askPassword opens the dialog over the window, once the maintenance password
// was given where it is asked for.
func (w *Window) askPassword() { w.guarded(engine.ScopeGuestAccess, w.openPassword) }

func (w *Window) openPassword() {
	if w.password != nil && w.password.dialog.IsOpen() {
		return
	}
	w.password = newPasswordDialog(w.model.PasswordSet, w.model.Name, w.p.SetPassword, w.guests.focus)
	w.password.dialog.Open(w.win.Canvas())
}

func newPasswordDialog(change bool, hostName string, set func(string, func(phrase.Phrase)), left func()) *passwordDialog {
	d := &passwordDialog{hostName: hostName, set: set}
	d.pw = widgets.NewEntry(widgets.EntryOptions{Password: true, OnChanged: func(string) { d.judge() }, OnSubmitted: d.entered})
	d.again = widgets.NewEntry(widgets.EntryOptions{Password: true})
	d.first = widgets.NewField(widgets.FieldOptions{Label: lang.L("Password"), Control: d.pw,
		Validate: func() string {
			wrong := shell.Say(d.check().Password)
			d.grade(wrong != "")
			return wrong
		}})
	second := widgets.NewField(widgets.FieldOptions{Label: lang.L("Again"), Control: d.again,
		Helper:   lang.L("From 12 to 64 characters. Several words are easiest to type."),
		Validate: d.wrongAgain})
	d.bars = widgets.NewProgressBar(widgets.ProgressOptions{Segments: 4})
	d.word = widgets.NewText("", widgets.TextOptions{Token: theme.Muted, Size: theme.LabelSize})
	d.strength = widgets.Row(14, widgets.Grow(d.bars), widgets.Sized(150, 0, d.word))
	d.form = widgets.NewForm(d.first, widgets.Indent(d.strength), second)
	title, text, no := lang.L("Choose the password for this Host"),
		lang.L("Whoever knows it can see and control this computer. Until it is set, nothing listens and nobody can connect."), lang.L("Not now")
	if change {
		title, no = lang.L("Change the password of this Host"), lang.L("Cancel")
		text = lang.L("Guests log on with the new password from then on. Those who are connected stay.")
	}
	later := widgets.NewButton(widgets.ButtonOptions{Text: no})
	ok := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Set password"), Importance: widgets.Primary, OnTapped: d.submit})
	d.dialog = widgets.NewDialog(widgets.DialogOptions{
		Title: title, Text: text, TextMuted: true, Body: d.form, Buttons: []*widgets.Button{later, ok},
		Focus: d.pw, Width: passwordWidth, OnCancel: left,
	})
	later.SetOnTapped(d.dialog.Cancel)
	d.judge()
	return d
}

func (d *passwordDialog) check() Check { return CheckPasswords(d.pw.Text, d.again.Text) }

// wrongAgain is what is wrong with the second field; nothing yet while it is
// empty because the first is not right.
func (d *passwordDialog) wrongAgain() string {
	c := d.check()
	if d.again.Text == "" && c.First == FieldPassword {
		return ""
	}
	return shell.Say(c.Again)
}

// entered is Enter in the first field: on to the second, if that is to be filled.
func (d *passwordDialog) entered(string) {
	if c := d.check(); d.again.Text == "" && c.Password.Empty() {
		widgets.FocusOn(d.again)
		return
	}
	d.submit()
}

// judge shows how hard the password is to guess, in words and bars.
func (d *passwordDialog) judge() { d.grade(d.first.Error() != "") }

// grade does it; wrong tells that the field itself says what is not allowed.
func (d *passwordDialog) grade(wrong bool) {
	s := StrengthOf(d.pw.Text, d.hostName)
	token := theme.Muted
	switch s.Grade {
	case GradeWeak:
		token = theme.Danger
	case GradeFair:
		token = theme.Warning
	case GradeGood, GradeStrong:
		token = theme.Success
	}
	if s.Grade == GradeNone && wrong {
		s.Word = phrase.Phrase{} // the field says it
	}
	d.bars.Set(float64(s.Grade)/4, token)
	d.word.SetToken(token)
	d.word.SetText(shell.Say(s.Word))
}

// submit sets the password if all is right, and goes to the field that is not.
func (d *passwordDialog) submit() {
	if d.busy {
		return
	}
	right := d.form.Check()
	d.judge()
	if !right {
		return
	}
	d.busy = true
	d.set(d.pw.Text, func(trouble phrase.Phrase) {
		d.busy = false
		if trouble.Empty() {
			d.dialog.Cancel()
			return
		}
		d.first.SetError(shell.Say(trouble))
		d.first.Focus()
	})
}
