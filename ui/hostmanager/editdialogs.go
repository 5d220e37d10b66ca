package hostmanager

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/core/config"
	"impero/ui/hostmanager/presenter"
	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// askList asks which values of a list are meant.
func (w *Window) askList(a *config.Attribute, value string) {
	chosen := map[string]bool{}
	for _, v := range config.SplitList(value) {
		chosen[v] = true
	}
	var boxes []*widgets.Check
	var parts []fyne.CanvasObject
	for _, v := range a.Values {
		box := widgets.NewCheck(widgets.CheckOptions{Text: sayKey(v.Name), Checked: chosen[v.Value], Disabled: sayKey(v.Waits),
			OnChanged: func(on bool) { chosen[v.Value] = on }})
		boxes = append(boxes, box)
		parts = append(parts, box)
	}
	stay := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel")})
	keep := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Keep"), Importance: widgets.Primary})
	all := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("All or none"), Importance: widgets.Low, OnTapped: func() { turn(a, boxes, chosen) }})
	w.ask = widgets.NewDialog(widgets.DialogOptions{
		Title: sayKey(a.Name), Text: sayKey(a.Help), TextMuted: true, Body: columns(parts), Width: 620,
		Side: []*widgets.Button{all}, Buttons: []*widgets.Button{stay, keep}, Focus: boxes[0], OnCancel: w.table.focus,
	})
	stay.SetOnTapped(w.ask.Cancel)
	keep.SetOnTapped(func() {
		w.ask.Close()
		var list []string
		for v, on := range chosen {
			if on {
				list = append(list, v)
			}
		}
		w.trouble(w.m.SetValue(a.XML, a.JoinList(list)))
		w.table.focus()
	})
	w.ask.Open(w.win.Canvas())
}

// turn ticks all boxes that can be, or none if all are.
func turn(a *config.Attribute, boxes []*widgets.Check, chosen map[string]bool) {
	on := false
	for _, box := range boxes {
		on = on || !box.Disabled() && !box.Checked()
	}
	for i, box := range boxes {
		if !box.Disabled() {
			box.SetChecked(on)
			chosen[a.Values[i].Value] = on
		}
	}
}

// columns puts many parts into two columns.
func columns(parts []fyne.CanvasObject) fyne.CanvasObject {
	if len(parts) <= 8 {
		return widgets.ColAligned(4, widgets.AlignStart, parts...)
	}
	half := (len(parts) + 1) / 2
	return widgets.RowAligned(24, widgets.AlignStart, widgets.ColAligned(4, widgets.AlignStart, parts[:half]...),
		widgets.ColAligned(4, widgets.AlignStart, parts[half:]...))
}

// askPassword asks for a password, twice where it is to be kept.
func (w *Window) askPassword(a *config.Attribute, isSet bool) {
	proof := a.Form == config.Proof
	first := widgets.NewEntry(widgets.EntryOptions{Password: true})
	again := widgets.NewEntry(widgets.EntryOptions{Password: true})
	fields := []fyne.CanvasObject{widgets.NewField(widgets.FieldOptions{Label: lang.L("Password"), Control: first, Helper: lang.L("At most {{.Max}} characters", map[string]any{"Max": a.Max}), Validate: func() string {
		if first.Text == "" {
			return lang.L("Type the password.")
		}
		if m := a.Check(config.Typed(first.Text)); m != nil {
			return shell.Say(presenter.MessageWords(*m))
		}
		return ""
	}})}
	if !proof {
		fields = append(fields, widgets.NewField(widgets.FieldOptions{Label: lang.L("Again"), Control: again, Helper: lang.L("Type it once more."), Validate: func() string {
			if again.Text != first.Text {
				return lang.L("The two are not the same.")
			}
			return ""
		}}))
	}
	form := widgets.NewForm(fields...)
	give := func(password string) {
		w.ask.Close()
		w.trouble(w.m.SetPassword(a.XML, password))
		w.table.focus()
	}
	stay := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel")})
	set := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Set password"), Importance: widgets.Primary, OnTapped: func() {
		if form.Check() {
			give(first.Text)
		}
	}})
	var side []*widgets.Button
	if isSet {
		side = append(side, widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Remove password"), Icon: theme.IconTrash, Importance: widgets.Low,
			OnTapped: func() { give("") }}))
	}
	w.ask = widgets.NewDialog(widgets.DialogOptions{
		Title: sayKey(a.Name), Text: sayKey(a.Help), TextMuted: true, Body: form, Width: 480, Side: side,
		Buttons: []*widgets.Button{stay, set}, Focus: first, OnCancel: w.table.focus,
	})
	stay.SetOnTapped(w.ask.Cancel)
	w.ask.Open(w.win.Canvas())
}
