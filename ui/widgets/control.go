package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// control is what buttons, boxes and choices have in common: focus, hover,
// press, being disabled with a reason, and a tooltip.
type control struct {
	widget.BaseWidget
	self     fyne.Widget
	focused  bool
	hovered  bool
	pressed  bool
	quiet    bool // the focus came by a click: no ring until a key is used
	disabled bool
	reason   string
	hint     func() tip // the tooltip while enabled
}

// bind ties the control to the widget that embeds it.
func (c *control) bind(self interface {
	fyne.Widget
	fyne.Focusable
}) {
	c.self = self
	c.ExtendBaseWidget(self)
}

// SetDisabled turns the widget off and says why in one sentence, which becomes
// its tooltip; an empty reason turns it on.
func (c *control) SetDisabled(reason string) {
	if reason == c.reason && c.disabled == (reason != "") {
		return
	}
	c.reason, c.disabled = reason, reason != ""
	c.pressed = false
	c.Refresh()
}

// Disabled implements fyne.Disableable.
func (c *control) Disabled() bool { return c.disabled }

// Enable implements fyne.Disableable.
func (c *control) Enable() { c.SetDisabled("") }

// Disable implements fyne.Disableable. SetDisabled is better: it says why.
func (c *control) Disable() {
	c.disabled = true
	c.Refresh()
}

// FocusGained implements fyne.Focusable.
func (c *control) FocusGained() {
	c.focused = true
	c.Refresh()
}

// FocusLost implements fyne.Focusable.
func (c *control) FocusLost() {
	c.focused, c.pressed, c.quiet = false, false, false
	c.Refresh()
}

// TypedRune implements fyne.Focusable.
func (c *control) TypedRune(rune) {}

// key is called at the start of each TypedKey.
func (c *control) key() {
	c.object(func(o fyne.CanvasObject) { tipsFor(o).gone() })
	if c.quiet {
		c.quiet = false
		c.Refresh()
	}
}

func (c *control) object(f func(fyne.CanvasObject)) {
	if o, ok := c.self.(fyne.CanvasObject); ok {
		f(o)
	}
}

// ring tells whether the focus is to be shown.
func (c *control) ring() bool { return c.focused && !c.quiet && !c.disabled }

// says is the tooltip of the moment.
func (c *control) says() tip {
	if c.disabled {
		return tip{text: c.reason}
	}
	if c.hint == nil {
		return tip{}
	}
	return c.hint()
}

// MouseIn implements desktop.Hoverable.
func (c *control) MouseIn(ev *desktop.MouseEvent) {
	c.hovered = true
	c.Refresh()
	c.object(func(o fyne.CanvasObject) { tipsFor(o).rest(o, c.says(), absolute(o).X+o.Size().Width/2) })
}

// MouseMoved implements desktop.Hoverable.
func (c *control) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *control) MouseOut() {
	c.hovered, c.pressed = false, false
	c.Refresh()
	c.object(func(o fyne.CanvasObject) { tipsFor(o).gone() })
}

// press is called by MouseDown of widgets that a click gives the focus.
func (c *control) press() {
	c.object(func(o fyne.CanvasObject) { tipsFor(o).gone() })
	if c.disabled {
		return
	}
	c.pressed = true
	if !c.focused {
		c.quiet = true
		if f, ok := c.self.(fyne.Focusable); ok {
			FocusOn(f)
		}
	}
	c.Refresh()
}

// release is called by MouseUp.
func (c *control) release() {
	if c.pressed {
		c.pressed = false
		c.Refresh()
	}
}

// veil paints what hover and press put over a ground.
func (c *control) veil(r *canvas.Rectangle) {
	r.FillColor = color.Transparent
	switch {
	case c.disabled:
	case c.pressed:
		r.FillColor = theme.Color(theme.Pressed)
	case c.hovered:
		r.FillColor = theme.Color(theme.Hover)
	}
	r.Refresh()
}

// ringRect makes the rectangle of a focus ring.
func ringRect() *canvas.Rectangle {
	r := canvas.NewRectangle(color.Transparent)
	r.StrokeWidth = theme.RingWidth
	return r
}

// drawRing shows or hides a ring in the colour of a token.
func drawRing(r *canvas.Rectangle, visible bool, t theme.Token, radius float32) {
	r.StrokeColor = theme.Color(t)
	r.CornerRadius = radius
	show(r, visible)
	r.Refresh()
}
