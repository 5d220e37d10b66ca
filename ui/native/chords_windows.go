package native

// Scancodes of set 1, with 0x100 added for extended keys.
const (
	leftCtrl    = 0x1d
	rightCtrl   = 0x11d
	leftAlt     = 0x38
	leftSuper   = 0x15b
	rightSuper  = 0x15c
	printScreen = 0x137
	altPrint    = 0x54 // Print Screen while Alt is down
)

// chords decides which keys are taken: Ctrl, left Alt and Super, what is pressed
// while one of them is down, and Print Screen. That is all that Windows has uses
// for, and no character comes of it. The right Alt is AltGr on many keyboards: it
// makes characters, and so does the Ctrl (0x21d) that Windows adds to it.
type chords struct {
	held      map[int]bool // the keys that are down and taken
	modifiers int          // of them
}

// take tells whether a key is taken, and whether that is news: a key that is
// held repeats.
func (c *chords) take(scancode int, down bool) (taken, fresh bool) {
	was := c.held[scancode]
	switch {
	case was && down:
		return true, false
	case was:
		delete(c.held, scancode)
		if modifier(scancode) {
			c.modifiers--
		}
		return true, true
	case !down || scancode == 0:
		return false, false
	case modifier(scancode):
		c.modifiers++
	case c.modifiers == 0 && scancode != printScreen && scancode != altPrint:
		return false, false
	}
	c.held[scancode] = true
	return true, true
}

func modifier(scancode int) bool {
	switch scancode {
	case leftCtrl, rightCtrl, leftAlt, leftSuper, rightSuper:
		return true
	}
	return false
}
