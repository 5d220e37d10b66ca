package presenter

import "impero/core/keys"

// Keystroke is a combination that the Guest's own system would take for itself,
// or that has no key of its own here.
type Keystroke struct {
	Name string // as the guide writes it; not translated
	keys []uint16
}

// Keystrokes lists the guide's six, in its order.
func Keystrokes() []Keystroke {
	return []Keystroke{
		{"Ctrl+Esc", []uint16{keys.LeftControl, keys.Escape}},
		CtrlAltDel(),
		{"Alt+Tab", []uint16{keys.LeftAlt, keys.Tab}},
		{"Alt+Shift+Tab", []uint16{keys.LeftAlt, keys.LeftShift, keys.Tab}},
		{"Print Screen", []uint16{keys.PrintScreen}},
		{"Alt+Print Screen", []uint16{keys.LeftAlt, keys.PrintScreen}},
	}
}

// CtrlAltDel is the second of them, which has a button of its own.
func CtrlAltDel() Keystroke {
	return Keystroke{"Ctrl+Alt+Del", []uint16{keys.LeftControl, keys.LeftAlt, keys.Delete}}
}

// Send presses the keys in order and lets go of them in reverse.
func (l *Live) Send(k Keystroke) {
	if l.MayControl() {
		l.session.Press(k.keys...)
	}
}
