package inject

import (
	"testing"
	"unicode"
)

func TestKeysymTableAscends(t *testing.T) {
	for i, k := range keysymRuns {
		if k.count == 0 || i > 0 && keysymRuns[i-1].keysym+keysymRuns[i-1].count > k.keysym {
			t.Errorf("run %d at %#x is empty or overlaps the one before", i, k.keysym)
		}
	}
}

// Every character leads to a keysym that leads back to it.
func TestEveryCharacterHasItsKeysym(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !printable(r) {
			continue
		}
		if got := runeOf(keysymOf(r)); got != r {
			t.Fatalf("%q has keysym %#x, which is %q", r, keysymOf(r), got)
		}
	}
}

// Values from keysymdef.h and from the X protocol's rules for Unicode keysyms.
func TestKnownKeysyms(t *testing.T) {
	for sym, r := range map[uint32]rune{0x41: 'A', 0xe9: 'é', 0x20ac: '€', 0x6d1: 'я', 0x7e1: 'α', 0x1b1: 'ą', 0x13bd: 'œ', 0xffb5: '5', 0xffae: '.',
		0x10000e9: 0, 0x1006f22: '漢', 0x101f600: '😀', 0xff0d: 0, 0xffe1: 0, 0xfe52: 0, 0: 0, 0xffffffff: 0, 0x1110000: 0} {
		if got := runeOf(sym); got != r {
			t.Errorf("keysym %#x is %q, want %q", sym, got, r)
		}
	}
	if keysymOf('é') != 0xe9 || keysymOf('€') != 0x20ac || keysymOf('漢') != 0x1006f22 {
		t.Error("a character has another keysym than expected")
	}
}
