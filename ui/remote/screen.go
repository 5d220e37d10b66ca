package remote

import (
	"image"
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
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
	// OnPointer tells whether the pointer is over the picture's widget now, or
	// drags something that began there.
	OnPointer func(bool)
	// OnMoved tells where in the widget the pointer is, and whether a button is
	// down.
	OnMoved func(at fyne.Position, pressed bool)
	// OnResize tells that the desktop has another size, or is shown at another
	// scale.
	OnResize func()
	// OnCursor tells that Cursor gives another one now.
	OnCursor func()
	// OnSignal comes after every signal of the source, on another goroutine than the
	// UI's. It must not block.
	OnSignal func()
	// OnDetached tells that the window of Attach is gone by itself.
	OnDetached func()
}

// dimmed is how much of the ground shows through an old picture.
const dimmed = 0.65

// dim covers the pane while the picture is dimmed.
type dim struct{}

// Screen shows a session's picture and takes its keyboard and mouse. In Actual
// mode it is as large as the desktop: put it into a scroller. It paints no ground:
// what stands behind it shows around the picture.
type Screen struct {
	widget.BaseWidget

	o       Options
	changes changes
	surface *surface
	raster  *canvas.Raster
	mode    Mode
	seen    area // where the part is that is shown
	shown   area // where the whole picture would be
	scale   float64
	w, h    int // of the desktop

	hands   hands
	typed   uint16 // the key that waits for its character, 0 if none
	focused bool
	cursor  desktop.Cursor // the Host's; nil before the first
	native  native
	tint    *tint // nil without

	monitors []picture.Monitor
	monitor  int                 // the one chosen, or AllMonitors
	clipped  *container.Clip     // around what Fyne draws; nil while all is shown
	plain    []fyne.CanvasObject // what Fyne draws without a tint

	queued atomic.Bool   // a repaint is on its way
	wake   chan struct{} // capacity 1: the pane has something to paint
	stop   chan struct{}
	pump   sync.WaitGroup
}

// New makes a Screen; Start shows something in it.
func New(o Options) *Screen {
	s := &Screen{o: o, monitor: AllMonitors, surface: newSurface(), wake: make(chan struct{}, 1)}
	s.raster = canvas.NewRaster(func(int, int) image.Image { return s.surface.front })
	s.raster.ScaleMode = canvas.ImageScaleFastest // scaled by the graphics hardware
	s.plain = []fyne.CanvasObject{s.raster}
	s.hands.keys = newKeyboard(func(c Command) { s.hands.commands = append(s.hands.commands, c) })
	s.hands.use(o.Input)
	s.native.watches.Store(o.Input == nil)
	s.native.covers = map[any]bool{}
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

// follow takes what changes, into the pane if that is what shows the picture,
// else for the UI goroutine. While either is slow, pictures come together and
// none waits in a queue.
func (s *Screen) follow(stop chan struct{}) {
	defer s.pump.Done()
	var version uint64
	done := s.o.Source.Done()
	for {
		s.bring()
		s.followCursor(&version)
		select {
		case <-s.o.Source.Updates():
			if s.o.OnSignal != nil {
				s.o.OnSignal()
			}
		case <-s.wake:
		case <-done:
			done = nil // what is there goes on being shown
		case <-stop:
			return
		}
	}
}

// bring takes what is new once.
func (s *Screen) bring() {
	if s.present() {
		if state := s.changes.state(); state != s.native.told.Load() {
			s.native.told.Store(state)
			s.ask() // the UI goroutine has to place it anew
		}
		return
	}
	s.read(func(f *picture.Frame, c *changes) {
		s.surface.take(f, c.surface)
		c.surface = c.surface[:0]
	})
	s.ask()
}

// read gives f the source's picture and all changes that somebody has not
// taken; none before the first picture.
func (s *Screen) read(f func(*picture.Frame, *changes)) {
	s.o.Source.Picture(func(frame *picture.Frame, changed []picture.Rect, layout *picture.Layout) {
		if !sensible(frame) {
			return
		}
		s.changes.mu.Lock()
		defer s.changes.mu.Unlock()
		s.changes.add(frame.W, frame.H, changed)
		s.changes.arranged(layout)
		f(frame, &s.changes)
	})
}

// followCursor takes over another shape. None is skipped.
func (s *Screen) followCursor(version *uint64) {
	c, v := s.o.Source.Cursor()
	s.presentCursor(c, v)
	if v == *version {
		return
	}
	*version = v
	next := cursorOf(c)
	s.o.Post(func() {
		s.cursor = next
		if s.o.OnCursor != nil {
			s.o.OnCursor()
		}
	})
}

// ask has everything new shown, one repaint at a time.
func (s *Screen) ask() {
	if s.queued.CompareAndSwap(false, true) {
		s.o.Post(s.update)
	}
}

// update shows what is new.
func (s *Screen) update() {
	s.queued.Store(false)
	changed := false
	if !s.native.used.Load() {
		changed, _ = s.surface.show()
	}
	moved := s.arranged()
	if w, h := s.changes.size(); moved || w != s.w || h != s.h {
		s.w, s.h = w, h
		s.choose()
		s.place(s.Size())
		s.Refresh()
		s.raster.Refresh()
		s.resized()
	} else if changed {
		s.raster.Refresh()
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
	s.do(func(h *hands) { h.use(in) })
	s.o.Input = in
	s.native.watches.Store(in == nil)
	s.kick() // the cursor is another one
}

// SetDimmed lets the ground through the picture: it is old.
func (s *Screen) SetDimmed(on bool) {
	if on == (s.raster.Translucency > 0) {
		return
	}
	s.raster.Translucency = 0
	if on {
		s.raster.Translucency = dimmed
	}
	s.Cover(dim{}, on) // only the raster can be dimmed
	s.raster.Refresh()
}

// Desktop is the size of the Host's desktop, in pixels, 0 × 0 before the first
// picture.
func (s *Screen) Desktop() (w, h int) { return s.w, s.h }

// Shown is the size of what is shown of it: all, or the monitor that was chosen.
func (s *Screen) Shown() (w, h int) {
	part := s.part()
	return part.W, part.H
}

// Scale is how many pixels here show one of the Host's, 0 before the first
// picture.
func (s *Screen) Scale() float64 { return s.scale }

// Snapshot is a copy of what is shown of the picture, as it is now.
func (s *Screen) Snapshot() *image.RGBA {
	if s.native.used.Load() {
		s.catchUp()
	}
	return s.surface.copied(s.part())
}

// density is how many pixels a unit has on this canvas.
func (s *Screen) density() float32 {
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil {
		return c.Scale()
	}
	return 1
}

// CreateRenderer implements fyne.Widget.
func (s *Screen) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{s}
}

// least is the size a scroller must give: in Actual mode the desktop's.
func (s *Screen) least() fyne.Size {
	if s.mode != Actual {
		return fyne.NewSize(1, 1)
	}
	d, part := s.density(), s.part()
	return fyne.NewSize(max(1, float32(part.W)/d), max(1, float32(part.H)/d))
}

type renderer struct{ s *Screen }

func (r *renderer) Layout(room fyne.Size) { r.s.place(room) }
func (r *renderer) MinSize() fyne.Size    { return r.s.least() }
func (r *renderer) Destroy()              {}

func (r *renderer) Objects() []fyne.CanvasObject {
	if c := r.s.clipped; c != nil {
		return []fyne.CanvasObject{c}
	}
	return r.s.drawn()
}

func (r *renderer) Refresh() {
	s := r.s
	s.raster.Hidden = s.w == 0 || s.native.used.Load() && s.native.settled
	s.place(s.Size())
	canvas.Refresh(s)
}
