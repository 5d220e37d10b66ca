package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// MenuItem is one line of a Menu.
type MenuItem struct {
	Text     string
	Shortcut string // shown at the right, such as "Alt+Enter"
	Icon     theme.IconName
	Checked  bool   // a check mark stands in the place of the icon
	Disabled string // the reason, in one sentence; empty means enabled
	OnTapped func()
	Items    []MenuItem // opens to the side
	line     bool
}

// MenuSeparator is a line between groups.
func MenuSeparator() MenuItem { return MenuItem{line: true} }

// Menu is a menu over a canvas: a context menu, or the list of a Select. It has
// the keyboard while it is open: arrows, Home, End, Enter, Esc, first letters.
type Menu struct {
	widget.BaseWidget
	canvas   fyne.Canvas
	panels   []*menuPanel // from the first to the innermost open one
	onClosed func()
	open     bool
	tipLayer *tipLayer
}

// ShowMenu opens a menu at a place of the canvas that owner stands on. It
// returns nil if owner is on no canvas or there is nothing to show.
func ShowMenu(owner fyne.CanvasObject, at fyne.Position, items []MenuItem) *Menu {
	return openMenu(owner, items, menuPlace{at: at}, nil)
}

// ShowMenuBelow opens a menu under owner.
func ShowMenuBelow(owner fyne.CanvasObject, items []MenuItem) *Menu {
	return openMenu(owner, items, below(owner), nil)
}

// menuPlace is where a menu opens.
type menuPlace struct {
	at       fyne.Position
	above    float32 // bottom edge if there is no room below; zero: at.Y
	minWidth float32
	first    int // index of the active item; -1 none
}

func below(owner fyne.CanvasObject) menuPlace {
	p := absolute(owner)
	return menuPlace{at: p.AddXY(0, owner.Size().Height+2), above: p.Y - 2}
}

func openMenu(owner fyne.CanvasObject, items []MenuItem, place menuPlace, onClosed func()) *Menu {
	tipsFor(owner).gone()
	return openMenuOn(canvasOf(owner), items, place, onClosed)
}

func openMenuOn(c fyne.Canvas, items []MenuItem, place menuPlace, onClosed func()) *Menu {
	if c == nil || len(items) == 0 {
		return nil
	}
	m := &Menu{canvas: c, onClosed: onClosed, open: true, tipLayer: newTipLayer()}
	m.ExtendBaseWidget(m)
	m.panels = []*menuPanel{newMenuPanel(m, items, 0)}
	c.Overlays().Add(m)
	m.Resize(c.Size())
	m.placeRoot(place)
	if place.first > 0 {
		m.panels[0].activate(place.first)
	} else {
		m.panels[0].step(1)
	}
	c.Focus(m)
	overlaid(c)
	return m
}

// Close closes the menu and gives the keyboard back.
func (m *Menu) Close() {
	if !m.open {
		return
	}
	m.open = false
	m.tipLayer.gone()
	m.canvas.Overlays().Remove(m)
	overlaid(m.canvas)
	if m.onClosed != nil {
		m.onClosed()
	}
}

// IsOpen tells whether the menu is still open.
func (m *Menu) IsOpen() bool { return m.open }

func (m *Menu) tips() *tipLayer { return m.tipLayer }

// placeRoot puts the first panel where it fits.
func (m *Menu) placeRoot(p menuPlace) {
	size := m.panels[0].MinSize()
	size.Width = max(size.Width, p.minWidth)
	room := m.Size()
	const edge = 4
	bottom := p.at.Y
	if p.above > 0 {
		bottom = p.above
	}
	y := p.at.Y
	if y+size.Height > room.Height-edge {
		if bottom-size.Height >= edge {
			y = bottom - size.Height
		} else {
			size.Height = min(size.Height, room.Height-2*edge)
			y = room.Height - edge - size.Height
		}
	}
	x := max(min(p.at.X, room.Width-edge-size.Width), edge)
	put(m.panels[0], up(x), up(y), size.Width, size.Height)
}

// openSide opens the items of a row beside its panel.
func (m *Menu) openSide(from *menuPanel, row *menuRow) {
	m.closeAfter(from)
	if len(row.item.Items) == 0 {
		return
	}
	p := newMenuPanel(m, row.item.Items, from.level+1)
	m.panels = append(m.panels, p)
	m.Refresh()
	size, room := p.MinSize(), m.Size()
	at := from.Position()
	x := at.X + from.Size().Width - 2
	if x+size.Width > room.Width-4 {
		x = max(at.X-size.Width+2, 4)
	}
	y := at.Y + row.Position().Y
	y = max(min(y, room.Height-4-size.Height), 4)
	put(p, x, y, size.Width, min(size.Height, room.Height-8))
}

// closeAfter closes all panels that stand inside p's rows.
func (m *Menu) closeAfter(p *menuPanel) {
	if len(m.panels) > p.level+1 {
		m.panels = m.panels[:p.level+1]
		m.Refresh()
	}
}

// choose does what a row says and closes the menu first.
func (m *Menu) choose(p *menuPanel, row *menuRow) {
	switch {
	case row.item.Disabled != "":
	case len(row.item.Items) > 0:
		m.openSide(p, row)
		m.last().step(1)
	default:
		m.Close()
		if row.item.OnTapped != nil {
			row.item.OnTapped()
		}
	}
}

func (m *Menu) last() *menuPanel { return m.panels[len(m.panels)-1] }

// Tapped implements fyne.Tappable: a click outside closes.
func (m *Menu) Tapped(*fyne.PointEvent) { m.Close() }

// TappedSecondary implements fyne.SecondaryTappable.
func (m *Menu) TappedSecondary(*fyne.PointEvent) { m.Close() }

// FocusGained implements fyne.Focusable.
func (m *Menu) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (m *Menu) FocusLost() {}

// TypedRune implements fyne.Focusable: goes to the next item with that letter.
func (m *Menu) TypedRune(r rune) { m.last().find(r) }

// AcceptsTab implements fyne.Tabbable: Tab stays in the menu.
func (m *Menu) AcceptsTab() bool { return true }

// TypedKey implements fyne.Focusable.
func (m *Menu) TypedKey(ev *fyne.KeyEvent) { m.SinkKey(ev) }

// SinkKey implements KeySink: it uses all keys while the menu is open.
func (m *Menu) SinkKey(ev *fyne.KeyEvent) bool {
	p := m.last()
	switch ev.Name {
	case fyne.KeyDown, fyne.KeyTab:
		p.step(1)
	case fyne.KeyUp:
		p.step(-1)
	case fyne.KeyHome, fyne.KeyPageUp:
		p.active = -1
		p.step(1)
	case fyne.KeyEnd, fyne.KeyPageDown:
		p.active = len(p.rows)
		p.step(-1)
	case fyne.KeyRight:
		if row := p.current(); row != nil && len(row.item.Items) > 0 {
			m.choose(p, row)
		}
	case fyne.KeyLeft:
		if p.level > 0 {
			m.closeAfter(m.panels[p.level-1])
		}
	case fyne.KeyEscape:
		if p.level > 0 {
			m.closeAfter(m.panels[p.level-1])
		} else {
			m.Close()
		}
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if row := p.current(); row != nil {
			m.choose(p, row)
		}
	}
	return true
}

// CreateRenderer implements fyne.Widget.
func (m *Menu) CreateRenderer() fyne.WidgetRenderer {
	var d *drawing
	d = newDrawing(m, func() fyne.Size { return fyne.Size{} }, func(s fyne.Size) {
		put(m.tipLayer, 0, 0, s.Width, s.Height)
	}, func() {
		if d == nil {
			return
		}
		d.objects = m.parts()
	})
	d.objects = m.parts()
	return d
}

func (m *Menu) parts() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, 0, len(m.panels)+1)
	for _, p := range m.panels {
		objects = append(objects, p)
	}
	return append(objects, m.tipLayer)
}

// scrolled puts a column of rows into a scroller.
func scrolled(rows []*menuRow) *container.Scroll {
	col := &fyne.Container{Layout: &line{vertical: true}}
	for _, r := range rows {
		col.Objects = append(col.Objects, r)
	}
	return container.NewVScroll(col)
}
