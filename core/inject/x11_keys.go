//go:build unix && !darwin

package inject

import (
	"fmt"
	"unicode"

	"impero/core/keys"
)

func (d *x11Driver) hold(code int) {
	if d.keys.down(code) {
		d.fake(fakeKeyPress, code, 0, 0)
	}
}

func (d *x11Driver) release(code int) error {
	if d.keys.up(code) {
		d.fake(fakeKeyRelease, code, 0, 0)
	}
	d.spare.released(code)
	return d.flush()
}

// press implements driver: the place is the rule, the character the hint; see the package comment.
func (d *x11Driver) press(usage uint16, r rune, s *typing) (int, error) {
	code := keys.ToX11(usage)
	if code < int(d.c.Setup.MinKeycode) || code > int(d.c.Setup.MaxKeycode) {
		code = 0
	}
	if keys.IsModifier(usage) && code != 0 {
		d.hold(code)
		return code, d.flush()
	}
	st, err := d.look()
	if err != nil {
		return 0, err
	}
	if code != 0 && d.placeCounts(code, r, st, s) {
		sym, typed := d.km.sym(code, st)
		s.dead = isDead(sym) || s.dead && typed == 0 && r == 0
		d.hold(code)
		return code, d.flush()
	}
	s.dead = false
	if r == 0 {
		return 0, fmt.Errorf("%w: %s", ErrNoKey, keys.Name(usage))
	}
	// Ctrl, Alt and Super stay for a character without a place (Ctrl+é), unless they are the Guest's third level.
	keep := byte(modChord)
	if s.rightAlt {
		keep = 0
	}
	return d.pressRune(r, st, keep)
}

// placeCounts says whether the key at its place is to be pressed, not the character r typed.
func (d *x11Driver) placeCounts(code int, r rune, st state, s *typing) bool {
	if r == 0 {
		return true
	}
	// Right Alt reached a third level on the Guest if a character came of it, even where it is a plain Alt here; and
	// Windows adds a Ctrl to it.
	if st.mods&modChord != 0 && !s.rightAlt {
		return true
	}
	sym, here := d.km.sym(code, st)
	return here == r && !isDead(sym) || s.dead && here != 0
}

// pressRune presses a key that types r, and gives its code if it stays down. Modifiers in keep are not lifted.
func (d *x11Driver) pressRune(r rune, st state, keep byte) (int, error) {
	w, caps, ok := d.wayTo(r, st, keep)
	if !ok {
		if err := d.borrow([]rune{r}); err != nil {
			return 0, err
		}
		if w, caps, ok = d.wayTo(r, st, keep); !ok {
			return 0, fmt.Errorf("%w: its map does not take a character", ErrNoKey)
		}
	}
	if w.raise == 0 && w.lift == 0 && !caps {
		d.hold(w.code)
		d.spare.held(w.code)
		return w.code, d.flush()
	}
	// With modifiers changed for a moment the key cannot stay down: its repeats would come without them.
	d.tap(w, caps)
	return 0, d.flush()
}

// wayTo finds a way to type r without lifting modifiers in keep; caps says that Caps Lock must be off meanwhile.
func (d *x11Driver) wayTo(r rune, st state, keep byte) (w way, caps, ok bool) {
	var liftable, raisable byte
	for code := range d.keys {
		liftable |= d.modsOf(code)
	}
	liftable &^= st.locked | modLock | keep
	for bit := range d.raise {
		raisable |= bit
	}
	if w, ok = d.km.find(r, st, liftable, raisable); ok || st.locked&modLock == 0 || d.capsKey() == 0 {
		return w, false, ok
	}
	st.mods &^= modLock
	w, ok = d.km.find(r, st, liftable, raisable)
	return w, true, ok
}

// capsKey gives the key that toggles Caps Lock, 0 if there is none.
func (d *x11Driver) capsKey() int {
	for code := range d.km.keys {
		if k := &d.km.keys[code]; k.mods&modLock != 0 && len(k.syms) > 0 && k.syms[0] == symCapsLock {
			return code
		}
	}
	return 0
}

// tap types with w and puts everything back. It only fills the buffer, so that nothing comes in between.
func (d *x11Driver) tap(w way, caps bool) {
	click := func(code int) {
		d.fake(fakeKeyPress, code, 0, 0)
		d.fake(fakeKeyRelease, code, 0, 0)
	}
	var lifted []int
	for code := range d.keys {
		if d.modsOf(code)&w.lift != 0 {
			lifted = append(lifted, code)
			d.fake(fakeKeyRelease, code, 0, 0)
		}
	}
	if caps {
		click(d.capsKey())
	}
	for bit, code := range d.raise {
		if bit&w.raise != 0 {
			d.fake(fakeKeyPress, code, 0, 0)
		}
	}
	if d.keys[w.code] > 0 { // held by a session: let it go first, or the press counts for nothing
		d.fake(fakeKeyRelease, w.code, 0, 0)
		d.fake(fakeKeyPress, w.code, 0, 0)
	} else {
		click(w.code)
	}
	for bit, code := range d.raise {
		if bit&w.raise != 0 {
			d.fake(fakeKeyRelease, code, 0, 0)
		}
	}
	if caps {
		click(d.capsKey())
	}
	for _, code := range lifted {
		d.fake(fakeKeyPress, code, 0, 0)
	}
	d.spare.used(w.code)
}

// recover implements driver. The server takes the release of a key only from the device that holds it, which is not
// the keyboard on the desk.
func (d *x11Driver) recover() error {
	if err := d.hear(); err != nil {
		return fmt.Errorf("read keyboard events: %w", typed(err))
	}
	down, err := d.c.Call(opQueryKeymap, 0)
	if err != nil {
		return fmt.Errorf("ask which keys are down: %w", typed(err))
	}
	for code := int(d.c.Setup.MinKeycode); code <= int(d.c.Setup.MaxKeycode); code++ {
		if down[8+code/8]>>(code%8)&1 == 1 && d.keys[code] == 0 {
			d.fake(fakeKeyRelease, code, 0, 0)
		}
	}
	pointer, err := d.c.Call(opQueryPointer, 0, d.root)
	if err != nil {
		return fmt.Errorf("ask which buttons are down: %w", typed(err))
	}
	for b := 1; b <= 3; b++ {
		if pointer[25]>>(b-1)&1 == 1 && d.buttons[b] == 0 {
			d.fake(fakeButtonRelease, b, 0, 0)
		}
	}
	for b := 8; b <= 9; b++ { // the server tells nothing of these
		if d.buttons[b] == 0 {
			d.fake(fakeButtonRelease, b, 0, 0)
		}
	}
	return d.sync()
}

// sync implements driver. What has come since the last key is taken first, or days of somebody's typing would wait in
// memory for the answer.
func (d *x11Driver) sync() error {
	if err := d.hear(); err != nil {
		return typed(err)
	}
	if _, err := d.c.Call(opGetInputFocus, 0); err != nil {
		return typed(err)
	}
	return nil
}

// lockSpoils says that Caps Lock would make a capital of r on a key whose type does not know it: programs do that
// themselves, and not all in the same way (ß).
func lockSpoils(r rune, st state, t *keyType) bool {
	return st.mods&modLock != 0 && t.mask&modLock == 0 && (unicode.IsLower(r) || unicode.ToUpper(r) != r)
}

// text implements driver.
func (d *x11Driver) text(s string) error {
	st, err := d.look()
	if err != nil {
		return err
	}
	const plain = modShift | modChord // held modifiers would change what Return and Tab mean
	rest := []rune(s)
	for i, r := range rest {
		switch {
		case r == '\n' || r == '\r' && (i+1 == len(rest) || rest[i+1] != '\n'):
			d.tap(way{code: keys.ToX11(keys.Enter), lift: plain}, false)
			continue
		case r == '\t':
			d.tap(way{code: keys.ToX11(keys.Tab), lift: plain}, false)
			continue
		case !typeable(r):
			continue
		}
		w, caps, ok := d.wayTo(r, st, 0)
		if !ok {
			if err := d.borrow(d.missing(rest[i:], st)); err != nil {
				return err
			}
			if w, caps, ok = d.wayTo(r, st, 0); !ok {
				return fmt.Errorf("%w: its map does not take a character", ErrNoKey)
			}
		}
		d.tap(w, caps)
		if i%flushEvery == flushEvery-1 {
			if err := d.flush(); err != nil {
				return err
			}
		}
	}
	return d.flush()
}

// missing gives the next characters of text that no key types, as many as keycodes can be borrowed at once.
func (d *x11Driver) missing(text []rune, st state) []rune {
	var out []rune
	seen := map[rune]bool{}
	for _, r := range text {
		if len(out) == d.spare.room() {
			break
		}
		if seen[r] || !typeable(r) {
			continue
		}
		seen[r] = true
		if _, _, ok := d.wayTo(r, st, 0); !ok {
			out = append(out, r)
		}
	}
	return out
}
