//go:build unix && !darwin

package inject

import (
	"encoding/binary"
	"testing"
)

// reply is a keyboard map of three key types (one level; Shift; Shift and Caps Lock) and three keys: 38 with a A, 24 with
// q Q in two groups (the second Cyrillic), 50 Shift.
func reply() []byte {
	b := make([]byte, 40)
	b[15], b[17], b[20], b[33] = 3, 24, 27, 1
	b = append(b, 0, 0, 0, 0, 1, 0, 0, 0)
	b = append(b, modShift, modShift, 0, 0, 2, 1, 0, 0, 1, modShift, 1, modShift, 0, 0, 0, 0)
	b = append(b, modShift|modLock, modShift|modLock, 0, 0, 2, 3, 1, 0)
	b = append(b, 1, modShift, 1, modShift, 0, 0, 0, 0, 1, modLock, 1, modLock, 0, 0, 0, 0, 0, mod1, 1, mod1, 0, 0, 0, 0)
	b = append(b, make([]byte, 12)...)
	key := func(kind, groups, width byte, syms ...uint32) {
		b = append(b, kind, kind, kind, kind, groups, width, byte(len(syms)), 0)
		for _, s := range syms {
			b = binary.LittleEndian.AppendUint32(b, s)
		}
	}
	for code := 24; code <= 50; code++ {
		switch code {
		case 24:
			key(2, 2, 2, 'q', 'Q', 0x6ca, 0x6ea)
		case 38:
			key(2, 1, 2, 'a', 'A')
		case 50:
			key(0, 1, 1, symShiftLeft)
		default:
			key(0, 0, 0)
		}
	}
	return append(b, 50, modShift, 0, 0)
}

func TestKeymapLevels(t *testing.T) {
	m, err := parseKeymap(reply())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code  int
		mods  byte
		group int
		want  rune
	}{
		{38, 0, 0, 'a'}, {38, modShift, 0, 'A'}, {38, modLock, 0, 'A'}, {38, modShift | modLock, 0, 'a'}, {38, mod1, 0, 'a'}, {38, modShift | mod4, 0, 'A'},
		{24, 0, 1, 'й'}, {24, modShift, 1, 'Й'}, {24, 0, 2, 'q'}, {38, 0, 3, 'a'}, {50, 0, 0, 0}, {99, 0, 0, 0}, {-1, 0, 0, 0},
	} {
		if _, r := m.sym(c.code, state{mods: c.mods, group: c.group}); r != c.want {
			t.Errorf("key %d, modifiers %#x, group %d: %q, want %q", c.code, c.mods, c.group, r, c.want)
		}
	}
	if m.keys[50].mods != modShift {
		t.Error("Shift is no modifier")
	}
}

func TestKeymapFindsTheCheapestWay(t *testing.T) {
	m, err := parseKeymap(reply())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		r                  rune
		st                 state
		liftable, raisable byte
		code               int
		raise, lift        byte
		found              bool
		what               string
	}{
		{'a', state{}, 0, 0, 38, 0, 0, true, "as it is"},
		{'A', state{}, 0, modShift, 38, modShift, 0, true, "Shift raised"},
		{'A', state{}, 0, 0, 0, 0, 0, false, "Shift cannot be raised"},
		{'a', state{mods: modShift}, modShift, 0, 38, 0, modShift, true, "Shift lifted"},
		{'a', state{mods: modShift}, 0, 0, 0, 0, 0, false, "somebody else's Shift"},
		{'a', state{mods: modLock, locked: modLock}, 0, modShift, 38, modShift, 0, true, "Shift undoes Caps Lock"},
		{'A', state{mods: modLock, locked: modLock}, 0, modShift, 38, 0, 0, true, "Caps Lock does it"},
		{'a', state{mods: modControl}, modControl, 0, 38, 0, modControl, true, "no shortcut by accident"},
		{'й', state{}, 0, modShift, 0, 0, 0, false, "in the other group"},
		{'Й', state{group: 1}, 0, modShift, 24, modShift, 0, true, "in its group"},
	} {
		w, ok := m.find(c.r, c.st, c.liftable, c.raisable)
		if ok != c.found || ok && (w != way{c.code, c.raise, c.lift}) {
			t.Errorf("%s: got %+v, %v", c.what, w, ok)
		}
	}
}

func TestKeymapCutShort(t *testing.T) {
	whole := reply()
	for n := range len(whole) - 3 {
		if _, err := parseKeymap(whole[:n]); err == nil {
			t.Errorf("%d of %d bytes were taken", n, len(whole))
		}
	}
}

func FuzzKeymap(f *testing.F) {
	f.Add(reply(), byte(1), byte(1))
	f.Fuzz(func(t *testing.T, b []byte, mods, group byte) {
		m, err := parseKeymap(b)
		if err != nil {
			return
		}
		st := state{mods: mods, group: int(group)}
		for code := range 256 {
			_, r := m.sym(code, st)
			if r != 0 {
				m.find(r, st, mods, 0xff)
			}
		}
	})
}
