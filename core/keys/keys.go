// Package keys names physical keys. On the wire a key is its usage in the USB HID keyboard page, whatever system it was
// pressed on; this package maps each system's own codes to usages and back. It is pure and safe for concurrent use.
package keys

const (
	x11Offset = 8     // X keycode = evdev code + 8
	extended  = 0x100 // on Windows, added to the code of a key whose scancode begins with E0
)

// FromX11 gives the usage of an X keycode (8 to 255) of a server with evdev keycodes; 0 if there is none.
func FromX11(keycode int) uint16 {
	return from(keycode-x11Offset, func(r *row) uint16 { return r.evdev })
}

// ToX11 gives the X keycode of usage on a server with evdev keycodes; 0 if it has none.
func ToX11(usage uint16) int {
	for i := range table {
		if table[i].usage == usage {
			return int(table[i].evdev) + x11Offset
		}
	}
	return 0
}

// FromWindows gives the usage of a set 1 scancode, with 0x100 added for extended keys, as window messages have it
// (so Pause is 0x45 and Num Lock 0x145); 0 if there is none.
func FromWindows(scancode int) uint16 {
	switch scancode {
	case 0x54: // Print Screen while Alt is down
		return PrintScreen
	case 0x46 | extended: // Pause while Ctrl is down
		return Pause
	case 0x36 | extended: // the right Shift, as some drivers report it
		return RightShift
	case 0x72 | extended: // Hangul and Hanja, as some drivers report them
		return Hangul
	case 0x71 | extended:
		return Hanja
	}
	return from(scancode, func(r *row) uint16 { return r.windows })
}

// ToWindows gives the scancode of usage as FromWindows takes it; 0 if it has none.
func ToWindows(usage uint16) int {
	for i := range table {
		if table[i].usage == usage && table[i].windows != none {
			return int(table[i].windows)
		}
	}
	return 0
}

// FromMac gives the usage of a virtual key code of macOS (0 to 127); 0 if there is none.
func FromMac(code int) uint16 {
	return from(code, func(r *row) uint16 { return r.mac })
}

// ToMac gives the virtual key code of usage; false if it has none (0 is a key: A).
func ToMac(usage uint16) (int, bool) {
	for i := range table {
		if table[i].usage == usage && table[i].mac != none {
			return int(table[i].mac), true
		}
	}
	return 0, false
}

func from(code int, column func(*row) uint16) uint16 {
	if code < 0 || code >= none {
		return 0
	}
	for i := range table {
		if column(&table[i]) == uint16(code) {
			return table[i].usage
		}
	}
	return 0
}

// Name gives the name of usage in this package, for example "LeftShift"; "" if it is not known.
func Name(usage uint16) string {
	for i := range table {
		if table[i].usage == usage {
			return table[i].name
		}
	}
	return ""
}

// FromName is the reverse of Name; 0 if there is no such key.
func FromName(name string) uint16 {
	for i := range table {
		if table[i].name == name {
			return table[i].usage
		}
	}
	return 0
}

// IsModifier says whether usage is a Ctrl, Shift, Alt or Super key.
func IsModifier(usage uint16) bool { return usage >= LeftControl && usage <= RightSuper }

// All gives every known usage, in ascending order.
func All() []uint16 {
	out := make([]uint16, len(table))
	for i := range table {
		out[i] = table[i].usage
	}
	return out
}
