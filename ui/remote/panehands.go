package remote

import (
	"fyne.io/fyne/v2"

	"impero/ui/native/pane"
)

// What follows comes from the pane's own reader: the Host has it before Fyne's
// next turn.

// paneKey takes a key while the picture has the keyboard. Of others it follows the
// host key: one that goes down just before a menu is gone counts.
func (s *Screen) paneKey(keycode int, down bool) {
	takes := s.native.takes.Load()
	s.doElsewhere(func(h *hands) {
		if !takes {
			h.keys.watch(usageOf(keycode), down)
			return
		}
		h.flushMove()
		h.key(keycode, down)
	})
}

// paneFocus lets go of everything when the window loses the keyboard: the
// releases go elsewhere.
func (s *Screen) paneFocus(on bool) {
	if !on {
		s.doElsewhere((*hands).letGo)
	}
}

// paneButton takes a button; a click takes the keyboard.
func (s *Screen) paneButton(button uint8, down bool, at pane.Point) {
	s.doElsewhere(func(h *hands) {
		h.moves.drop()
		h.mouse.move(at.X, at.Y)
		h.mouse.button(button, down)
	})
	if down {
		s.native.takes.Store(true)
	}
	s.o.Post(func() {
		if down {
			s.Focus()
			s.listen()
		} else {
			s.pointer(&s.native.over.pane, s.native.over.pane) // a drag may have ended outside
		}
	})
}

// paneWheel takes one notch.
func (s *Screen) paneWheel(dx, dy int, _ pane.Point) {
	s.doElsewhere(func(h *hands) {
		h.flushMove()
		if h.input != nil {
			h.input.Wheel(dx, dy)
		}
	})
}

// paneMoved takes a move. The UI goroutine hears of the newest one.
func (s *Screen) paneMoved(at pane.Point, pressed bool) {
	s.doElsewhere(func(h *hands) { h.moves.move(at.X, at.Y, h.mouse.move, s.lateMove) })
	m := &s.native.moved
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at, m.pressed = at, pressed
	if !m.queued {
		m.queued = true
		s.o.Post(s.tellMoved)
	}
}

// lateMove sends the move that waits.
func (s *Screen) lateMove() { s.doElsewhere((*hands).flushMove) }

func (h *hands) flushMove() { h.moves.flush(h.mouse.move) }

func (s *Screen) tellMoved() {
	m := &s.native.moved
	m.mu.Lock()
	at, pressed := m.at, m.pressed
	m.queued = false
	m.mu.Unlock()
	if s.o.OnMoved != nil && s.native.used.Load() {
		d := s.density()
		place := fyne.NewPos(float32(at.WindowX)/d, float32(at.WindowY)/d)
		s.o.OnMoved(place.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(s)), pressed)
	}
}
