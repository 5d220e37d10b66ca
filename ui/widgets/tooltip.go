package widgets

import (
	"image/color"

	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// tipDelay is how long the pointer rests before a tooltip appears.
const tipDelay = 600 * time.Millisecond

// tip is what a tooltip says.
type tip struct{ text, shortcut string }

// tipHost is a surface that has a layer for tooltips.
type tipHost interface{ tips() *tipLayer }

// tipsFor gives the layer of the surface an object stands in, nil if none.
func tipsFor(o fyne.CanvasObject) *tipLayer {
	if h, ok := surfaceOf(canvasOf(o)).(tipHost); ok {
		return h.tips()
	}
	return nil
}

// tipLayer draws one tooltip over everything in its surface. It covers the
// surface, takes no events and no room.
type tipLayer struct {
	widget.BaseWidget
	clock clock
	stop  func() // of the running delay, nil if none
	// changed hears that the box has appeared or gone; nil is not called.
	changed func()
	owner   fyne.CanvasObject // what the tooltip is about, nil if none
	at      float32           // x of the pointer on the canvas
	says    tip
	ground  *canvas.Rectangle
	lines   []*canvas.Text
	key     *canvas.Text
	box     *fyne.Container
}

func newTipLayer() *tipLayer {
	t := &tipLayer{clock: wallClock(), ground: canvas.NewRectangle(color.Transparent), key: canvas.NewText("", color.Transparent), box: &fyne.Container{Hidden: true}}
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer implements fyne.Widget.
func (t *tipLayer) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(t, func() fyne.Size { return fyne.Size{} }, func(fyne.Size) {}, t.paint, t.box)
}

func (t *tipLayer) paint() {
	t.ground.FillColor = theme.Color(theme.Raised)
	t.ground.StrokeColor = theme.Color(theme.Border)
	t.ground.StrokeWidth = theme.LineWidth
	t.ground.CornerRadius = theme.ControlRadius
	t.ground.Shadow = popupShadow()
	for _, l := range t.lines {
		l.Color = theme.Color(theme.Text)
	}
	t.key.Color = theme.Color(theme.Muted)
	canvas.Refresh(t.box)
}

// rest is called when the pointer comes to owner: after the delay the tooltip
// appears. An empty text shows nothing.
func (t *tipLayer) rest(owner fyne.CanvasObject, says tip, x float32) {
	if t == nil {
		return
	}
	t.gone()
	if says.text == "" {
		return
	}
	t.owner, t.says, t.at = owner, says, x
	t.stop = t.clock.after(tipDelay, t.appear)
}

// gone hides the tooltip and forgets one that is waiting.
func (t *tipLayer) gone() {
	if t == nil {
		return
	}
	if t.stop != nil {
		t.stop()
	}
	t.stop, t.owner = nil, nil
	if t.box.Visible() {
		show(t.box, false)
		t.tell()
	}
}

func (t *tipLayer) tell() {
	if t.changed != nil {
		t.changed()
	}
}

func (t *tipLayer) appear() {
	if t.owner == nil || canvasOf(t.owner) == nil {
		return
	}
	t.build()
	t.paint()
	width, height := t.measure()
	origin := absolute(t)
	place := absolute(t.owner).Subtract(origin)
	x := min(max(t.at-origin.X-width/2, 4), max(t.Size().Width-width-4, 4))
	y := place.Y + t.owner.Size().Height + 6
	if y+height > t.Size().Height-4 {
		y = place.Y - height - 6
	}
	put(t.box, up(x), up(max(y, 4)), width, height)
	show(t.box, true)
	canvas.Refresh(t)
	t.tell()
}

// build makes the texts of the box, wrapped.
func (t *tipLayer) build() {
	t.lines = t.lines[:0]
	t.box.Objects = []fyne.CanvasObject{t.ground}
	for _, s := range breakLines(t.says.text, columnsWidth(theme.TooltipColumns), theme.WrapColumns, theme.LabelSize, fyne.TextStyle{}) {
		l := canvas.NewText(s, nil)
		l.TextSize = theme.LabelSize
		t.lines = append(t.lines, l)
		t.box.Objects = append(t.box.Objects, l)
	}
	t.key.Text, t.key.TextSize = t.says.shortcut, theme.LabelSize
	t.box.Objects = append(t.box.Objects, t.key)
}

// measure places the texts and gives the size of the box.
func (t *tipLayer) measure() (width, height float32) {
	const side, top = 8, 3
	y := float32(top)
	for _, l := range t.lines {
		s := upSize(l.MinSize())
		put(l, side, y, s.Width, s.Height)
		width, y = max(width, s.Width), y+s.Height
	}
	if t.says.shortcut != "" {
		last := t.lines[len(t.lines)-1]
		s := upSize(t.key.MinSize())
		x := side + last.Size().Width + 10
		put(t.key, x, last.Position().Y, s.Width, s.Height)
		width = max(width, x+s.Width-side)
	}
	put(t.ground, 0, 0, width+2*side, y+top)
	return width + 2*side, y + top
}

// visible tells what the tooltip says now, empty if it is hidden.
func (t *tipLayer) visible() string {
	if !t.box.Visible() {
		return ""
	}
	return strings.TrimSpace(t.says.text + " " + t.says.shortcut)
}

// popupShadow is the shadow of menus, tooltips and dialogs.
func popupShadow() canvas.Shadow {
	return canvas.Shadow{Color: theme.Color(theme.Shadow), BlurRadius: 6, Offset: fyne.NewPos(0, 2)}
}

// tipArea is an invisible area with a tooltip of its own, for drawings that do
// not listen to the pointer themselves.
type tipArea struct {
	widget.BaseWidget
	says func() tip
}

func newTipArea(says func() tip) *tipArea {
	a := &tipArea{says: says}
	a.ExtendBaseWidget(a)
	return a
}

// CreateRenderer implements fyne.Widget.
func (a *tipArea) CreateRenderer() fyne.WidgetRenderer {
	nothing := func() {}
	return newDrawing(a, func() fyne.Size { return fyne.Size{} }, func(fyne.Size) {}, nothing)
}

// MouseIn implements desktop.Hoverable.
func (a *tipArea) MouseIn(ev *desktop.MouseEvent) {
	tipsFor(a).rest(a, a.says(), ev.AbsolutePosition.X)
}

// MouseMoved implements desktop.Hoverable.
func (a *tipArea) MouseMoved(ev *desktop.MouseEvent) {
	tipsFor(a).rest(a, a.says(), ev.AbsolutePosition.X)
}

// MouseOut implements desktop.Hoverable.
func (a *tipArea) MouseOut() { tipsFor(a).gone() }
