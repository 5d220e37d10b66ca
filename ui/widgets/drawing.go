package widgets

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"impero/ui/theme"
)

// drawing is the renderer of all widgets here: objects, and what to do with
// them. paint sets colours and contents, place sets positions; both may run at
// any time after creation.
type drawing struct {
	owner   fyne.Widget
	objects []fyne.CanvasObject
	min     func() fyne.Size
	place   func(fyne.Size)
	paint   func()
}

// Layout implements fyne.WidgetRenderer.
func (d *drawing) Layout(s fyne.Size) { d.place(s) }

// MinSize implements fyne.WidgetRenderer.
func (d *drawing) MinSize() fyne.Size { return upSize(d.min()) }

// Refresh implements fyne.WidgetRenderer.
func (d *drawing) Refresh() {
	d.paint()
	d.place(d.owner.Size())
	canvas.Refresh(d.owner)
}

// Objects implements fyne.WidgetRenderer.
func (d *drawing) Objects() []fyne.CanvasObject { return d.objects }

// Destroy implements fyne.WidgetRenderer.
func (d *drawing) Destroy() {}

// newDrawing makes the renderer and paints it once.
func newDrawing(owner fyne.Widget, min func() fyne.Size, place func(fyne.Size), paint func(), objects ...fyne.CanvasObject) *drawing {
	d := &drawing{owner: owner, objects: objects, min: min, place: place, paint: paint}
	paint()
	return d
}

// up rounds up to a whole unit; a hair above one, as sums of fractions give,
// does not count.
func up(v float32) float32 { return float32(math.Ceil(float64(v) - 0.001)) }

func upSize(s fyne.Size) fyne.Size { return fyne.NewSize(up(s.Width), up(s.Height)) }

// middle is where a part of the given length starts to stand in the middle of
// a room, on a whole unit.
func middle(room, length float32) float32 {
	return float32(math.Floor(float64(room-length)/2 + 0.001))
}

// iconTop is where an icon beside a text starts, so that it stands in the
// middle of the letters, which are a little lower than the middle of the line.
func iconTop(room, edge float32) float32 { return middle(room+2, edge) }

// put moves and resizes in one go.
func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

// fill gives a rectangle its colour from a token.
func fill(r *canvas.Rectangle, t theme.Token) {
	r.FillColor = theme.Color(t)
	r.Refresh()
}

// show sets the visibility without a repaint when nothing changes.
func show(o fyne.CanvasObject, visible bool) {
	switch {
	case visible && !o.Visible():
		o.Show()
	case !visible && o.Visible():
		o.Hide()
	}
}

// canvasOf gives the canvas an object is drawn on, nil if none.
func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(o)
}

// absolute gives the place of an object on its canvas.
func absolute(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
}

// FocusOn gives the keyboard to a widget. It does nothing for one that is not
// on a canvas, which with a real driver it is once it was drawn: the first focus
// of a window is FrameOptions.Focus.
func FocusOn(f fyne.Focusable) {
	o, ok := f.(fyne.CanvasObject)
	if !ok {
		return
	}
	if c := canvasOf(o); c != nil {
		c.Focus(f)
	}
}
