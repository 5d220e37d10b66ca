package remote

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Everything that Fyne asks of a widget that takes keyboard and mouse whole.
var (
	_ fyne.Focusable     = (*Screen)(nil)
	_ fyne.Tabbable      = (*Screen)(nil)
	_ fyne.Shortcutable  = (*Screen)(nil)
	_ fyne.Scrollable    = (*Screen)(nil)
	_ desktop.Keyable    = (*Screen)(nil)
	_ desktop.Mouseable  = (*Screen)(nil)
	_ desktop.Hoverable  = (*Screen)(nil)
	_ desktop.Cursorable = (*Screen)(nil)
)

// Focus gives the keyboard to the Host.
func (s *Screen) Focus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil && c.Focused() != fyne.Focusable(s) {
		c.Focus(s)
	}
}

// Focused tells whether keys go to the Host.
func (s *Screen) Focused() bool { return s.focused }

// FocusGained implements fyne.Focusable.
func (s *Screen) FocusGained() {
	s.focused = true
	s.listen()
	if s.o.OnFocus != nil {
		s.o.OnFocus(true)
	}
}

// FocusLost implements fyne.Focusable: nothing stays down at the Host.
func (s *Screen) FocusLost() {
	s.focused = false
	s.listen()
	if s.Attached() { // the pane hears of releases all the same
		s.do((*hands).release)
	} else {
		s.letGo()
	}
	if s.o.OnFocus != nil {
		s.o.OnFocus(false)
	}
}

// listen decides whether the pane's keys are the Host's: not those that are for
// what lies over the picture, which does not always take Fyne's focus away.
func (s *Screen) listen() { s.native.takes.Store(s.focused && len(s.native.covers) == 0) }

// letGo releases every key and button.
func (s *Screen) letGo() {
	s.flush(0)
	s.do((*hands).letGo)
}

// ReleaseKeys lets go of the keys that are down at the Host: their releases will
// go elsewhere.
func (s *Screen) ReleaseKeys() {
	s.flush(0)
	s.do(func(h *hands) { h.keys.letGo() })
}

// AcceptsTab implements fyne.Tabbable: Tab is the Host's.
func (s *Screen) AcceptsTab() bool { return true }

// TypedShortcut implements fyne.Shortcutable. Its keys came by KeyDown.
func (s *Screen) TypedShortcut(fyne.Shortcut) {}

// TypedKey implements fyne.Focusable. The key came by KeyDown; repeats are made
// at the Host.
func (s *Screen) TypedKey(*fyne.KeyEvent) {}

// KeyDown implements desktop.Keyable. A key that may give a character waits for
// it: Fyne tells it later in the same turn, so the flush of the next turn is
// early enough.
func (s *Screen) KeyDown(ev *fyne.KeyEvent) {
	if s.Attached() {
		return // the pane has told it
	}
	s.flush(0)
	usage, waits := usageOf(ev.Physical.ScanCode), false
	s.do(func(h *hands) {
		if waits = gives(usage) && !h.keys.modified(); !waits {
			h.keys.press(usage, 0)
		}
	})
	if waits {
		s.typed = usage
		go s.o.Post(func() { s.flush(0) })
	}
}

// TypedRune implements fyne.Focusable: the character of the key that waits.
func (s *Screen) TypedRune(r rune) { s.flush(r) }

// KeyUp implements desktop.Keyable.
func (s *Screen) KeyUp(ev *fyne.KeyEvent) {
	if !s.Attached() {
		s.Key(ev.Physical.ScanCode, false)
	}
}

// flush presses the key that waits.
func (s *Screen) flush(char rune) {
	if usage := s.typed; usage != 0 {
		s.typed = 0
		s.do(func(h *hands) { h.keys.press(usage, char) })
	}
}

// Key takes a key by the system's own code, past Fyne: of a keyboard that was
// taken whole.
func (s *Screen) Key(scanCode int, down bool) {
	s.flush(0)
	s.do(func(h *hands) { h.key(scanCode, down) })
}

// Cursor implements desktop.Cursorable: the Host's, but a plain arrow for who
// only watches.
func (s *Screen) Cursor() desktop.Cursor {
	if s.o.Input == nil || s.cursor == nil {
		return desktop.DefaultCursor
	}
	return s.cursor
}

// moveTo moves the Host's pointer to what lies under a place of the widget.
func (s *Screen) moveTo(at fyne.Position) {
	if x, y, ok := s.shown.pixel(at.X, at.Y, s.w, s.h); ok {
		s.do(func(h *hands) { h.mouse.move(x, y) })
	}
}

// MouseIn implements desktop.Hoverable.
func (s *Screen) MouseIn(ev *desktop.MouseEvent) {
	s.do(func(h *hands) {
		h.mouse.inside = true
		h.mouse.at = fyne.NewPos(-1, -1) // nowhere: the move below counts
	})
	s.pointer(&s.native.over.fyne, true)
	s.MouseMoved(ev)
}

// MouseMoved implements desktop.Hoverable.
func (s *Screen) MouseMoved(ev *desktop.MouseEvent) {
	if s.o.OnMoved != nil {
		s.o.OnMoved(ev.Position, ev.Button != 0)
	}
	moved := false
	s.do(func(h *hands) {
		// While the pointer rests, somebody at the Host may have moved theirs.
		moved = ev.Position != h.mouse.at && (h.mouse.down() || s.seen.holds(ev.Position.X, ev.Position.Y))
		h.mouse.at = ev.Position
	})
	if moved {
		s.moveTo(ev.Position)
	}
}

// MouseOut implements desktop.Hoverable. Fyne tells nothing of what happens
// outside; where nobody else does, buttons are released now, since their
// release would never come.
func (s *Screen) MouseOut() {
	s.do(func(h *hands) {
		h.mouse.inside = false
		if !h.mouse.watched {
			h.mouse.letGo()
		}
	})
	s.pointer(&s.native.over.fyne, false)
}

// pointer follows where the pointer is, as Fyne and the pane tell it: on its
// way from one to the other it is never away.
func (s *Screen) pointer(side *bool, in bool) {
	*side = in
	o := &s.native.over
	over := o.fyne || o.pane || s.Attached() && s.dragging()
	if over == o.told {
		return
	}
	o.told = over
	if s.o.OnPointer != nil {
		s.o.OnPointer(over)
	}
}

// MouseDown implements desktop.Mouseable. A click takes the keyboard; beside
// the picture it does only that.
func (s *Screen) MouseDown(ev *desktop.MouseEvent) {
	s.Focus()
	s.flush(0)
	if !s.seen.holds(ev.Position.X, ev.Position.Y) {
		return
	}
	s.moveTo(ev.Position)
	s.do(func(h *hands) {
		h.mouse.ours = true
		h.mouse.button(buttonOf(ev.Button), true)
	})
}

// MouseUp implements desktop.Mouseable.
func (s *Screen) MouseUp(ev *desktop.MouseEvent) {
	s.flush(0)
	if s.dragging() {
		s.moveTo(ev.Position)
	}
	s.do(func(h *hands) {
		h.mouse.ours = false
		h.mouse.button(buttonOf(ev.Button), false)
	})
}

// Scrolled implements fyne.Scrollable.
func (s *Screen) Scrolled(ev *fyne.ScrollEvent) {
	if s.seen.holds(ev.Position.X, ev.Position.Y) {
		s.do(func(h *hands) { h.mouse.wheel(ev.Scrolled.DX, ev.Scrolled.DY) })
	}
}

// Watched tells that PointerMoved and PointerButton are called for what happens
// anywhere.
func (s *Screen) Watched(on bool) { s.do(func(h *hands) { h.mouse.watched = on }) }

// PointerMoved takes a move anywhere, at a place of the canvas: it counts where
// Fyne tells nothing, with a button down and outside.
func (s *Screen) PointerMoved(at fyne.Position) {
	if !s.dragging() {
		return
	}
	at = at.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(s))
	if size := s.Size(); at.X < 0 || at.Y < 0 || at.X >= size.Width || at.Y >= size.Height {
		s.moveTo(at)
	}
}

// PointerButton takes a button anywhere, after Fyne has told it where it does:
// buttons it does not know, and releases outside.
func (s *Screen) PointerButton(button uint8, down bool) {
	s.flush(0)
	ended := false
	s.do(func(h *hands) {
		if down && (!h.mouse.inside || button <= 3) {
			return
		}
		h.mouse.button(button, down)
		if ended = !down && h.mouse.ours; ended {
			h.mouse.ours = false
		}
	})
	if ended {
		s.Focus() // a release elsewhere takes the keyboard away
	}
}

// buttonOf is the number of a button of Fyne, 0 for one without.
func buttonOf(b desktop.MouseButton) uint8 {
	switch b {
	case desktop.MouseButtonPrimary:
		return 1
	case desktop.MouseButtonTertiary:
		return 2
	case desktop.MouseButtonSecondary:
		return 3
	}
	return 0
}
