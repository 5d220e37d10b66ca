package remote

import (
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"impero/core/picture"
	"impero/ui/native/pane"
)

// Order is the order of a frame's pixels that costs the least to show here.
const Order = pane.Order

// native is the picture in a window of its own. While that is not to be seen
// (something lies over the picture, or it is dimmed), or not to be had, the
// raster shows the picture.
type native struct {
	used    atomic.Bool  // the pane shows the picture, not the raster
	told    atomic.Int64 // the state of changes that the UI goroutine was told
	watches atomic.Bool  // the person only watches: no shape of the Host's

	takes atomic.Bool // keys are the Host's
	// settling tells that settled is on its way.
	settling atomic.Bool
	pane     atomic.Pointer[pane.Pane] // nil where there is none

	painting sync.Mutex // held while the pane is painted, so that it can be closed
	dressed  *pane.Pane // guarded by painting: which has the shape
	cursor   uint64     // guarded by painting: the version of the shape
	watching bool       // guarded by painting: the shape is for who watches

	// The rest is owned by the UI goroutine.
	view    fyne.CanvasObject // what the picture is seen in
	above   []above
	covers  map[any]bool
	settled bool // the pane is seen: the raster need not be drawn
	placed  pane.Geometry
	fresh   bool // placed was never given to the pane
	again   bool // Arrange is on its way
	over    struct{ fyne, pane, told bool }
	moved   struct {
		mu      sync.Mutex
		at      pane.Point // guarded by mu
		pressed bool       // guarded by mu
		queued  bool       // guarded by mu
	}
}

// above is an object that lies over the picture and stays visible and
// clickable.
type above struct {
	object, in fyne.CanvasObject
	round      float32 // the radius of its lower corners
}

// Attach shows the picture in a window of its own inside w, which has been shown,
// where view lets it be seen, and takes keyboard and mouse there. It fails with
// pane.ErrUnsupported where that cannot be; the Screen then goes on as it is.
func (s *Screen) Attach(w fyne.Window, view fyne.CanvasObject) error {
	p, err := pane.Open(w, pane.Events{
		Wake: s.kick, Key: s.paneKey, Button: s.paneButton, Wheel: s.paneWheel, Moved: s.paneMoved,
		Inside:  func(in bool) { s.o.Post(func() { s.pointer(&s.native.over.pane, in) }) },
		Focus:   s.paneFocus,
		Changed: func() { s.o.Post(s.Arrange) },
		Gone:    func() { s.o.Post(s.gone) },
	})
	if err != nil {
		return err
	}
	s.native.pane.Store(p)
	s.native.view, s.native.fresh = view, true
	s.Refresh()
	s.choose()
	return nil
}

// Attached tells whether the picture has a window of its own.
func (s *Screen) Attached() bool { return s.native.view != nil }

// Detach gives up the window of Attach; nothing if there is none. The raster
// shows the picture.
func (s *Screen) Detach() {
	n := &s.native
	if n.view == nil {
		return
	}
	n.view = nil
	s.choose()
	p := n.pane.Swap(nil)
	n.painting.Lock() // nobody paints any more
	n.dressed = nil
	n.painting.Unlock()
	p.Close()
	s.letGo()
	s.Refresh()
}

// gone follows the end of the pane's window.
func (s *Screen) gone() {
	if s.Attached() {
		s.Detach()
		if s.o.OnDetached != nil {
			s.o.OnDetached()
		}
	}
}

// Cover says whether something lies over the picture that the pane must not
// hide: the raster shows the picture meanwhile, and keys are not the Host's. by, which must be comparable,
// tells those apart who say so: the picture is covered while anybody does.
func (s *Screen) Cover(by any, on bool) {
	if on {
		s.native.covers[by] = true
	} else {
		delete(s.native.covers, by)
	}
	s.listen()
	s.choose()
}

// Above has the pane leave free what an object covers while it is visible; round
// is the radius of its lower corners. It stands in another one that is always
// visible: Fyne knows no place of one that was never drawn. Arrange has to be
// called when it comes, goes or moves.
func (s *Screen) Above(o, in fyne.CanvasObject, round float32) {
	s.native.above = append(s.native.above, above{o, in, round})
}

// choose decides which of the two shows the picture.
func (s *Screen) choose() {
	n := &s.native
	use := s.Attached() && len(n.covers) == 0 && s.tint == nil && s.w > 0
	if use == n.used.Load() {
		return
	}
	n.used.Store(use)
	n.settled = false
	n.settling.Store(false)
	if !use {
		n.over.pane = false
		s.leavePane()
		s.catchUp()
	}
	if p := s.native.pane.Load(); p != nil {
		p.Show(use)
	}
	s.kick()
	s.Refresh()
	s.raster.Refresh()
	s.pointer(&n.over.pane, n.over.pane)
}

// leavePane lets go of what the pane will not tell the end of. Below a tint it tells
// of keys as ever, of the host key too.
func (s *Screen) leavePane() {
	if s.tint == nil || len(s.native.covers) > 0 || !s.Attached() {
		s.letGo()
		return
	}
	s.do(func(h *hands) {
		h.moves.drop()
		h.mouse.letGo()
	})
}

// catchUp gives the raster the picture as it is now.
func (s *Screen) catchUp() {
	s.read(func(f *picture.Frame, c *changes) {
		s.surface.take(f, c.surface)
		c.surface = c.surface[:0]
	})
	s.surface.show()
}

// kick has follow look again.
func (s *Screen) kick() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// present paints what is new by the pane; false if that is not in use.
func (s *Screen) present() bool {
	n := &s.native
	n.painting.Lock()
	defer n.painting.Unlock()
	p := n.pane.Load()
	if p == nil {
		return false
	}
	used := n.used.Load()
	var failed error
	if used && !p.Busy() {
		s.read(func(f *picture.Frame, c *changes) {
			failed = p.Take(f, c.pane)
			c.pane = c.pane[:0]
		})
	}
	p.Paint()
	if failed != nil {
		s.o.Post(s.gone)
	}
	if used {
		s.settle()
	}
	return used
}

// settle has the raster not drawn any more, once for each time the pane comes.
func (s *Screen) settle() {
	if s.native.settling.CompareAndSwap(false, true) {
		s.o.Post(func() {
			if s.native.used.Load() {
				s.native.settled = true
				s.Refresh()
			}
		})
	}
}

// presentCursor gives the pane the Host's shape, and a plain arrow to who only
// watches.
func (s *Screen) presentCursor(c picture.Cursor, version uint64) {
	n := &s.native
	n.painting.Lock()
	defer n.painting.Unlock()
	p, watching := n.pane.Load(), n.watches.Load()
	if p == nil || n.dressed == p && n.cursor == version && n.watching == watching {
		return
	}
	n.dressed, n.cursor, n.watching = p, version, watching
	if watching || version == 0 {
		p.SetCursor(nil)
	} else {
		p.SetCursor(&c)
	}
}

// PresentTimes tells how long the last pictures took from the Host's frame to
// the window; none while the raster shows them.
func (s *Screen) PresentTimes() pane.Times {
	if p := s.native.pane.Load(); p != nil {
		return p.Times()
	}
	return pane.Times{}
}

// Grab takes the keyboard whole for the attached window, or gives it back. It is
// not given back while a button is down. That another program has it is no
// error: it is tried again with the next call.
func (s *Screen) Grab(on bool) {
	p := s.native.pane.Load()
	switch {
	case p == nil:
	case on:
		_ = p.Grab()
	case !s.dragging():
		p.Release()
	}
}
