package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"impero/ui/theme"
)

// CheckOptions say what a Check shows and does.
type CheckOptions struct {
	Text      string
	Checked   bool
	Tip       string
	Disabled  string // the reason, in one sentence; empty means enabled
	OnChanged func(bool)
}

// Check is a box that is ticked or not, with its words. Space and a click
// change it; Enter goes to the surface.
type Check struct {
	control
	o     CheckOptions
	box   *canvas.Rectangle
	over  *canvas.Rectangle
	focus *canvas.Rectangle
	tick  *glyph
	text  *canvas.Text
}

const checkBox = 14

// NewCheck makes a check box.
func NewCheck(o CheckOptions) *Check {
	c := &Check{o: o, box: canvas.NewRectangle(color.Transparent), over: canvas.NewRectangle(color.Transparent),
		focus: ringRect(), tick: newGlyph(), text: canvas.NewText("", color.Transparent)}
	c.reason, c.disabled = o.Disabled, o.Disabled != ""
	c.hint = func() tip { return tip{text: c.o.Tip} }
	c.bind(c)
	return c
}

// Checked tells whether the box is ticked.
func (c *Check) Checked() bool { return c.o.Checked }

// SetChecked ticks or clears the box, without a callback.
func (c *Check) SetChecked(on bool) {
	if on != c.o.Checked {
		c.o.Checked = on
		c.Refresh()
	}
}

func (c *Check) toggle() {
	if c.disabled {
		return
	}
	c.SetChecked(!c.o.Checked)
	if c.o.OnChanged != nil {
		c.o.OnChanged(c.o.Checked)
	}
}

// Tapped implements fyne.Tappable.
func (c *Check) Tapped(*fyne.PointEvent) { c.toggle() }

// MouseDown implements desktop.Mouseable.
func (c *Check) MouseDown(*desktop.MouseEvent) { c.press() }

// MouseUp implements desktop.Mouseable.
func (c *Check) MouseUp(*desktop.MouseEvent) { c.release() }

// TypedKey implements fyne.Focusable.
func (c *Check) TypedKey(ev *fyne.KeyEvent) {
	c.key()
	if ev.Name == fyne.KeySpace {
		if !guarded(c) {
			c.toggle()
		}
		return
	}
	PassKey(c, ev)
}

// CreateRenderer implements fyne.Widget.
func (c *Check) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(c, func() fyne.Size {
		t := textSize(c.o.Text, theme.TextSize, fyne.TextStyle{})
		return fyne.NewSize(checkBox+6+t.Width, max(t.Height, checkBox)+4)
	}, func(s fyne.Size) {
		y := middle(s.Height, checkBox)
		put(c.box, 0, y, checkBox, checkBox)
		put(c.over, 0, y, checkBox, checkBox)
		put(c.focus, -3, y-3, checkBox+6, checkBox+6)
		put(c.tick.img, 1, y+1, checkBox-2, checkBox-2)
		t := textSize(c.o.Text, theme.TextSize, fyne.TextStyle{})
		put(c.text, checkBox+6, middle(s.Height, t.Height), t.Width, t.Height)
	}, c.paint, c.box, c.over, c.tick.img, c.text, c.focus)
}

func (c *Check) paint() {
	ink, back, edge, mark := theme.Text, theme.Surface, theme.InputBorder, theme.OnAccent
	if c.o.Checked {
		back, edge = theme.Accent, theme.Accent
	}
	if c.disabled {
		ink, back, edge, mark = theme.Disabled, theme.DisabledButton, theme.Border, theme.Disabled
	}
	c.box.StrokeColor, c.box.StrokeWidth, c.box.CornerRadius = theme.Color(edge), theme.LineWidth, theme.SelectionRadius
	fill(c.box, back)
	c.over.CornerRadius = theme.SelectionRadius
	c.veil(c.over)
	drawRing(c.focus, c.ring(), theme.Accent, theme.ControlRadius)
	name := theme.IconName("")
	if c.o.Checked {
		name = theme.IconCheck
	}
	c.tick.set(name, mark)
	c.text.Text, c.text.TextSize, c.text.Color = c.o.Text, theme.TextSize, theme.Color(ink)
	c.text.Refresh()
}
