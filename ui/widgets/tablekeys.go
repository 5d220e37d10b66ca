package widgets

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// typing is what was typed to find a row.
type typing struct {
	text string
	last time.Time
}

// typingPause starts a new search.
const typingPause = time.Second

// FocusGained implements fyne.Focusable.
func (t *Table) FocusGained() {
	t.focused = true
	if t.current < 0 && t.o.Rows() > 0 {
		t.current = 0
		for _, r := range t.Selected() {
			t.current = r
			break
		}
		t.anchor = t.current
		t.note()
	}
	t.body.update(true)
}

// FocusLost implements fyne.Focusable.
func (t *Table) FocusLost() {
	t.focused, t.quiet = false, false
	t.search.text = ""
	t.body.update(true)
}

// grab takes the focus for a click.
func (t *Table) grab() {
	tipsFor(t).gone()
	if !t.focused {
		FocusOn(t)
	}
}

// MouseDown implements desktop.Mouseable: a click under the last row.
func (t *Table) MouseDown(*desktop.MouseEvent) { t.grab() }

// MouseUp implements desktop.Mouseable.
func (t *Table) MouseUp(*desktop.MouseEvent) {}

// TypedRune implements fyne.Focusable: letters typed within a second go to the
// row that starts with them.
func (t *Table) TypedRune(r rune) {
	tipsFor(t).gone()
	if t.o.OnRune != nil && t.o.OnRune(t.current, r) {
		return
	}
	now := t.clock.now()
	if now.Sub(t.search.last) > typingPause {
		t.search.text = ""
	}
	if r == ' ' && t.search.text == "" {
		return
	}
	t.search.last = now
	t.search.text += strings.ToLower(string(r))
	t.find()
}

// find goes to the next row that starts with what was typed, from the current
// one on; a single letter typed again goes on to the next.
func (t *Table) find() {
	n, want := t.o.Rows(), t.search.text
	from := max(t.current, 0)
	if strings.Trim(want, want[:1]) == "" && len(want) > 1 {
		want = want[:1]
	}
	if len(want) == 1 {
		from++
	}
	for i := range n {
		row := (from + i) % n
		if strings.HasPrefix(strings.ToLower(t.o.Cell(row, t.o.FindColumn).Text), want) {
			t.moveTo(row, false)
			return
		}
	}
}

// TypedKey implements fyne.Focusable.
func (t *Table) TypedKey(ev *fyne.KeyEvent) {
	tipsFor(t).gone()
	if t.quiet {
		t.quiet = false
		t.body.update(true)
	}
	if t.o.OnKey != nil && t.o.OnKey(ev) {
		return
	}
	mod := modifiers()
	if !t.travel(ev.Name, mod&fyne.KeyModifierShift != 0) && !t.command(ev.Name, mod) {
		PassKey(t, ev)
	}
}

// travel moves the current row; it returns whether the key does that.
func (t *Table) travel(k fyne.KeyName, extend bool) bool {
	page := max(int(t.scroll.Size().Height/t.o.RowHeight)-1, 1)
	to := t.current
	switch k {
	case fyne.KeyUp:
		to--
	case fyne.KeyDown:
		to++
	case fyne.KeyPageUp:
		to -= page
	case fyne.KeyPageDown:
		to += page
	case fyne.KeyHome:
		to = 0
	case fyne.KeyEnd:
		to = t.o.Rows() - 1
	default:
		return false
	}
	t.moveTo(to, extend)
	return true
}

// command does what the other keys do; it returns whether there is anything.
func (t *Table) command(k fyne.KeyName, mod fyne.KeyModifier) bool {
	switch {
	case isEnter(k):
		return t.act(t.current)
	case k == fyne.KeySpace && t.current >= 0:
		if t.o.Multi && mod&fyne.KeyModifierControl != 0 {
			t.toggle(t.current)
		} else if !t.selected[t.current] {
			t.moveTo(t.current, false)
		}
		return true
	case k == desktop.KeyMenu, k == fyne.KeyF10 && mod&fyne.KeyModifierShift != 0:
		return t.openMenuByKey()
	}
	return false
}

// TypedShortcut implements fyne.Shortcutable: Ctrl+A and Ctrl+Space; the rest
// goes to the canvas.
func (t *Table) TypedShortcut(s fyne.Shortcut) {
	switch c := s.(type) {
	case *fyne.ShortcutSelectAll:
		t.SelectAll()
		return
	case *desktop.CustomShortcut:
		if c.KeyName == fyne.KeySpace && c.Modifier == fyne.KeyModifierControl && t.o.Multi && t.current >= 0 {
			t.toggle(t.current)
			return
		}
	}
	PassShortcut(t, s)
}

// act does the default action of a row.
func (t *Table) act(row int) bool {
	if row < 0 || row >= t.o.Rows() || t.o.OnAction == nil {
		return false
	}
	t.o.OnAction(row)
	return true
}

// sortBy asks for the rows in the order of a column, the other way round when
// they are in it already.
func (t *Table) sortBy(col int) {
	if col < 0 || !t.o.Columns[col].Sortable || t.o.OnSort == nil {
		return
	}
	descending := col == t.o.Sorted && !t.o.Descending
	t.SetSorted(col, descending)
	t.o.OnSort(col, descending)
}

// hover shows the row under the pointer.
func (t *Table) hover(row int) {
	if row == t.hovered {
		return
	}
	old := t.body.row(t.hovered)
	t.hovered = row
	if old != nil {
		old.Refresh()
	}
	if r := t.body.row(row); r != nil {
		r.Refresh()
	}
}

// openMenu opens the context menu of the selection.
func (t *Table) openMenu(at fyne.Position) {
	if t.o.OnMenu == nil || len(t.selected) == 0 {
		return
	}
	ShowMenu(t, at, t.o.OnMenu(t.Selected()))
}

// openMenuByKey opens it beside the current row.
func (t *Table) openMenuByKey() bool {
	if t.o.OnMenu == nil || t.current < 0 {
		return false
	}
	if !t.selected[t.current] {
		t.moveTo(t.current, false)
	}
	t.ScrollTo(t.current)
	y := float32(t.current+1)*t.o.RowHeight - t.scroll.Offset.Y + t.headHeight()
	t.openMenu(absolute(t).AddXY(40, y))
	return true
}
