package keys

import (
	"slices"
	"testing"
)

func TestTableIsOrderedAndUnique(t *testing.T) {
	if u := All(); !slices.IsSorted(u) || len(slices.Compact(u)) != len(table) {
		t.Fatal("usages are not ascending and unique")
	}
	for _, u := range All() {
		if n := Name(u); n == "" || FromName(n) != u {
			t.Errorf("usage %#x: name %q leads to %#x", u, n, FromName(n))
		}
	}
}

// Only NonUSHash shares its code with another key, on all systems.
func TestRoundTrips(t *testing.T) {
	want := func(u uint16) uint16 {
		if u == NonUSHash {
			return Backslash
		}
		return u
	}
	for _, u := range All() {
		code := ToX11(u)
		if code < 9 || code > 255 {
			t.Errorf("%s: X keycode %d is none", Name(u), code)
		}
		if got := FromX11(code); got != want(u) {
			t.Errorf("%s: X keycode %d leads to %s", Name(u), code, Name(got))
		}
		if code := ToWindows(u); code != 0 && FromWindows(code) != want(u) {
			t.Errorf("%s: scancode %#x leads to %s", Name(u), code, Name(FromWindows(code)))
		}
		if code, ok := ToMac(u); ok && (code > 127 || FromMac(code) != want(u)) {
			t.Errorf("%s: virtual key %#x leads to %s", Name(u), code, Name(FromMac(code)))
		}
	}
}

// Spot checks against codes known from the systems' own headers.
func TestKnownCodes(t *testing.T) {
	for _, k := range []struct {
		usage         uint16
		x, win, apple int
	}{
		{A, 38, 0x1e, 0x00}, {Digit1, 10, 0x02, 0x12}, {Enter, 36, 0x1c, 0x24}, {KeypadEnter, 104, 0x11c, 0x4c},
		{RightAlt, 108, 0x138, 0x3d}, {LeftSuper, 133, 0x15b, 0x37}, {Up, 111, 0x148, 0x7e}, {F12, 96, 0x58, 0x6f},
		{NonUSBackslash, 94, 0x56, 0x0a}, {Keypad5, 84, 0x4c, 0x57}, {VolumeUp, 123, 0x130, 0x48},
	} {
		if FromX11(k.x) != k.usage || FromWindows(k.win) != k.usage || FromMac(k.apple) != k.usage {
			t.Errorf("%s: got %s, %s, %s", Name(k.usage), Name(FromX11(k.x)), Name(FromWindows(k.win)), Name(FromMac(k.apple)))
		}
	}
	if FromWindows(0x45) != Pause || FromWindows(0x145) != NumLock || FromWindows(0x54) != PrintScreen {
		t.Error("Pause, Num Lock or Print Screen is wrong on Windows")
	}
}

func TestUnknownCodes(t *testing.T) {
	for _, code := range []int{-1 << 40, -1, 0, 7, 8, 256, 0xffff, 0xffff + 8, 0x10000, 1 << 40} {
		if u := FromX11(code); u != 0 {
			t.Errorf("X keycode %d is %s", code, Name(u))
		}
	}
	for _, code := range []int{-1, 0, 0x1ff, none, 1 << 40} {
		if u := FromWindows(code); u != 0 {
			t.Errorf("scancode %d is %s", code, Name(u))
		}
	}
	for _, code := range []int{-1, 128, none, 1 << 40} {
		if u := FromMac(code); u != 0 {
			t.Errorf("virtual key %d is %s", code, Name(u))
		}
	}
	if ToX11(0) != 0 || ToX11(0xffff) != 0 || ToWindows(0xffff) != 0 || Name(3) != "" || FromName("") != 0 {
		t.Error("something unknown has a code or a name")
	}
}

func TestModifiers(t *testing.T) {
	n := 0
	for _, u := range All() {
		if IsModifier(u) {
			n++
		}
	}
	if n != 8 || IsModifier(CapsLock) {
		t.Errorf("%d modifiers, want 8 and Caps Lock not among them", n)
	}
}
