package hostmanager

import (
	"strconv"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"impero/core/config"
	"impero/ui/hostmanager/presenter"
	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/widgets"
)

// editing is the value that is edited in its cell.
type editing struct {
	on        bool
	element   config.Path
	attribute string
	value     func() string // what stands in the editor
	text      bool          // it is typed
	left      bool          // the keyboard has gone elsewhere
}

// current gives the row that the keyboard is on, and whether there is one.
func (p *attributePane) current() (presenter.Row, bool) {
	at := p.table.Current()
	if at < 0 || at >= len(p.w.m.Rows()) {
		return presenter.Row{}, false
	}
	return p.w.m.Rows()[at], true
}

// edit puts the right editor into the cell of the current row, or opens it as a
// dialog where a cell has no room for it.
func (p *attributePane) edit() { p.begin("", false) }

// typed starts editing with the character that was typed.
func (p *attributePane) typed(row int, r rune) bool {
	if row >= 0 && unicode.IsPrint(r) {
		p.begin(string(r), true)
	}
	return true
}

// begin edits the current row; typing replaces the value by text.
func (p *attributePane) begin(text string, typing bool) {
	r, ok := p.current()
	if !ok || p.w.covered() {
		return
	}
	if why := p.why(&r); why != "" {
		p.w.status.Announce(widgets.StatusItem{Text: why, Icon: widgets.Neutral.Icon()})
		return
	}
	switch r.Attribute.Kind {
	case config.Switch, config.Choice, config.Permission:
		p.editChoice(&r, text)
	case config.RoleName:
		p.editRole(&r, text)
	case config.List:
		p.w.askList(r.Attribute, r.Raw)
	case config.Secret:
		p.w.askPassword(r.Attribute, r.Differs)
	default:
		p.editText(&r, text, typing)
	}
}

// put shows an editor in the cell of the current row.
func (p *attributePane) put(r *presenter.Row, value func() string, control fyne.CanvasObject) {
	p.editing = editing{on: true, element: p.w.m.Selected(), attribute: r.Attribute.XML, value: value}
	p.table.Edit(p.table.Current(), colValue, control)
}

func (p *attributePane) editText(r *presenter.Row, text string, typing bool) {
	a := r.Attribute
	if !typing {
		text = r.Raw
	}
	var e *widgets.Entry
	e = widgets.NewEntry(widgets.EntryOptions{Text: text, Placeholder: a.Hint, MinWidth: 60, TakesTab: true,
		OnKey: func(ev *fyne.KeyEvent) bool {
			return a.Kind == config.Integer && step(e, a, ev.Name) || p.editorKey(ev)
		},
		OnChanged: func(now string) { p.judge(e, a, now) }, OnSubmitted: func(string) { p.endEdit(true) },
		OnLeft: p.leftEdit})
	p.put(r, func() string { return e.Text }, e)
	p.editing.text = true
	if typing {
		e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	} else {
		e.SelectAll()
	}
	p.judge(e, a, text)
}

// judge says while one types whether the value is right.
func (p *attributePane) judge(e *widgets.Entry, a *config.Attribute, now string) {
	e.SetInvalid(a.Check(now) != nil)
	p.hint.show(p.w.m.HintOf(now))
}

// step counts a number up and down with the arrow keys.
func step(e *widgets.Entry, a *config.Attribute, k fyne.KeyName) bool {
	by := map[fyne.KeyName]int{fyne.KeyUp: 1, fyne.KeyDown: -1}[k]
	n, err := strconv.Atoi(e.Text)
	if by == 0 || err != nil {
		return by != 0
	}
	e.SetText(strconv.Itoa(min(max(n+by, a.Min), a.Max)))
	e.SelectAll()
	return true
}

func (p *attributePane) editChoice(r *presenter.Row, text string) {
	var names, reasons []string
	at := -1
	for i, v := range r.Attribute.Values {
		names = append(names, sayKey(v.Name))
		reasons = append(reasons, sayKey(v.Waits))
		if v.Value == r.Raw {
			at = i
		}
	}
	values := r.Attribute.Values
	p.choose(r, text, names, reasons, at, func(i int) string { return values[i].Value })
}

// sayKey says a text key of the table.
func sayKey(k string) string { return shell.Say(phrase.Phrase{Key: k}) }

func (p *attributePane) editRole(r *presenter.Row, text string) {
	names := p.w.m.Roles()
	values := names
	if r.Attribute.Min == 0 {
		names = append([]string{lang.L("None")}, names...)
		values = append([]string{""}, values...)
	}
	at := -1
	for i, v := range values {
		if v == r.Raw {
			at = i
		}
	}
	p.choose(r, text, names, nil, at, func(i int) string { return values[i] })
}

// choose puts a list of choices into the cell and opens it; typing goes to the
// first that starts so instead.
func (p *attributePane) choose(r *presenter.Row, text string, names, reasons []string, at int, value func(int) string) {
	s := widgets.NewSelect(widgets.SelectOptions{Options: names, Reasons: reasons, Selected: at, TakesTab: true, Opens: text == "",
		OnKey: p.editorKey, OnChosen: func(int) { p.endEdit(true) }, OnLeft: p.leftEdit})
	raw := r.Raw
	p.put(r, func() string {
		if s.Selected() < 0 {
			return raw
		}
		return value(s.Selected())
	}, s)
	for _, c := range text {
		s.TypedRune(c)
	}
}

// editorKey is what the keys do that end editing.
func (p *attributePane) editorKey(ev *fyne.KeyEvent) bool {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		p.endEdit(true)
	case fyne.KeyEscape:
		p.endEdit(false)
	case fyne.KeyTab:
		if p.endEdit(true); !p.editing.on {
			p.next()
		}
	default:
		return false
	}
	return true
}

// next goes one row down, with Shift up.
func (p *attributePane) next() {
	by := 1
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0 {
		by = -1
	}
	if to := p.table.Current() + by; to >= 0 && to < len(p.w.m.Rows()) {
		p.table.Select(to)
	}
}

// stopEdit takes the editor away without a word to the presenter.
func (p *attributePane) stopEdit() {
	if p.editing.on {
		p.editing.on = false
		if p.editing.left {
			p.table.DropEdit()
		} else {
			p.table.EndEdit()
		}
	}
}

// leftEdit keeps what stands in an editor that the keyboard has left.
func (p *attributePane) leftEdit() {
	p.editing.left = true
	p.endEdit(true)
}

// endEdit takes the editor away and keeps what stands in it, or not.
func (p *attributePane) endEdit(keep bool) {
	if !p.editing.on {
		return
	}
	was := p.editing
	value := was.value()
	p.stopEdit()
	if !keep || was.element != p.w.m.Selected() {
		p.show()
		return
	}
	trouble := p.w.m.SetValue(was.attribute, value)
	p.w.trouble(trouble)
	p.show()
	if r, ok := p.current(); ok && !trouble.Empty() && !was.left && was.text && r.Attribute.XML == was.attribute {
		p.editText(&r, value, true) // what was typed is not lost
	}
}
