package remote

import "sync"

// hands are the person's keyboard and mouse. They come from two sides: Fyne's,
// on the UI goroutine, and a pane's own.
type hands struct {
	mu       sync.Mutex
	keys     *keyboard // guarded by mu
	mouse    mouse     // guarded by mu
	moves    moves     // guarded by mu
	input    Input     // guarded by mu
	commands []Command // guarded by mu: of the host key, not yet told
}

// use changes where everything goes.
func (h *hands) use(in Input) { h.input, h.keys.input, h.mouse.input = in, in, in }

// letGo releases every key and button, and forgets which are held here.
func (h *hands) letGo() {
	h.keys.letGo()
	h.release()
}

// release releases every key and button at the Host.
func (h *hands) release() {
	h.moves.drop()
	h.keys.releaseAll()
	h.mouse.letGo()
	if h.input != nil {
		h.input.ReleaseAll()
	}
}

// key takes a key by the system's own code.
func (h *hands) key(scanCode int, down bool) {
	if usage := usageOf(scanCode); down {
		h.keys.press(usage, 0)
	} else {
		h.keys.release(usage)
	}
}

// with calls f with the hands and gives the commands that came of it, which the
// caller has to tell: they lead back here.
func (h *hands) with(f func(*hands)) (commands []Command) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f(h)
	commands, h.commands = h.commands, nil
	return commands
}

// do is for the UI goroutine, where commands are obeyed at once.
func (s *Screen) do(f func(*hands)) { s.obey(s.hands.with(f)) }

// doElsewhere is for any other goroutine.
func (s *Screen) doElsewhere(f func(*hands)) {
	if commands := s.hands.with(f); len(commands) > 0 {
		s.o.Post(func() { s.obey(commands) })
	}
}

func (s *Screen) obey(commands []Command) {
	for _, c := range commands {
		if s.o.OnCommand != nil {
			s.o.OnCommand(c)
		}
	}
}

// dragging tells whether a button is down at the Host.
func (s *Screen) dragging() bool {
	s.hands.mu.Lock()
	defer s.hands.mu.Unlock()
	return s.hands.mouse.down()
}
