package widgets

import (
	"image/color"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// menuPanel is the card of one level of a Menu.
type menuPanel struct {
	widget.BaseWidget
	menu   *Menu
	level  int
	rows   []*menuRow
	active int // index in rows, -1 none
	icons  bool
	card   *canvas.Rectangle
	scroll *container.Scroll
}

const (
	menuEdge      = 4 // between the card's edge and the rows
	menuSepHeight = 9
)

func newMenuPanel(m *Menu, items []MenuItem, level int) *menuPanel {
	p := &menuPanel{menu: m, level: level, active: -1, card: canvas.NewRectangle(color.Transparent)}
	for _, it := range items {
		p.icons = p.icons || it.Icon != "" || it.Checked
	}
	for i, it := range items {
		p.rows = append(p.rows, newMenuRow(p, i, it))
	}
	p.scroll = scrolled(p.rows)
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer implements fyne.Widget.
func (p *menuPanel) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(p, p.min, func(s fyne.Size) {
		put(p.card, 0, 0, s.Width, s.Height)
		put(p.scroll, 1, menuEdge, s.Width-2, s.Height-2*menuEdge)
	}, func() {
		p.card.StrokeColor, p.card.StrokeWidth = theme.Color(theme.Border), theme.LineWidth
		p.card.CornerRadius = theme.PopupRadius
		p.card.Shadow = popupShadow()
		fill(p.card, theme.Raised)
	}, p.card, p.scroll)
}

func (p *menuPanel) min() fyne.Size {
	var text, keys, height float32
	for _, r := range p.rows {
		s := r.MinSize()
		height += s.Height
		text, keys = max(text, r.textWidth()), max(keys, r.keysWidth())
	}
	width := 2*12 + text
	if p.icons {
		width += theme.IconSize + 8
	}
	if keys > 0 {
		width += keys + 24
	}
	return fyne.NewSize(max(width, 120)+2, height+2*menuEdge)
}

// current gives the active row, nil if none.
func (p *menuPanel) current() *menuRow {
	if p.active < 0 || p.active >= len(p.rows) {
		return nil
	}
	return p.rows[p.active]
}

// step moves the active row up or down to the next that can be chosen, round
// the ends.
func (p *menuPanel) step(by int) {
	n := len(p.rows)
	at := p.active
	for range n {
		at += by
		switch {
		case at >= n:
			at = 0
		case at < 0:
			at = n - 1
		}
		if !p.rows[at].item.line && p.rows[at].item.Disabled == "" {
			p.activate(at)
			return
		}
	}
}

func (p *menuPanel) activate(i int) {
	old := p.current()
	p.active = i
	if old != nil {
		old.Refresh()
	}
	row := p.current()
	if row == nil {
		return
	}
	row.Refresh()
	top, bottom := row.Position().Y, row.Position().Y+row.Size().Height
	view := p.scroll.Size().Height
	switch {
	case top < p.scroll.Offset.Y:
		p.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case view > 0 && bottom > p.scroll.Offset.Y+view:
		p.scroll.ScrollToOffset(fyne.NewPos(0, bottom-view))
	}
}

// find activates the next row that starts with a letter.
func (p *menuPanel) find(r rune) {
	want := string(unicode.ToLower(r))
	for i := range p.rows {
		at := (p.active + 1 + i) % len(p.rows)
		it := p.rows[at].item
		if !it.line && it.Disabled == "" && strings.HasPrefix(strings.ToLower(it.Text), want) {
			p.activate(at)
			return
		}
	}
}

// menuRow is one line of a panel.
type menuRow struct {
	widget.BaseWidget
	panel *menuPanel
	index int
	item  MenuItem
	back  *canvas.Rectangle
	icon  *glyph
	more  *glyph
	text  *canvas.Text
	keys  *canvas.Text
}

func newMenuRow(p *menuPanel, index int, it MenuItem) *menuRow {
	r := &menuRow{panel: p, index: index, item: it, back: canvas.NewRectangle(color.Transparent), icon: newGlyph(), more: newGlyph(),
		text: canvas.NewText(it.Text, color.Transparent), keys: canvas.NewText(it.Shortcut, color.Transparent)}
	r.ExtendBaseWidget(r)
	return r
}

func (r *menuRow) textWidth() float32 {
	return textSize(r.item.Text, theme.TextSize, fyne.TextStyle{}).Width
}

func (r *menuRow) keysWidth() float32 {
	switch {
	case len(r.item.Items) > 0:
		return theme.IconSize
	case r.item.Shortcut == "":
		return 0
	}
	return textSize(r.item.Shortcut, theme.TextSize, fyne.TextStyle{}).Width
}

// CreateRenderer implements fyne.Widget.
func (r *menuRow) CreateRenderer() fyne.WidgetRenderer {
	if r.item.line {
		return newDrawing(r, func() fyne.Size { return fyne.NewSize(1, menuSepHeight) }, func(s fyne.Size) {
			put(r.back, 0, 4, s.Width, 1)
		}, func() { fill(r.back, theme.Border) }, r.back)
	}
	return newDrawing(r, func() fyne.Size { return fyne.NewSize(1, theme.MenuRowHeight) }, r.place, r.paint,
		r.back, r.icon.img, r.text, r.keys, r.more.img)
}

func (r *menuRow) place(s fyne.Size) {
	put(r.back, 3, 0, s.Width-6, s.Height)
	x := float32(11)
	put(r.icon.img, x, iconTop(s.Height, theme.IconSize), theme.IconSize, theme.IconSize)
	if r.panel.icons {
		x += theme.IconSize + 8
	}
	h := textSize("M", theme.TextSize, fyne.TextStyle{}).Height
	put(r.text, x, middle(s.Height, h), r.textWidth(), h)
	put(r.keys, s.Width-13-r.keysWidth(), middle(s.Height, h), r.keysWidth(), h)
	put(r.more.img, s.Width-12-14, middle(s.Height, 14), 14, 14)
}

func (r *menuRow) paint() {
	ink, second := theme.Text, theme.Muted
	if r.item.Disabled != "" {
		ink, second = theme.Disabled, theme.Disabled
	}
	r.back.CornerRadius = theme.SelectionRadius
	r.back.FillColor = color.Transparent
	if r.panel.active == r.index && r.item.Disabled == "" {
		r.back.FillColor = theme.Color(theme.Selection)
	}
	r.back.Refresh()
	r.text.TextSize, r.keys.TextSize = theme.TextSize, theme.TextSize
	r.text.Color, r.keys.Color = theme.Color(ink), theme.Color(second)
	r.text.Refresh()
	r.keys.Refresh()
	icon := r.item.Icon
	if r.item.Checked {
		icon = theme.IconCheck
	}
	r.icon.set(icon, ink)
	if len(r.item.Items) > 0 {
		r.more.set(theme.IconChevronRight, second)
	}
}

// MouseIn implements desktop.Hoverable.
func (r *menuRow) MouseIn(ev *desktop.MouseEvent) {
	if r.item.line {
		return
	}
	if r.item.Disabled != "" {
		tipsFor(r).rest(r, tip{text: r.item.Disabled}, ev.AbsolutePosition.X)
		return
	}
	r.panel.activate(r.index)
	r.panel.menu.openSide(r.panel, r)
}

// MouseMoved implements desktop.Hoverable.
func (r *menuRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (r *menuRow) MouseOut() { tipsFor(r).gone() }

// Tapped implements fyne.Tappable.
func (r *menuRow) Tapped(*fyne.PointEvent) {
	if !r.item.line {
		r.panel.menu.choose(r.panel, r)
	}
}
