package guest

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/core/guest"
	"impero/ui/shell"
	"impero/ui/shell/level"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// logonForm is the fields a Host asks for.
type logonForm struct {
	v       *attemptWindow
	form    guest.Form
	number  int // of the form shown
	entries []*widgets.Entry
	fields  []*widgets.Field
	submit  *widgets.Button
	note    *noteLine
}

// logon shows exactly the fields of the form.
func (v *attemptWindow) logon() *widgets.Dialog {
	f := &logonForm{v: v, form: v.a.Form(), number: v.a.FormNumber()}
	v.form, v.update = f, f.update
	var parts []fyne.CanvasObject
	if f.form.Text != "" {
		parts = append(parts, widgets.NewText(f.form.Text, widgets.TextOptions{Token: theme.Muted, Wrap: true}))
	}
	for i, field := range f.form.Fields {
		parts = append(parts, f.add(i, field))
	}
	cancel := v.cancelButton()
	f.submit = widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Log on"), Importance: widgets.Primary, OnTapped: f.send})
	f.note = newNoteLine()
	return widgets.NewDialog(widgets.DialogOptions{
		Head: v.head(), Title: lang.L("Log on to this Host"), Body: widgets.NewForm(parts...), Note: widgets.Col(4, f.note.root, levelLine(v.a.Level())),
		Buttons: []*widgets.Button{cancel, f.submit}, Primary: f.submit, Focus: f.first(), Width: attemptWidth, OnCancel: v.a.Cancel,
	})
}

// add makes the entry and field of one question.
func (f *logonForm) add(i int, asked guest.FormField) fyne.CanvasObject {
	secret := asked.Kind == guest.FieldPassword || asked.Kind == guest.FieldSecret
	e := widgets.NewEntry(widgets.EntryOptions{Text: asked.Value, Password: secret, OnChanged: func(string) { f.typed(i) }})
	label, helper := asked.Label, ""
	switch asked.Kind {
	case guest.FieldUser:
		label = lang.L("User")
	case guest.FieldPassword:
		label = lang.L("Password")
		helper = lang.L("The password that was set on the Host.")
		if f.form.System {
			helper = lang.L("Of your account on the Host's computer, which checks it.")
		}
	}
	field := widgets.NewField(widgets.FieldOptions{Label: label, Control: e, Helper: helper})
	f.entries, f.fields = append(f.entries, e), append(f.fields, field)
	return field
}

// first is the first empty entry.
func (f *logonForm) first() fyne.Focusable {
	for _, e := range f.entries {
		if e.Text == "" {
			return e
		}
	}
	if len(f.entries) == 0 {
		return nil
	}
	return f.entries[len(f.entries)-1]
}

// fits tells whether another form has the same fields, so that what stands in
// these can stay.
func (f *logonForm) fits(other guest.Form) bool {
	if len(other.Fields) != len(f.form.Fields) || other.Text != f.form.Text {
		return false
	}
	for i, field := range other.Fields {
		if field.Kind != f.form.Fields[i].Kind || field.Label != f.form.Fields[i].Label {
			return false
		}
	}
	return true
}

// typed takes the error away, which was about the text before.
func (f *logonForm) typed(i int) {
	if i < len(f.fields) && f.fields[i].Error() != "" {
		f.fields[i].SetError("")
	}
}

// send gives the values, once every field has one.
func (f *logonForm) send() {
	values := make([]string, len(f.entries))
	for i, e := range f.entries {
		if values[i] = e.Text; e.Text == "" {
			f.fields[i].SetError(lang.L("Fill this in first."))
			f.fields[i].Focus()
			return
		}
	}
	f.v.a.Submit(values)
}

// update shows what came of it.
func (f *logonForm) update() {
	a := f.v.a
	busy := ""
	if a.Busy() {
		busy = lang.L("The Host checks the logon.")
	}
	f.submit.SetDisabled(busy)
	f.showNote()
	if f.number == a.FormNumber() {
		return
	}
	f.number, f.form = a.FormNumber(), a.Form()
	last := len(f.entries) - 1
	f.fields[last].SetError(shell.Say(a.FormError()))
	f.entries[last].SelectAll()
	widgets.FocusOn(f.entries[last])
}

// showNote says in the foot how the Host is known, or that it is being waited
// for.
func (f *logonForm) showNote() {
	a := f.v.a
	switch words := a.Progress(); {
	case a.Busy() && !words.Empty():
		f.note.set(theme.IconClock, theme.Muted, shell.Say(words))
	case a.Form().Known:
		f.note.set(theme.IconShieldCheck, theme.Success, lang.L("Known Host, same key as always"))
	default:
		f.note.set(theme.IconShield, theme.Muted, lang.L("New Host, you compared its key"))
	}
}

// noteLine is an icon and a few words in the foot of a dialog.
type noteLine struct {
	root *fyne.Container
	icon *widgets.Icon
	text *widgets.Text
}

func newNoteLine() *noteLine {
	n := &noteLine{icon: widgets.NewIcon(theme.IconShield, theme.Muted, theme.StatusIconSize),
		text: widgets.NewText("", widgets.TextOptions{Token: theme.Muted, Size: theme.LabelSize, Ellipsis: true})}
	n.root = widgets.Row(6, n.icon, widgets.Grow(n.text))
	return n
}

func (n *noteLine) set(icon theme.IconName, token theme.Token, text string) {
	n.icon.Set(icon, token)
	n.text.SetText(text)
}

// levelLine says the connection's encryption level.
func levelLine(l level.Level) fyne.CanvasObject {
	return widgets.Row(0, shell.LevelChip(l), widgets.Spacer())
}
