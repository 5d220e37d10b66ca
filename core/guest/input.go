package guest

import (
	"slices"
	"time"
	"unicode/utf8"

	"impero/core/wire"
)

// send queues input for the screen; after the session's end it goes nowhere.
func (s *Session) send(m wire.Message) {
	if st := s.stream.Load(); st != nil {
		s.s.Send(st.ID, m)
	}
}

// Key presses or releases a key: usage is its place (USB HID keyboard page), char the character it gave here or 0.
func (s *Session) Key(usage uint16, down bool, char rune) {
	if !utf8.ValidRune(char) {
		char = 0
	}
	s.send(&wire.Key{Usage: usage, Down: down, Character: char})
}

// strokeStep is the time between the steps of Press. A window manager that takes the keyboard at a combination (Alt+Tab)
// misses a release that follows before it has it: openbox does at 1 ms always, at 30 ms sometimes, at 60 ms only on an
// overloaded machine.
const strokeStep = 80 * time.Millisecond

// Press presses the keys in order and lets go of them in reverse, a strokeStep apart, and does not wait for that. A press
// that begins while another goes on follows it.
func (s *Session) Press(usages ...uint16) {
	steps := make([]wire.Message, 0, 2*len(usages))
	for _, u := range usages {
		steps = append(steps, &wire.Key{Usage: u, Down: true})
	}
	for _, u := range slices.Backward(usages) {
		steps = append(steps, &wire.Key{Usage: u})
	}
	s.strokes.Lock()
	defer s.strokes.Unlock()
	idle := len(s.steps) == 0
	s.steps = append(s.steps, steps...)
	s.steps = s.steps[:min(len(s.steps), maxSteps)]
	if idle && len(steps) > 0 {
		s.sendStep()
	}
}

// maxSteps bounds what waits of Press: a person who leans on a button waits for no more than a few seconds of it.
const maxSteps = 120

// sendStep sends the next step and has the one after it sent in its time, until none is left; strokes is held.
func (s *Session) sendStep() {
	s.send(s.steps[0])
	time.AfterFunc(strokeStep, func() {
		s.strokes.Lock()
		defer s.strokes.Unlock()
		select {
		case <-s.s.Over():
			s.steps = nil
			return
		default:
		}
		if s.steps = s.steps[1:]; len(s.steps) > 0 {
			s.sendStep()
		}
	})
}

// Move moves the pointer to a place on the Host's desktop, in its pixels; places outside go to the nearest edge.
func (s *Session) Move(x, y int) {
	s.mu.Lock()
	x, y = max(0, min(x, s.width-1)), max(0, min(y, s.height-1))
	s.mu.Unlock()
	s.send(&wire.Pointer{Layout: s.layout.Load(), X: uint16(x), Y: uint16(y)})
}

// Button presses or releases a mouse button: 1 left, 2 middle, 3 right, 8 back, 9 forward. Others are ignored.
func (s *Session) Button(button uint8, down bool) {
	if button >= 1 && button <= 3 || button == 8 || button == 9 {
		s.send(&wire.Button{Button: button, Down: down})
	}
}

// Wheel turns the wheels by notches; right and down are positive.
func (s *Session) Wheel(dx, dy int) {
	clamp := func(v int) int16 { return int16(max(-wire.MaxNotch, min(v, wire.MaxNotch))) }
	if dx != 0 || dy != 0 {
		s.send(&wire.Wheel{DX: clamp(dx), DY: clamp(dy)})
	}
}

// Text types characters that no key gave, control characters left out.
func (s *Session) Text(text string) {
	var part []byte
	flush := func() {
		if len(part) > 0 {
			s.send(&wire.Text{Text: string(part)})
			part = part[:0]
		}
	}
	for _, r := range text {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == utf8.RuneError {
			continue
		}
		if len(part)+utf8.RuneLen(r) > wire.MaxText {
			flush()
		}
		part = utf8.AppendRune(part, r)
	}
	flush()
}

// ReleaseAll lets go of every key and button held at the Host.
func (s *Session) ReleaseAll() { s.send(&wire.ReleaseAll{}) }

// Refresh asks for the whole picture anew.
func (s *Session) Refresh() { s.send(&wire.ScreenRefresh{}) }
