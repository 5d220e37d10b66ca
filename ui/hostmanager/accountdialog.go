package hostmanager

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/hostmanager/presenter"
	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// accountDialog asks for the account that may manage the Host.
type accountDialog struct {
	w           *Window
	dialog      *widgets.Dialog
	user, pw    *widgets.Entry
	maintenance *widgets.Entry
	field       *widgets.Field // of pw
	other       *widgets.Field // of maintenance
	last        *widgets.Entry // a password: the one used last
	logOn       *widgets.Button
}

// AskAccount implements presenter.View.
func (w *Window) AskAccount(trouble phrase.Phrase) {
	if w.account == nil {
		w.account = newAccountDialog(w)
		w.account.dialog.Open(w.win.Canvas())
	}
	w.account.say(trouble)
}

// closeAccount takes the question away once it is answered.
func (w *Window) closeAccount() {
	if w.account != nil {
		w.account.dialog.Close()
		w.account = nil
		w.refocus()
	}
}

func newAccountDialog(w *Window) *accountDialog {
	d := &accountDialog{w: w}
	place := w.m.Place()
	text := lang.L("Type an account of this computer that may change the configuration of the Host.")
	var fields []fyne.CanvasObject
	if place.Wants&presenter.WantsAccount != 0 {
		d.user = widgets.NewEntry(widgets.EntryOptions{Text: place.User})
		d.pw = widgets.NewEntry(widgets.EntryOptions{Password: true})
		d.field, d.last = widgets.NewField(widgets.FieldOptions{Label: lang.L("Password"), Control: d.pw}), d.pw
		fields = append(fields, widgets.NewField(widgets.FieldOptions{Label: lang.L("User"), Control: d.user}), d.field)
	}
	if place.Wants&presenter.WantsMaintenance != 0 {
		d.maintenance = widgets.NewEntry(widgets.EntryOptions{Password: true})
		d.other = widgets.NewField(widgets.FieldOptions{Label: lang.L("Maintenance"), Control: d.maintenance})
		fields = append(fields, d.other)
		text = lang.L("The maintenance password protects the configuration of this Host.")
		if d.field == nil {
			d.last = d.maintenance
		} else {
			text = lang.L("Type an account that may change the configuration, or the maintenance password.")
		}
	}
	stay := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel"), OnTapped: d.cancel})
	d.logOn = widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Log on"), Importance: widgets.Primary, OnTapped: d.send})
	d.dialog = widgets.NewDialog(widgets.DialogOptions{
		Icon: theme.IconLock, IconTone: widgets.Informative,
		Title: lang.L("Log on to change the configuration of {{.Host}}", map[string]any{"Host": place.Host}), Text: text, TextMuted: true, Body: widgets.NewForm(fields...), Width: 480,
		Buttons: []*widgets.Button{stay, d.logOn}, Focus: d.first(), OnCancel: d.gone,
	})
	return d
}

// first is the first empty field.
func (d *accountDialog) first() *widgets.Entry {
	if d.user != nil && d.user.Text == "" {
		return d.user
	}
	return d.last
}

func (d *accountDialog) send() {
	a := presenter.Account{}
	if d.user != nil {
		a.User, a.Password = d.user.Text, d.pw.Text
	}
	if d.maintenance != nil {
		a.Maintenance = d.maintenance.Text
	}
	if a.User == "" && a.Password == "" && a.Maintenance == "" || d.user != nil && a.Maintenance == "" && a.Password == "" {
		d.w.win.Canvas().Focus(d.first())
		return
	}
	if d.maintenance != nil && a.Maintenance != "" {
		d.last = d.maintenance
	} else {
		d.last = d.pw
	}
	d.logOn.SetDisabled(lang.L("The account is being checked."))
	d.w.m.LogOn(a)
}

// say shows what was wrong with the last answer, the password selected.
func (d *accountDialog) say(trouble phrase.Phrase) {
	d.logOn.SetDisabled("")
	if trouble.Empty() {
		return
	}
	wrong, right := d.field, d.other
	if d.last == d.maintenance {
		wrong, right = d.other, d.field
	}
	wrong.SetError(shell.Say(trouble))
	if right != nil {
		right.SetError("")
	}
	d.dialog.Refresh()
	d.w.win.Canvas().Focus(d.last)
	d.last.SelectAll()
}

func (d *accountDialog) cancel() { d.dialog.Cancel() }

// gone ends the program where without an account there is nothing to show. What was shown before, and changes that wait, stay.
func (d *accountDialog) gone() {
	d.w.account = nil
	if !d.w.m.GiveUpLogOn() {
		d.w.end()
	}
}
