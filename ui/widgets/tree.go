package widgets

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// TreeItem is one line of a Tree.
type TreeItem struct {
	Text   string
	Icon   theme.IconName
	Depth  int
	Branch bool // it can be opened
	Open   bool
	Dot    theme.Token // a dot after the text: a waiting change; none if empty
	Tip    string      // for the dot
}

// TreeOptions say what a Tree shows and does. The lines are the caller's: those
// that are in no closed branch, from top to bottom.
type TreeOptions struct {
	Rows     func() int
	Item     func(row int) TreeItem
	OnSelect func(row int)
	OnOpen   func(row int, open bool) // the caller changes its lines, then calls Reload
	OnAction func(row int)            // Enter
	OnMenu   func(row int) []MenuItem
	OnKey    func(ev *fyne.KeyEvent) bool // before the tree; true if used
}

// Tree shows branches of names, one of which is selected. It draws only the
// lines in view.
//
// Keys: Up, Down, Page, Home, End; Right opens and goes in, Left closes and goes
// out, letters find, Menu or Shift+F10 open the context menu.
type Tree struct {
	widget.BaseWidget
	o        TreeOptions
	selected int // -1 for none
	focused  bool
	quiet    bool
	muted    bool
	hovered  int
	search   typing
	clock    clock
	body     *treeBody
	scroll   *container.Scroll
	ground   *canvas.Rectangle
}

// treeMargin is the room above the first line and under the last.
const treeMargin = 4

// NewTree makes a tree with nothing selected. Rows and Item must be given.
func NewTree(o TreeOptions) *Tree {
	t := &Tree{o: o, selected: -1, hovered: -1, clock: wallClock(), ground: canvas.NewRectangle(color.Transparent)}
	t.body = newTreeBody(t)
	t.scroll = container.NewVScroll(t.body)
	t.scroll.OnScrolled = func(fyne.Position) { t.body.update(false) }
	t.ExtendBaseWidget(t)
	return t
}

// Reload draws the lines anew after they changed; selected is the number of the
// selected one, -1 for none. OnSelect is not called.
func (t *Tree) Reload(selected int) {
	moved := selected != t.selected
	t.selected = selected
	t.scroll.Refresh()
	t.body.update(true)
	if moved {
		t.ScrollTo(selected)
	}
}

// Selected gives the selected line, -1 for none.
func (t *Tree) Selected() int { return t.selected }

// SetMuted mutes all lines while what they show is not known to be true.
func (t *Tree) SetMuted(on bool) {
	if on != t.muted {
		t.muted = on
		t.body.update(true)
	}
}

// ScrollTo scrolls as little as is needed to show a line.
func (t *Tree) ScrollTo(row int) {
	top, view := t.body.top(row), t.scroll.Size().Height
	switch {
	case row < 0 || view <= 0:
		return
	case top < t.scroll.Offset.Y+treeMargin:
		t.scroll.ScrollToOffset(fyne.NewPos(0, max(top-treeMargin, 0)))
	case top+theme.TreeRowHeight+treeMargin > t.scroll.Offset.Y+view:
		t.scroll.ScrollToOffset(fyne.NewPos(0, top+theme.TreeRowHeight+treeMargin-view))
	}
	t.body.update(false)
}

// choose selects a line as a key or click does.
func (t *Tree) choose(row int) {
	n := t.o.Rows()
	if n == 0 {
		return
	}
	row = min(max(row, 0), n-1)
	if row != t.selected {
		t.selected = row
		t.body.update(true)
		if t.o.OnSelect != nil {
			t.o.OnSelect(row)
		}
	}
	t.ScrollTo(t.selected)
}

// open opens or closes the branch of a line.
func (t *Tree) open(row int, on bool) {
	if t.o.OnOpen != nil && row >= 0 && row < t.o.Rows() && t.o.Item(row).Branch {
		t.o.OnOpen(row, on)
	}
}

// out gives the line of the branch around a line.
func (t *Tree) out(row int) int {
	depth := t.o.Item(row).Depth
	for r := row - 1; r >= 0; r-- {
		if t.o.Item(r).Depth < depth {
			return r
		}
	}
	return row
}

// FocusGained implements fyne.Focusable.
func (t *Tree) FocusGained() {
	t.focused = true
	t.body.update(true)
}

// FocusLost implements fyne.Focusable.
func (t *Tree) FocusLost() {
	t.focused, t.quiet = false, false
	t.search.text = ""
	t.body.update(true)
}

// MouseDown implements desktop.Mouseable: a click under the last line.
func (t *Tree) MouseDown(*desktop.MouseEvent) { t.grab() }

// MouseUp implements desktop.Mouseable.
func (t *Tree) MouseUp(*desktop.MouseEvent) {}

func (t *Tree) grab() {
	tipsFor(t).gone()
	if !t.focused {
		t.quiet = true
		FocusOn(t)
	}
}

// TypedRune implements fyne.Focusable: letters typed within a second go to the
// line that starts with them.
func (t *Tree) TypedRune(r rune) {
	tipsFor(t).gone()
	now := t.clock.now()
	if now.Sub(t.search.last) > typingPause {
		t.search.text = ""
	}
	if r == ' ' && t.search.text == "" {
		return
	}
	t.search.last = now
	t.search.text += strings.ToLower(string(r))
	from, n := max(t.selected, 0), t.o.Rows()
	if len([]rune(t.search.text)) == 1 {
		from++
	}
	for i := range n {
		row := (from + i) % n
		if strings.HasPrefix(strings.ToLower(t.o.Item(row).Text), t.search.text) {
			t.choose(row)
			return
		}
	}
}

// TypedKey implements fyne.Focusable.
func (t *Tree) TypedKey(ev *fyne.KeyEvent) {
	tipsFor(t).gone()
	if t.quiet {
		t.quiet = false
		t.body.update(true)
	}
	if t.o.OnKey != nil && t.o.OnKey(ev) {
		return
	}
	if !t.travel(ev.Name) && !t.command(ev.Name) {
		PassKey(t, ev)
	}
}

func (t *Tree) travel(k fyne.KeyName) bool {
	page := max(int(t.scroll.Size().Height/theme.TreeRowHeight)-1, 1)
	to := t.selected
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
	t.choose(to)
	return true
}

func (t *Tree) command(k fyne.KeyName) bool {
	if t.selected < 0 || t.selected >= t.o.Rows() {
		return false
	}
	item := t.o.Item(t.selected)
	switch {
	case k == fyne.KeyRight && item.Branch && !item.Open:
		t.open(t.selected, true)
	case k == fyne.KeyRight && item.Branch:
		t.choose(t.selected + 1)
	case k == fyne.KeyLeft && item.Branch && item.Open:
		t.open(t.selected, false)
	case k == fyne.KeyLeft:
		t.choose(t.out(t.selected))
	case k == fyne.KeySpace && item.Branch:
		t.open(t.selected, !item.Open)
	case isEnter(k) && t.o.OnAction != nil:
		t.o.OnAction(t.selected)
	case k == desktop.KeyMenu, k == fyne.KeyF10 && modifiers()&fyne.KeyModifierShift != 0:
		t.ScrollTo(t.selected)
		t.openMenu(absolute(t).AddXY(60, t.body.top(t.selected)-t.scroll.Offset.Y+theme.TreeRowHeight))
	default:
		return false
	}
	return true
}

// TypedShortcut implements fyne.Shortcutable.
func (t *Tree) TypedShortcut(s fyne.Shortcut) { PassShortcut(t, s) }

func (t *Tree) openMenu(at fyne.Position) {
	if t.o.OnMenu != nil && t.selected >= 0 {
		ShowMenu(t, at, t.o.OnMenu(t.selected))
	}
}

// CreateRenderer implements fyne.Widget.
func (t *Tree) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(t, func() fyne.Size { return fyne.NewSize(120, 3*theme.TreeRowHeight) }, func(s fyne.Size) {
		put(t.ground, 0, 0, s.Width, s.Height)
		put(t.scroll, 0, 0, s.Width, s.Height)
		t.body.update(true)
	}, func() {
		fill(t.ground, theme.Surface)
		t.scroll.Refresh()
		t.body.update(true)
	}, t.ground, t.scroll)
}
