package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// TabStripOptions say what a TabStrip offers.
type TabStripOptions struct {
	Tabs      []string
	Selected  int
	OnChanged func(index int)
}

// TabStrip is a line of tabs. Left, Right, Home and End change the tab while one
// has the focus; the strip is one stop of the Tab key.
type TabStrip struct {
	widget.BaseWidget
	o      TabStripOptions
	tabs   []*tab
	ground *canvas.Rectangle
	line   *canvas.Rectangle
}

// NewTabStrip makes a strip.
func NewTabStrip(o TabStripOptions) *TabStrip {
	t := &TabStrip{o: o, ground: canvas.NewRectangle(color.Transparent), line: canvas.NewRectangle(color.Transparent)}
	for i, name := range o.Tabs {
		t.tabs = append(t.tabs, newTab(t, i, name))
	}
	t.ExtendBaseWidget(t)
	return t
}

// Selected gives the index of the active tab.
func (t *TabStrip) Selected() int { return t.o.Selected }

// Select makes a tab active and calls back if it was not; an index out of range
// does nothing.
func (t *TabStrip) Select(index int) {
	if index < 0 || index >= len(t.tabs) || index == t.o.Selected {
		return
	}
	hadFocus := t.tabs[t.o.Selected].focused
	t.o.Selected = index
	t.Refresh()
	if hadFocus {
		FocusOn(t.tabs[index])
	}
	if t.o.OnChanged != nil {
		t.o.OnChanged(index)
	}
}

// SetText changes the words of a tab, such as a count.
func (t *TabStrip) SetText(index int, s string) {
	if t.tabs[index].name != s {
		t.tabs[index].name = s
		t.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (t *TabStrip) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{t.ground, t.line}
	for _, b := range t.tabs {
		objects = append(objects, b)
	}
	return newDrawing(t, func() fyne.Size {
		w := float32(4)
		for _, b := range t.tabs {
			w += b.MinSize().Width
		}
		return fyne.NewSize(w, theme.TabStripHeight+theme.LineWidth)
	}, func(s fyne.Size) {
		put(t.ground, 0, 0, s.Width, s.Height)
		put(t.line, 0, s.Height-1, s.Width, 1)
		x := float32(2)
		for _, b := range t.tabs {
			w := up(b.MinSize().Width)
			put(b, x, 0, w, s.Height)
			x += w
		}
	}, func() {
		fill(t.ground, theme.Chrome)
		fill(t.line, theme.Border)
		for _, b := range t.tabs {
			b.Refresh()
		}
	}, objects...)
}

// tab is one tab of a strip.
type tab struct {
	control
	strip *TabStrip
	index int
	name  string
	over  *canvas.Rectangle
	mark  *canvas.Rectangle
	focus *canvas.Rectangle
	text  *canvas.Text
}

func newTab(t *TabStrip, index int, name string) *tab {
	b := &tab{strip: t, index: index, name: name, over: canvas.NewRectangle(color.Transparent),
		mark: canvas.NewRectangle(color.Transparent), focus: ringRect(), text: canvas.NewText("", color.Transparent)}
	b.bind(b)
	return b
}

func (b *tab) active() bool { return b.strip.o.Selected == b.index }

// Disabled implements fyne.Disableable: only the active tab is a stop of the
// Tab key.
func (b *tab) Disabled() bool { return !b.active() }

// Tapped implements fyne.Tappable.
func (b *tab) Tapped(*fyne.PointEvent) { b.strip.Select(b.index) }

// TypedKey implements fyne.Focusable.
func (b *tab) TypedKey(ev *fyne.KeyEvent) {
	b.key()
	switch ev.Name {
	case fyne.KeyLeft:
		b.strip.Select(b.index - 1)
	case fyne.KeyRight:
		b.strip.Select(b.index + 1)
	case fyne.KeyHome:
		b.strip.Select(0)
	case fyne.KeyEnd:
		b.strip.Select(len(b.strip.tabs) - 1)
	default:
		PassKey(b, ev)
	}
}

// Cursor implements desktop.Cursorable.
func (b *tab) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// CreateRenderer implements fyne.Widget.
func (b *tab) CreateRenderer() fyne.WidgetRenderer {
	bold := fyne.TextStyle{Bold: true}
	return newDrawing(b, func() fyne.Size { // as wide as when active, so that nothing moves
		return fyne.NewSize(textSize(b.name, theme.TextSize, bold).Width+28, theme.TabStripHeight)
	}, func(s fyne.Size) {
		put(b.over, 2, 3, s.Width-4, s.Height-7)
		put(b.mark, 0, s.Height-theme.RingWidth, s.Width, theme.RingWidth)
		put(b.focus, 3, 4, s.Width-6, s.Height-10)
		t := textSize(b.name, theme.TextSize, b.style())
		put(b.text, middle(s.Width, t.Width), middle(s.Height-1, t.Height), t.Width, t.Height)
	}, func() {
		ink := theme.Muted
		if b.active() {
			ink = theme.Text
		}
		b.over.CornerRadius = theme.ControlRadius
		b.over.FillColor = color.Transparent
		if b.hovered && !b.active() {
			b.over.FillColor = theme.Color(theme.Hover)
		}
		b.over.Refresh()
		fill(b.mark, theme.Accent)
		show(b.mark, b.active())
		drawRing(b.focus, b.focused && !b.quiet, theme.Accent, theme.ControlRadius)
		b.text.Text, b.text.TextSize, b.text.TextStyle = b.name, theme.TextSize, b.style()
		b.text.Color = theme.Color(ink)
		b.text.Refresh()
	}, b.over, b.mark, b.text, b.focus)
}

func (b *tab) style() fyne.TextStyle { return fyne.TextStyle{Bold: b.active()} }
