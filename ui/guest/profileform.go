package guest

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/guest/presenter"
	"impero/ui/shell"
	"impero/ui/shell/level"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// Sizes of the form of a profile, in units.
const (
	profileFormWidth = 660
	levelColumn      = 214 // the names of the levels
	warningHeight    = 56  // two lines: the form keeps its size
)

// profileForm edits a communication profile. All its messages stand where
// something stood before, so that it keeps its size.
type profileForm struct {
	win       fyne.Window
	form      *presenter.ProfileForm
	name      *widgets.Entry
	port      *widgets.Entry
	checks    []*widgets.Check // one a level that is offered
	preferred *widgets.Select
	names     *widgets.Field
	ports     *widgets.Field
	warning   *fyne.Container
	dialog    *widgets.Dialog
	done      func(saved string) // empty: nothing was saved
}

// newProfileForm makes the form of a profile, of a new one for no name; nil if
// it is gone. Its dialog is to be shown in win.
func newProfileForm(g *Guest, win fyne.Window, name string) *profileForm {
	form := g.desk.EditProfile(name)
	if form == nil {
		return nil
	}
	f := &profileForm{win: win, form: form, warning: widgets.Sized(0, warningHeight, widgets.Spacer())}
	fixed, helper := "", lang.L("Quick Connect offers it by this name.")
	if form.Fixed() {
		fixed = lang.L("The profile that is always there keeps its name.")
		helper = fixed
	}
	f.name = widgets.NewEntry(widgets.EntryOptions{Text: form.Name, Disabled: fixed, OnChanged: func(s string) { form.Name = s }})
	f.port = widgets.NewEntry(widgets.EntryOptions{Text: form.Port, OnChanged: func(s string) { form.Port = s }})
	f.names = widgets.NewField(widgets.FieldOptions{Label: lang.L("Name"), Control: f.name, Helper: helper,
		Validate: func() string { return shell.Say(form.NameError()) }})
	f.ports = widgets.NewField(widgets.FieldOptions{Label: lang.L("Port"), Control: f.port,
		Helper: lang.L("Where no other is typed with the Host."), Validate: func() string { return shell.Say(form.PortError()) }})
	levels := widgets.NewField(widgets.FieldOptions{Label: lang.L("Encryption"), Control: f.levelList()})
	f.preferred = widgets.NewSelect(widgets.SelectOptions{OnChanged: func(i int) { form.Preferred = form.Allowed()[i] }})
	preferred := widgets.NewField(widgets.FieldOptions{Label: lang.L("Preferred"), Control: f.preferred,
		Helper: lang.L("Used where the Host allows it; else the next stronger one that both allow.")})
	f.show()
	f.makeDialog(widgets.NewForm(f.names, f.ports, levels, preferred, f.warning))
	return f
}

func (f *profileForm) makeDialog(body fyne.CanvasObject) {
	title := lang.L("New communication profile")
	if !f.form.New() {
		title = lang.L("Edit the communication profile")
	}
	cancel := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel"), OnTapped: func() { f.dialog.Cancel() }})
	save := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Save profile"), Importance: widgets.Primary, OnTapped: f.save})
	first := fyne.Focusable(f.name)
	if f.form.Fixed() {
		first = f.port
	}
	f.dialog = widgets.NewDialog(widgets.DialogOptions{
		Title: title, Body: body, Buttons: []*widgets.Button{cancel, save}, Focus: first, Width: profileFormWidth,
		OnCancel: func() { f.done("") },
	})
}

// levelList is a box to tick for each level, with what it means.
func (f *profileForm) levelList() fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, l := range f.form.Levels() {
		reason := ""
		if !l.Offered {
			reason = shell.Say(l.Level.Note)
		}
		check := widgets.NewCheck(widgets.CheckOptions{Text: shell.Say(l.Level.Name), Checked: l.Allowed, Tip: shell.Say(l.Level.Line), Disabled: reason,
			OnChanged: func(on bool) {
				f.form.Allow(l.ID, on)
				f.show()
			}})
		if l.Offered {
			f.checks = append(f.checks, check)
		}
		note := widgets.NewText(shell.Say(l.Level.Note), widgets.TextOptions{Token: theme.Muted, Size: theme.CaptionSize, Wrap: true})
		rows = append(rows, widgets.Row(theme.ButtonGap, widgets.Sized(levelColumn, 0, check), widgets.Grow(note)))
	}
	return widgets.Inset(4, 0, 0, 0, widgets.Col(2, rows...))
}

// show shows what depends on the levels: the choice of the preferred one, and
// what the weakest gives up, or that there is none.
func (f *profileForm) show() {
	allowed := f.form.Allowed()
	selected := -1
	var names []string
	for i, id := range allowed {
		names = append(names, shell.Say(level.Of(id).Name))
		if id == f.form.Preferred {
			selected = i
		}
	}
	f.preferred.SetOptions(names, selected)
	tone, words := widgets.Good, lang.L("All that travels is encrypted.")
	if said := f.form.Warning(); !said.Empty() {
		weakest, _ := level.Weakest(allowed)
		_, tone, _ = shell.LevelLook(weakest.Strength)
		words = shell.Say(said)
	}
	if wrong := f.form.LevelsError(); !wrong.Empty() {
		tone, words = widgets.Danger, shell.Say(wrong)
	}
	f.warning.Objects = []fyne.CanvasObject{widgets.Col(0, widgets.Notice(tone, words), widgets.Spacer())}
	f.warning.Refresh()
}

// check validates everything and gives the keyboard to the first wrong field.
func (f *profileForm) check() bool {
	names, ports, levels := f.names.Check(), f.ports.Check(), f.form.LevelsError().Empty()
	switch {
	case !names:
		f.names.Focus()
	case !ports:
		f.ports.Focus()
	case !levels:
		widgets.FocusOn(f.checks[0])
	}
	return names && ports && levels
}

// save keeps the profile; what weakens it gravely is asked for first.
func (f *profileForm) save() {
	if !f.check() {
		return
	}
	if risk := f.form.Risk(); !risk.Empty() {
		f.confirm(shell.Say(risk))
		return
	}
	f.keep()
}

func (f *profileForm) confirm(levels string) {
	var d *widgets.Dialog
	places := map[string]any{"Levels": levels}
	cancel := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel"), OnTapped: func() { d.Cancel() }})
	allow := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Allow and save"), Importance: widgets.Risky, OnTapped: func() {
		d.Close()
		f.keep()
	}})
	d = widgets.NewDialog(widgets.DialogOptions{
		Icon: theme.IconLockOpen, IconTone: widgets.Danger, Title: lang.L("Allow sessions that others can read?", places),
		Text:    lang.L("With {{.Levels}}, whoever is on the way sees the screen and everything that is typed in the session, passwords too. Only the logon to the Host stays encrypted.", places),
		Buttons: []*widgets.Button{cancel, allow}, Focus: cancel, OnCancel: func() { widgets.FocusOn(f.checks[0]) },
	})
	d.Open(f.win.Canvas())
}

func (f *profileForm) keep() {
	if wrong := f.form.Save(); !wrong.Empty() {
		tell(f.win, lang.L("The profile was not saved"), shell.Say(wrong))
		return
	}
	f.done(f.form.Name)
}

// openProfileWindow shows the form of a profile in a window of its own; saved is
// called once it was kept.
func (g *Guest) openProfileWindow(name string, saved func()) {
	win := g.sh.Small(lang.L("Communication profile"))
	f := newProfileForm(g, win, name)
	if f == nil {
		win.Close()
		return
	}
	f.done = func(name string) {
		win.Close()
		if name != "" {
			saved()
		}
	}
	win.SetCloseIntercept(f.dialog.Cancel)
	f.dialog.Attach(win)
	win.CenterOnScreen()
	win.Show()
}
