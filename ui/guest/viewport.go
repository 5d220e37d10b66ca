package guest

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"impero/ui/remote"
)

// barWidth is how thick the theme makes a scroll bar under the pointer, in units.
const barWidth = 10

// viewport is the room for the picture. A picture larger than the room is
// scrolled, by bars beside it: they cover no pixel of the Host, and the wheel
// over them is theirs and not the Host's.
type viewport struct {
	root    fyne.CanvasObject
	screen  *remote.Screen
	scroll  *container.Scroll
	content *fyne.Container
	stack   *fyne.Container
	right   *wheelStrip // over the bar at the right edge
	bottom  *wheelStrip
	free    *canvas.Rectangle // where the picture is seen: all but the bars
}

func newViewport(screen *remote.Screen) *viewport {
	p := &viewport{screen: screen}
	p.content = container.New((*besideBars)(p), screen)
	p.scroll = container.NewScroll(p.content)
	p.scroll.OnScrolled = func(fyne.Position) { screen.Arrange() }
	p.right = newWheelStrip(p.scroll.Scrolled)
	p.bottom = newWheelStrip(func(ev *fyne.ScrollEvent) {
		across := *ev // a wheel turns up and down, the bar goes left and right
		across.Scrolled = fyne.NewDelta(ev.Scrolled.DX+ev.Scrolled.DY, 0)
		p.scroll.Scrolled(&across)
	})
	p.free = canvas.NewRectangle(color.Transparent)
	p.stack = container.New((*overBars)(p), p.scroll, p.free, p.right, p.bottom)
	p.root = container.NewThemeOverride(p.stack, clear{fyne.CurrentApp().Settings().Theme()})
	return p
}

// refresh follows another size of the picture.
func (p *viewport) refresh() {
	p.content.Refresh()
	p.scroll.Refresh()
	p.stack.Refresh()
}

// bars is the room that the bars take at the right and at the bottom, 0 where
// there is none.
func (p *viewport) bars() (right, bottom float32) {
	room, least := p.scroll.Size(), p.screen.MinSize()
	if least.Height > room.Height {
		right = barWidth
	}
	if least.Width+right > room.Width {
		bottom = barWidth
	}
	if bottom > 0 && least.Height+bottom > room.Height {
		right = barWidth
	}
	return right, bottom
}

// onBar tells whether a place of the canvas is on a bar.
func (p *viewport) onBar(at fyne.Position) bool {
	at = at.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(p.scroll))
	room := p.scroll.Size()
	right, bottom := p.bars()
	return at.X >= 0 && at.Y >= 0 && at.X < room.Width && at.Y < room.Height &&
		(at.X >= room.Width-right || at.Y >= room.Height-bottom)
}

// besideBars is the layout of what is scrolled: the picture, and room for the
// bars at its end.
type besideBars viewport

func (l *besideBars) MinSize([]fyne.CanvasObject) fyne.Size {
	right, bottom := (*viewport)(l).bars()
	return l.screen.MinSize().AddWidthHeight(right, bottom)
}

func (l *besideBars) Layout(_ []fyne.CanvasObject, room fyne.Size) {
	right, bottom := (*viewport)(l).bars()
	l.screen.Resize(room.SubtractWidthHeight(right, bottom))
}

// overBars is the layout of the room: the strips lie where the bars are.
type overBars viewport

func (l *overBars) MinSize([]fyne.CanvasObject) fyne.Size { return l.scroll.MinSize() }

func (l *overBars) Layout(_ []fyne.CanvasObject, room fyne.Size) {
	l.scroll.Resize(room)
	right, bottom := (*viewport)(l).bars()
	l.right.Move(fyne.NewPos(room.Width-right, 0))
	l.right.Resize(fyne.NewSize(right, room.Height))
	l.bottom.Move(fyne.NewPos(0, room.Height-bottom))
	l.bottom.Resize(fyne.NewSize(room.Width, bottom))
	l.free.Resize(room.SubtractWidthHeight(right, bottom))
}

// wheelStrip takes the wheel over a bar, which Fyne would give to what lies
// below: the picture, and so the Host. It takes nothing else and shows nothing.
type wheelStrip struct {
	widget.BaseWidget
	wheel func(*fyne.ScrollEvent)
}

func newWheelStrip(wheel func(*fyne.ScrollEvent)) *wheelStrip {
	s := &wheelStrip{wheel: wheel}
	s.ExtendBaseWidget(s)
	return s
}

// Scrolled implements fyne.Scrollable.
func (s *wheelStrip) Scrolled(ev *fyne.ScrollEvent) { s.wheel(ev) }

// CreateRenderer implements fyne.Widget.
func (s *wheelStrip) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}

// clear is a theme without shadows, which would darken the edges of the picture,
// and with scroll bars that can be seen on the stage, which is dark always.
type clear struct{ fyne.Theme }

// Color implements fyne.Theme.
func (c clear) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch n {
	case fynetheme.ColorNameShadow:
		return color.Transparent
	case fynetheme.ColorNameScrollBar:
		v = fynetheme.VariantDark
	}
	return c.Theme.Color(n, v)
}
