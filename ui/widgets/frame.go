package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// FrameOptions say what a window holds. Parts that are nil take no room.
type FrameOptions struct {
	MinSize fyne.Size // the promised smallest size of the window's content
	// Room is the most that the monitor has for the window, zero where that is not
	// known: the promise is not kept beyond it. Nil knows of none.
	Room    func() fyne.Size
	HasMenu bool // a main menu stands above: a line parts them
	Toolbar fyne.CanvasObject
	Tabs    fyne.CanvasObject
	Banner  fyne.CanvasObject
	Content fyne.CanvasObject
	Status  fyne.CanvasObject
	Ground  theme.Token    // behind the content; Surface if empty
	Focus   fyne.Focusable // has the keyboard first
	// OnKey gets every key no widget used; it returns whether it used it.
	OnKey func(*fyne.KeyEvent) bool
	// OnOverlay hears whether a menu or dialog lies over the window now.
	OnOverlay func(bool)
	// OnTip hears that Tip has appeared or gone.
	OnTip func()
}

// Frame is the root of a window: its parts from top to bottom, the smallest
// size, the sink of unused keys and the layer of the tooltips. Its own edges
// are on whole units even under Fyne's menu bar, whose height is a fraction.
type Frame struct {
	widget.BaseWidget
	o      FrameOptions
	ground *canvas.Rectangle
	line   *canvas.Rectangle
	layer  *tipLayer
	draw   *drawing
}

// NewFrame makes a frame.
func NewFrame(o FrameOptions) *Frame {
	if o.Ground == "" {
		o.Ground = theme.Surface
	}
	f := &Frame{o: o, ground: canvas.NewRectangle(color.Transparent), line: canvas.NewRectangle(color.Transparent), layer: newTipLayer()}
	f.layer.changed = o.OnTip
	f.ExtendBaseWidget(f)
	return f
}

// Tip is the box of the window's tooltip, hidden while there is none.
func (f *Frame) Tip() fyne.CanvasObject { return f.layer.box }

// overlaid tells the frame of a canvas what lies over it.
func overlaid(c fyne.Canvas) {
	if f, ok := c.Content().(*Frame); ok && f.o.OnOverlay != nil {
		f.o.OnOverlay(c.Overlays().Top() != nil)
	}
}

// Attach makes the frame the content of a window and takes the keys that are
// typed while nothing has the focus.
func (f *Frame) Attach(w fyne.Window) {
	w.SetPadded(false)
	w.SetContent(f)
	listenUnfocused(w.Canvas())
	if f.o.Focus != nil {
		w.Canvas().Focus(f.o.Focus)
	}
}

// SetContent changes the middle part.
func (f *Frame) SetContent(o fyne.CanvasObject) {
	f.o.Content = o
	f.changed()
}

// Content gives the middle part.
func (f *Frame) Content() fyne.CanvasObject { return f.o.Content }

// SetBanner shows a banner over the content; nil takes it away.
func (f *Frame) SetBanner(b fyne.CanvasObject) {
	f.o.Banner = b
	f.changed()
}

// SetBars shows or hides toolbar and status bar, for a full screen.
func (f *Frame) SetBars(on bool) {
	for _, o := range []fyne.CanvasObject{f.o.Toolbar, f.o.Tabs, f.o.Status} {
		if o != nil {
			show(o, on)
		}
	}
	f.changed()
}

func (f *Frame) changed() {
	f.layer.gone()
	if f.draw != nil {
		f.draw.objects = f.parts()
	}
	f.Refresh()
}

// SinkKey implements KeySink.
func (f *Frame) SinkKey(ev *fyne.KeyEvent) bool {
	f.layer.gone()
	return f.o.OnKey != nil && f.o.OnKey(ev)
}

func (f *Frame) tips() *tipLayer { return f.layer }

// Move implements fyne.CanvasObject: the parts follow to whole units.
func (f *Frame) Move(p fyne.Position) {
	if p == f.Position() {
		return
	}
	f.BaseWidget.Move(p)
	if f.draw != nil {
		f.draw.place(f.Size())
	}
}

func (f *Frame) parts() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{f.ground, f.line}
	for _, o := range []fyne.CanvasObject{f.o.Toolbar, f.o.Tabs, f.o.Banner, f.o.Content, f.o.Status} {
		if o != nil {
			objects = append(objects, o)
		}
	}
	return append(objects, f.layer)
}

// CreateRenderer implements fyne.Widget.
func (f *Frame) CreateRenderer() fyne.WidgetRenderer {
	f.draw = newDrawing(f, f.min, f.place, func() {
		fill(f.ground, f.o.Ground)
		fill(f.line, theme.Border)
		show(f.line, f.o.HasMenu)
	}, f.parts()...)
	return f.draw
}

func (f *Frame) min() fyne.Size {
	s := fyne.Size{}
	for _, o := range []fyne.CanvasObject{f.o.Toolbar, f.o.Tabs, f.o.Banner, f.o.Content, f.o.Status} {
		if o != nil && o.Visible() {
			m := upSize(o.MinSize())
			s = fyne.NewSize(max(s.Width, m.Width), s.Height+m.Height)
		}
	}
	return s.Max(f.promised())
}

// promised is the smallest size promised, as far as the monitor has room for it
// below the main menu.
func (f *Frame) promised() fyne.Size {
	if f.o.Room != nil {
		if room := f.o.Room(); !room.IsZero() {
			return f.o.MinSize.Min(room.SubtractWidthHeight(0, up(f.Position().Y)))
		}
	}
	return f.o.MinSize
}

func (f *Frame) place(s fyne.Size) {
	off := up(f.Position().Y) - f.Position().Y
	put(f.ground, 0, 0, s.Width, s.Height)
	y, bottom := off, s.Height
	if f.o.HasMenu {
		put(f.line, 0, y, s.Width, theme.LineWidth)
		y += theme.LineWidth
	}
	if o := f.o.Status; o != nil && o.Visible() {
		h := heightFor(o, s.Width)
		bottom -= h
		put(o, 0, bottom, s.Width, h)
	}
	for _, o := range []fyne.CanvasObject{f.o.Toolbar, f.o.Tabs, f.o.Banner} {
		if o == nil || !o.Visible() {
			continue
		}
		h := heightFor(o, s.Width)
		put(o, 0, y, s.Width, h)
		y += h
	}
	if f.o.Content != nil {
		put(f.o.Content, 0, y, s.Width, max(bottom-y, 0))
	}
	put(f.layer, 0, 0, s.Width, s.Height)
}
