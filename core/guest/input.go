package guest

import (
	"unicode/utf8"

	"impero/core/wire"
)

// send queues input for the screen; after the session's end it goes nowhere.
func (s *Session) send(m wire.Message) { s.s.Send(s.stream.ID, m) }

// Key presses or releases a key: usage is its place (USB HID keyboard page), char the character it gave here or 0.
func (s *Session) Key(usage uint16, down bool, char rune) {
	if !utf8.ValidRune(char) {
		char = 0
	}
	s.send(&wire.Key{Usage: usage, Down: down, Character: char})
}

// Move moves the pointer to a place on the Host's desktop, in its pixels; places outside go to the nearest edge.
func (s *Session) Move(x, y int) {
	s.mu.Lock()
	f := s.decoder.Frame()
	x, y = max(0, min(x, f.W-1)), max(0, min(y, f.H-1))
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
