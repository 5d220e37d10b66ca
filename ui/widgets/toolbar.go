package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// ToolItem is a verb of a Toolbar.
type ToolItem struct {
	Text     string
	Icon     theme.IconName
	Tip      string // tooltip; the words themselves when they are hidden
	Shortcut string
	Disabled string // the reason, in one sentence; empty means enabled
	IconOnly bool   // no words even where there is room
	OnTapped func()
	Menu     func() []MenuItem // opens below instead of OnTapped
	Object   fyne.CanvasObject // stands in the bar as it is; everything else is ignored
	as       *Button
	short    bool
	hidden   bool
}

// ToolbarOptions say what a Toolbar holds.
type ToolbarOptions struct {
	Groups [][]*ToolItem       // split by lines
	Right  []fyne.CanvasObject // at the right end: search, chips
}

// Toolbar is a line of verbs, icon and word. When the window gets narrow the
// words go first, from right to left, then whole items go into a "More" menu.
type Toolbar struct {
	widget.BaseWidget
	o      ToolbarOptions
	ground *canvas.Rectangle
	line   *canvas.Rectangle
	rules  []*canvas.Rectangle
	more   *Button
	shape  []fyne.CanvasObject
}

const (
	toolEdge = 10 // before the first and after the last part
	toolGap  = 11
	toolRule = 13 // on both sides of the line between groups
)

// NewToolbar makes a toolbar.
func NewToolbar(o ToolbarOptions) *Toolbar {
	t := &Toolbar{o: o, ground: canvas.NewRectangle(color.Transparent), line: canvas.NewRectangle(color.Transparent)}
	t.more = NewIconButton(ButtonOptions{Icon: theme.IconMore, Tip: lang.L("More")})
	t.more.o.OnTapped = func() { ShowMenuBelow(t.more, t.moreItems()) }
	for i, g := range o.Groups {
		if i > 0 {
			t.rules = append(t.rules, canvas.NewRectangle(color.Transparent))
		}
		for _, it := range g {
			t.prepare(it)
		}
	}
	t.ExtendBaseWidget(t)
	return t
}

// prepare makes the button of an item.
func (t *Toolbar) prepare(it *ToolItem) {
	if it.Object != nil {
		return
	}
	b := NewButton(ButtonOptions{Text: it.Text, Icon: it.Icon, Importance: Low, Disabled: it.Disabled})
	b.plain, b.compact = true, true
	b.arrow = it.Menu != nil && !it.IconOnly
	b.hint = func() tip {
		says := tip{it.Tip, it.Shortcut}
		if says.text == "" && b.o.Text == "" {
			says.text = it.Text
		}
		if says.text == "" && says.shortcut != "" {
			says.text = it.Text
		}
		return says
	}
	b.o.OnTapped = func() {
		if it.Menu != nil {
			ShowMenuBelow(b, it.Menu())
		} else if it.OnTapped != nil {
			it.OnTapped()
		}
	}
	it.as = b
	it.shorten(it.IconOnly)
}

func (it *ToolItem) shorten(on bool) {
	it.short = on || it.IconOnly
	if it.as == nil {
		return
	}
	it.as.o.Text = it.Text
	if it.short {
		it.as.o.Text = ""
	}
}

// Button gives the button of the item, nil before it is in a Toolbar.
func (it *ToolItem) Button() *Button { return it.as }

// SetDisabled turns the item off with a reason, or on with none.
func (it *ToolItem) SetDisabled(reason string) {
	it.Disabled = reason
	if it.as != nil {
		it.as.SetDisabled(reason)
	}
}

// SetText changes words and picture, such as "Leave full screen". The toolbar
// has to be refreshed after it.
func (it *ToolItem) SetText(s string, icon theme.IconName) {
	it.Text, it.Icon = s, icon
	if it.as != nil {
		it.as.o.Icon = icon
		it.shorten(it.short && !it.IconOnly)
	}
}

func (it *ToolItem) object() fyne.CanvasObject {
	if it.Object != nil {
		return it.Object
	}
	return it.as
}

// items gives all items in order.
func (t *Toolbar) items() []*ToolItem {
	var all []*ToolItem
	for _, g := range t.o.Groups {
		all = append(all, g...)
	}
	return all
}

// moreItems makes the menu of what found no room.
func (t *Toolbar) moreItems() []MenuItem {
	var items []MenuItem
	for _, it := range t.items() {
		if !it.hidden {
			continue
		}
		m := MenuItem{Text: it.Text, Icon: it.Icon, Shortcut: it.Shortcut, Disabled: it.Disabled, OnTapped: it.OnTapped}
		if it.Menu != nil {
			m.Items = it.Menu()
		}
		items = append(items, m)
	}
	return items
}

// fit decides what is shown in a width.
func (t *Toolbar) fit(width float32) {
	items := t.items()
	for _, it := range items {
		it.hidden = false
		it.shorten(false)
	}
	for i := len(items) - 1; i >= 0 && t.need() > width; i-- {
		items[i].shorten(true)
	}
	for i := len(items) - 1; i >= 0 && t.need() > width; i-- {
		items[i].hidden = items[i].Object == nil
	}
}

// need gives the width of what is shown.
func (t *Toolbar) need() float32 {
	x, hidden := t.walk(func(fyne.CanvasObject, float32, float32) {}, func(int, float32) {})
	if hidden {
		x += toolGap + theme.IconButtonSize
	}
	return x + t.rightWidth() + toolEdge
}

func (t *Toolbar) rightWidth() float32 {
	w := float32(0)
	for _, o := range t.o.Right {
		w += up(o.MinSize().Width) + theme.ButtonGap
	}
	return w
}

// walk goes over the shown items and lines from left to right.
func (t *Toolbar) walk(item func(o fyne.CanvasObject, x, width float32), rule func(i int, x float32)) (end float32, hidden bool) {
	x, first := float32(toolEdge), true
	for i, g := range t.o.Groups {
		started := false
		for _, it := range g {
			if it.hidden {
				hidden = true
				continue
			}
			switch {
			case !started && !first:
				rule(i-1, x+toolRule)
				x += 2*toolRule + theme.LineWidth
			case started:
				x += toolGap
			}
			w := up(it.object().MinSize().Width)
			item(it.object(), x, w)
			x += w
			started, first = true, false
		}
	}
	return x, hidden
}

// CreateRenderer implements fyne.Widget.
func (t *Toolbar) CreateRenderer() fyne.WidgetRenderer {
	t.shape = []fyne.CanvasObject{t.ground, t.line}
	for _, r := range t.rules {
		t.shape = append(t.shape, r)
	}
	for _, it := range t.items() {
		t.shape = append(t.shape, it.object())
	}
	t.shape = append(append(t.shape, t.more), t.o.Right...)
	return newDrawing(t, func() fyne.Size {
		w := t.rightWidth() + 2*toolEdge + theme.IconButtonSize
		for _, it := range t.items() {
			if it.Object != nil {
				w += up(it.Object.MinSize().Width) + toolGap
			}
		}
		return fyne.NewSize(w, theme.ToolbarHeight+theme.LineWidth)
	}, t.place, func() {
		fill(t.ground, theme.Chrome)
		fill(t.line, theme.Border)
		for _, r := range t.rules {
			fill(r, theme.Border)
		}
	}, t.shape...)
}

func (t *Toolbar) place(s fyne.Size) {
	put(t.ground, 0, 0, s.Width, s.Height)
	put(t.line, 0, theme.ToolbarHeight, s.Width, theme.LineWidth)
	t.fit(s.Width)
	for _, r := range t.rules {
		show(r, false)
	}
	for _, it := range t.items() {
		show(it.object(), !it.hidden)
	}
	end, hidden := t.walk(func(o fyne.CanvasObject, x, w float32) {
		h := up(o.MinSize().Height)
		put(o, x, middle(theme.ToolbarHeight, h), w, h)
		o.Refresh()
	}, func(i int, x float32) {
		show(t.rules[i], true)
		put(t.rules[i], x, 12, theme.LineWidth, 17)
	})
	show(t.more, hidden)
	put(t.more, end+toolGap, middle(theme.ToolbarHeight, theme.IconButtonSize), theme.IconButtonSize, theme.IconButtonSize)
	x := s.Width - toolEdge
	for i := len(t.o.Right) - 1; i >= 0; i-- {
		o := t.o.Right[i]
		size := upSize(o.MinSize())
		x -= size.Width
		put(o, x, middle(theme.ToolbarHeight, size.Height), size.Width, size.Height)
		x -= theme.ButtonGap
	}
}
