package inject

import (
	"sort"
	"unicode"
)

// Keysyms that this package looks for by value.
const (
	symKeypadFirst, symKeypadLast = 0xff80, 0xffbd
	symDeadFirst, symDeadLast     = 0xfe50, 0xfe93
	symShiftLeft, symShiftRight   = 0xffe1, 0xffe2
	symCapsLock                   = 0xffe5
	symModeSwitch                 = 0xff7e
	symLevel3, symLevel5          = 0xfe03, 0xfe11
	symUnicode                    = 0x1000000
)

// runeOf gives the character a keysym stands for; 0 if none.
func runeOf(sym uint32) rune {
	switch {
	case sym >= 0x20 && sym <= 0x7e, sym >= 0xa0 && sym <= 0xff:
		return rune(sym)
	case sym >= symUnicode+0x100 && sym <= symUnicode+unicode.MaxRune:
		return rune(sym - symUnicode)
	case sym >= 0xffaa && sym <= 0xffb9: // keypad: * + , - . / 0 … 9
		return rune(sym - 0xff80)
	case sym == 0xff80:
		return ' '
	case sym == 0xffbd:
		return '='
	case sym >= 0x100 && sym < 0xf000:
		i := sort.Search(len(keysymRuns), func(i int) bool { return uint32(keysymRuns[i].keysym) > sym }) - 1
		if i >= 0 && sym < uint32(keysymRuns[i].keysym)+uint32(keysymRuns[i].count) {
			return rune(keysymRuns[i].char) + rune(sym-uint32(keysymRuns[i].keysym))
		}
	}
	return 0
}

// keysymOf gives the keysym of a character: the named one where there is one, for old programs.
func keysymOf(r rune) uint32 {
	if r >= 0x20 && r <= 0x7e || r >= 0xa0 && r <= 0xff {
		return uint32(r)
	}
	for _, k := range keysymRuns {
		if r >= rune(k.char) && r < rune(k.char)+rune(k.count) {
			return uint32(k.keysym) + uint32(r-rune(k.char))
		}
	}
	return symUnicode + uint32(r)
}

func isDead(sym uint32) bool   { return sym >= symDeadFirst && sym <= symDeadLast }
func isKeypad(sym uint32) bool { return sym >= symKeypadFirst && sym <= symKeypadLast }

// printable says whether r is a character that a key can type.
func printable(r rune) bool { return r == ' ' || r == 0xa0 || r == 0xad || unicode.IsGraphic(r) }

// typeable is printable, or a mark or format character that only makes sense in a text.
func typeable(r rune) bool {
	return printable(r) || unicode.In(r, unicode.Mn, unicode.Mc, unicode.Me, unicode.Cf)
}
