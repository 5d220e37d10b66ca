package widgets

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// DialogHead is a band over a dialog that says whom it is about.
type DialogHead struct {
	Icon     theme.IconName
	Title    string
	Subtitle string
	Tone     Tone // Danger gives a soft danger ground
}

// DialogOptions say what a Dialog shows and does.
type DialogOptions struct {
	Head      *DialogHead
	Emblem    *Emblem        // left of title and text
	Icon      theme.IconName // left of the title
	IconTone  Tone
	Title     string            // the question or the instruction
	Text      string            // at most three lines
	TextMuted bool              // Text is a hint
	Body      fyne.CanvasObject // under Text
	Note      fyne.CanvasObject // at the left of the foot: a state in words
	Side      []*Button         // far left of the foot: Help, Copy details
	Buttons   []*Button         // left to right; the last is the primary one
	Primary   *Button           // what Enter presses while no button has the focus; the last of Buttons if nil
	Focus     fyne.Focusable    // has the keyboard first
	Width     float32           // 440 if zero
	Guard     bool              // keys are ignored for the first 700 ms: it appears by itself
	OnCancel  func()            // Esc; with no such function Esc does nothing but close an overlay
}

// Dialog asks or tells something. Open puts it over a window's content, Attach
// makes it the content of a small window of its own. Enter presses the focused
// button, else the primary one; Esc cancels; Tab stays inside.
type Dialog struct {
	widget.BaseWidget
	o       DialogOptions
	card    *dialogCard
	shade   *dialogShade
	layer   *tipLayer
	canvas  fyne.Canvas // as overlay
	overlay bool
	since   time.Time
	clock   clock
}

// NewDialog makes a dialog.
func NewDialog(o DialogOptions) *Dialog {
	if o.Width == 0 {
		o.Width = theme.DialogMinWidth
	}
	if o.Primary == nil && len(o.Buttons) > 0 {
		o.Primary = o.Buttons[len(o.Buttons)-1]
	}
	d := &Dialog{o: o, layer: newTipLayer(), clock: wallClock()}
	d.shade = newDialogShade(d)
	d.ExtendBaseWidget(d)
	return d
}

// Open puts the dialog over the content of a canvas and gives it the keyboard.
func (d *Dialog) Open(c fyne.Canvas) {
	if d.canvas != nil {
		return
	}
	d.canvas, d.overlay = c, true
	d.card = newDialogCard(d)
	d.since = d.clock.now()
	c.Overlays().Add(d)
	d.Resize(c.Size())
	d.focusFirst()
	overlaid(c)
}

// Close takes the dialog away; nothing if it is not shown.
func (d *Dialog) Close() {
	if d.canvas == nil {
		return
	}
	d.layer.gone()
	d.canvas.Overlays().Remove(d)
	overlaid(d.canvas)
	d.canvas = nil
}

// IsOpen tells whether the dialog is over a canvas now.
func (d *Dialog) IsOpen() bool { return d.canvas != nil }

// Attach makes the dialog the content of a window, which gets the dialog's
// size. A window can be given one dialog after another.
func (d *Dialog) Attach(w fyne.Window) {
	d.card = newDialogCard(d)
	d.since = d.clock.now()
	w.SetPadded(false)
	w.SetContent(d)
	w.Resize(d.MinSize())
	listenUnfocused(w.Canvas())
	d.focusOn(w.Canvas())
}

func (d *Dialog) focusFirst() {
	if d.canvas != nil {
		d.focusOn(d.canvas)
	}
}

func (d *Dialog) focusOn(c fyne.Canvas) {
	switch {
	case d.o.Focus != nil:
		c.Focus(d.o.Focus)
	case d.o.Primary != nil:
		c.Focus(d.o.Primary)
	}
}

// Cancel does what Esc does.
func (d *Dialog) Cancel() {
	d.Close()
	if d.o.OnCancel != nil {
		d.o.OnCancel()
	}
}

// SinkKey implements KeySink.
func (d *Dialog) SinkKey(ev *fyne.KeyEvent) bool {
	d.layer.gone()
	if d.ignoresKeys() {
		return true
	}
	switch {
	case ev.Name == fyne.KeyEscape:
		d.Cancel()
	case isEnter(ev.Name) && d.o.Primary != nil:
		d.o.Primary.Tap()
	default:
		return false
	}
	return true
}

func (d *Dialog) ignoresKeys() bool {
	return d.o.Guard && d.clock.now().Sub(d.since) < promptGuard
}

func (d *Dialog) tips() *tipLayer { return d.layer }

// CreateRenderer implements fyne.Widget.
func (d *Dialog) CreateRenderer() fyne.WidgetRenderer {
	if d.card == nil {
		d.card = newDialogCard(d)
	}
	objects := []fyne.CanvasObject{d.card, d.layer}
	if d.overlay {
		objects = append([]fyne.CanvasObject{d.shade}, objects...)
	}
	return newDrawing(d, func() fyne.Size {
		if d.overlay {
			return fyne.Size{}
		}
		return fyne.NewSize(d.o.Width, d.card.heightFor(max(d.o.Width, d.Size().Width)))
	}, d.place, func() {}, objects...)
}

func (d *Dialog) place(s fyne.Size) {
	put(d.layer, 0, 0, s.Width, s.Height)
	if !d.overlay {
		put(d.card, 0, 0, s.Width, s.Height)
		return
	}
	put(d.shade, 0, 0, s.Width, s.Height)
	w := min(d.o.Width, s.Width-16)
	h := min(d.card.heightFor(w), s.Height-16)
	put(d.card, middle(s.Width, w), middle(s.Height, h), w, h)
}

// dialogShade dims what is under a dialog and takes the clicks.
type dialogShade struct {
	widget.BaseWidget
	dialog *Dialog
	rect   *canvas.Rectangle
}

func newDialogShade(d *Dialog) *dialogShade {
	s := &dialogShade{dialog: d, rect: canvas.NewRectangle(color.Transparent)}
	s.ExtendBaseWidget(s)
	return s
}

// Tapped implements fyne.Tappable: a click beside the dialog took the keyboard
// away and gets it back for it.
func (s *dialogShade) Tapped(*fyne.PointEvent) { s.dialog.focusFirst() }

// CreateRenderer implements fyne.Widget.
func (s *dialogShade) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(s, func() fyne.Size { return fyne.Size{} }, s.rect.Resize,
		func() { fill(s.rect, theme.Overlay) }, s.rect)
}
