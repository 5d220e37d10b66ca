package remote

import (
	"image"
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"impero/core/picture"
)

// Options are what a Screen is made of.
type Options struct {
	Source Source
	Input  Input        // nil: the person only watches
	Post   func(func()) // runs a function on the UI goroutine, from any
	// OnCommand hears the host key.
	OnCommand func(Command)
	// OnFocus tells whether keys go to the Host now.
	OnFocus func(bool)
	// OnPointer tells whether the pointer is over the picture's widget now.
	OnPointer func(bool)
	// OnMoved tells where in the widget the pointer is, and whether a button is
	// down.
	OnMoved func(at fyne.Position, pressed bool)
	// OnResize tells that the desktop has another size, or is shown at another
	// scale.
	OnResize func()
	// OnCursor tells that Cursor gives another one now.
	OnCursor func()
	// OnUpdate comes after every signal of the source.
	OnUpdate func()
}

// dimmed is how much of the ground shows through an old picture.
const dimmed = 0.65

// Screen shows a session's picture and takes its keyboard and mouse. In Actual
// mode it is as large as the desktop: put it into a scroller. It paints no ground:
// what stands behind it shows around the picture.
type Screen struct {
	widget.BaseWidget

	o       Options
	surface *surface
	raster  *canvas.Raster
	mode    Mode
	shown   area
	scale   float64

	keys    *keyboard
	typed   uint16 // the key that waits for its character, 0 if none
	mouse   mouse
	focused bool
	cursor  desktop.Cursor // the Host's; nil before the first

	queued atomic.Bool // a repaint is on its way
	stop   chan struct{}
	pump   sync.WaitGroup
}

// New makes a Screen; Start shows something in it.
func New(o Options) *Screen {
	s := &Screen{
		o: o, surface: newSurface(),
	}
	s.raster = canvas.NewRaster(func(int, int) image.Image { return s.surface.front })
	s.raster.ScaleMode = canvas.ImageScaleFastest // scaled by the graphics hardware
	s.keys = newKeyboard(func(c Command) {
		if s.o.OnCommand != nil {
			s.o.OnCommand(c)
		}
	})
	s.keys.input = o.Input
	s.mouse.input = o.Input
	s.ExtendBaseWidget(s)
	return s
}

// Start shows what the source has and follows it until Stop.
func (s *Screen) Start() {
	s.stop = make(chan struct{})
	s.pump.Add(1)
	go s.follow(s.stop)
}

// Stop ends following the source and returns when its goroutine is gone; the
// last picture stays. Start may follow.
func (s *Screen) Stop() {
	if s.stop != nil {
		close(s.stop)
		s.pump.Wait()
		s.stop = nil
	}
}

// follow copies what changes and asks for a repaint, one at a time: while the
// windows are slow, pictures come together and none waits in a queue.
func (s *Screen) follow(stop chan struct{}) {
	defer s.pump.Done()
	var version uint64
	for {
		s.o.Source.Picture(func(f *picture.Frame, changed []picture.Rect, _ *picture.Layout) {
			s.surface.take(f, changed)
		})
		var next desktop.Cursor
		if c, v := s.o.Source.Cursor(); v != version {
			version, next = v, cursorOf(c)
		}
		s.ask(next)
		select {
		case <-s.o.Source.Updates():
		case <-s.o.Source.Done():
			return
		case <-stop:
			return
		}
	}
}

// ask has everything new shown. A cursor is never skipped.
func (s *Screen) ask(next desktop.Cursor) {
	if next != nil {
		s.o.Post(func() {
			s.cursor = next
			if s.o.OnCursor != nil {
				s.o.OnCursor()
			}
		})
	}
	if s.queued.CompareAndSwap(false, true) {
		s.o.Post(s.update)
	}
}

// update shows what is new.
func (s *Screen) update() {
	s.queued.Store(false)
	changed, resized := s.surface.show()
	switch {
	case resized:
		s.place(s.Size())
		s.Refresh()
		s.raster.Refresh()
		s.resized()
	case changed:
		s.raster.Refresh()
	}
	if s.o.OnUpdate != nil {
		s.o.OnUpdate()
	}
}

func (s *Screen) resized() {
	if s.o.OnResize != nil {
		s.o.OnResize()
	}
}

// SetMode changes how large the picture is shown.
func (s *Screen) SetMode(m Mode) {
	if s.mode == m {
		return
	}
	s.mode = m
	s.Refresh()
}

// Mode says how large the picture is shown.
func (s *Screen) Mode() Mode { return s.mode }

// SetInput changes where keys and clicks go; nil lets the person only watch.
// What is down at the Host is released first.
func (s *Screen) SetInput(in Input) {
	s.letGo()
	s.o.Input, s.keys.input, s.mouse.input = in, in, in
}

// SetDimmed lets the ground through the picture: it is old.
func (s *Screen) SetDimmed(on bool) {
	s.raster.Translucency = 0
	if on {
		s.raster.Translucency = dimmed
	}
	s.raster.Refresh()
}

// Desktop is the size of the Host's desktop, in pixels, 0 × 0 before the first
// picture.
func (s *Screen) Desktop() (w, h int) { return s.surface.size() }

// Scale is how many pixels here show one of the Host's, 0 before the first
// picture.
func (s *Screen) Scale() float64 { return s.scale }

// Snapshot is a copy of the picture as it is now.
func (s *Screen) Snapshot() *image.RGBA { return s.surface.copied() }

// density is how many pixels a unit has on this canvas.
func (s *Screen) density() float32 {
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil {
		return c.Scale()
	}
	return 1
}

// CreateRenderer implements fyne.Widget.
func (s *Screen) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{s: s, objects: []fyne.CanvasObject{s.raster}}
}

// place puts the picture into the room there is.
func (s *Screen) place(room fyne.Size) {
	w, h := s.surface.size()
	shown, scale := fit(w, h, room.Width, room.Height, s.density(), s.mode)
	moved := scale != s.scale
	s.shown, s.scale = shown, scale
	s.raster.Move(fyne.NewPos(s.shown.X, s.shown.Y))
	s.raster.Resize(fyne.NewSize(s.shown.W, s.shown.H))
	if moved {
		s.resized()
	}
}

// least is the size a scroller must give: in Actual mode the desktop's.
func (s *Screen) least() fyne.Size {
	if s.mode != Actual {
		return fyne.NewSize(1, 1)
	}
	w, h := s.surface.size()
	d := s.density()
	return fyne.NewSize(max(1, float32(w)/d), max(1, float32(h)/d))
}

type renderer struct {
	s       *Screen
	objects []fyne.CanvasObject
}

func (r *renderer) Layout(room fyne.Size)        { r.s.place(room) }
func (r *renderer) MinSize() fyne.Size           { return r.s.least() }
func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *renderer) Destroy()                     {}

func (r *renderer) Refresh() {
	s := r.s
	w, _ := s.surface.size()
	s.raster.Hidden = w == 0
	s.place(s.Size())
	canvas.Refresh(s)
}
