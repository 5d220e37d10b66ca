//go:build unix && !darwin

package inject

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
	"unicode"

	"impero/core/keys"
	"impero/core/x11"
)

const (
	// Programs need a moment to read a changed keyboard map, and longer before a borrowed keycode may change its meaning:
	// they look a key up when they get to it, not when it was pressed. What a busy machine needs shows in how late we
	// ourselves are after a change: settleReuse grows with that.
	settleMap   = 15 * time.Millisecond
	settleReuse = 250 * time.Millisecond
	settleMost  = 1500 * time.Millisecond
	flushEvery  = 32 // characters of a text between two writes
)

// Kinds of input for XTEST's FakeInput, and XTEST's and XKB's requests.
const (
	fakeKeyPress, fakeKeyRelease       = 2, 3
	fakeButtonPress, fakeButtonRelease = 4, 5
	fakeMotion                         = 6

	xtestVersion, xtestFakeInput, xtestGrabControl = 0, 2, 3

	xkbUse, xkbSelect, xkbGetState, xkbGetMap = 0, 1, 4, 8
	xkbCoreKeyboard                           = 0x100
	xkbNewKeyboard, xkbMapNotify              = 0, 1

	opQueryPointer          = 38
	opQueryKeymap           = 44
	opChangeKeyboardMapping = 100
)

// x11Driver controls an X display through XTEST. See the X protocol's texts of XTEST 2.2 and XKB 1.0.
type x11Driver struct {
	c          *x11.Conn
	root       uint32
	xtest, xkb x11.Ext

	km    *keymap
	stale bool            // the server's map changed since km was read
	raise map[byte]int    // modifier bit → a key that gives it while held
	level map[uint32]byte // ISO_Level3_Shift and the like → the bit they give

	keys, buttons counts
	spare         spares
	lag           time.Duration // how late we were after the last change of the map
}

// openDriver connects to the display.
func openDriver(cfg Config) (driver, error) {
	display := cfg.Display
	if display == "" {
		display = os.Getenv("DISPLAY")
	}
	if display == "" {
		if os.Getenv("WAYLAND_DISPLAY") != "" {
			return nil, ErrWayland
		}
		return nil, fmt.Errorf("%w: DISPLAY is not set; start the program in a desktop session, or name its display (DISPLAY=:0)", ErrNoDisplay)
	}
	c, err := x11.Dial(context.Background(), display)
	if err != nil {
		return nil, fmt.Errorf("open display %q: %w", display, typed(err))
	}
	d := &x11Driver{c: c, root: c.Root().Root, keys: counts{}, buttons: counts{}}
	if err := d.setUp(); err != nil {
		c.Close()
		return nil, fmt.Errorf("open display %q: %w", display, typed(err))
	}
	return d, nil
}

// typed gives an error of x11 the name a caller of this package knows.
func typed(err error) error {
	for _, e := range []struct{ from, to error }{
		{x11.ErrNoDisplay, ErrNoDisplay}, {x11.ErrRefused, ErrNoDisplay}, {x11.ErrMissing, ErrUnsupported}, {x11.ErrLost, ErrDisplayLost},
	} {
		if errors.Is(err, e.from) {
			return fmt.Errorf("%w: %v", e.to, err)
		}
	}
	return err
}

func (d *x11Driver) setUp() error {
	var err error
	if d.xtest, err = d.c.Extension("XTEST"); err != nil {
		return err
	}
	if d.xkb, err = d.c.Extension("XKEYBOARD"); err != nil {
		return err
	}
	if _, err := d.c.Call(d.xtest.Opcode, xtestVersion, 2|2<<16); err != nil {
		return fmt.Errorf("ask for version of XTEST: %w", err)
	}
	use, err := d.c.Call(d.xkb.Opcode, xkbUse, x11.Pair(1, 0))
	if err != nil {
		return fmt.Errorf("ask for version of XKEYBOARD: %w", err)
	}
	if use[1] == 0 {
		return fmt.Errorf("%w: XKEYBOARD 1.0", x11.ErrMissing)
	}
	const newKeyboardAndMap, allParts = 3, 0xff
	d.c.Send(d.xkb.Opcode, xkbSelect, x11.Pair(xkbCoreKeyboard, newKeyboardAndMap), x11.Pair(0, newKeyboardAndMap), x11.Pair(allParts, allParts))
	d.c.Send(d.xtest.Opcode, xtestGrabControl, 1) // go on while another program has grabbed the server
	return d.readMap()
}

// readMap reads the keyboard map and what follows from it.
func (d *x11Driver) readMap() error {
	const typesSymsMods = 1 | 2 | 4
	d.stale = false
	b, err := d.c.Call(d.xkb.Opcode, xkbGetMap, x11.Pair(xkbCoreKeyboard, typesSymsMods), 0, 0, 0, 0, 0)
	if err != nil {
		return fmt.Errorf("read keyboard map: %w", err)
	}
	if d.km, err = parseKeymap(b); err != nil {
		return fmt.Errorf("read keyboard map: %w: %v", ErrUnsupported, err)
	}
	d.findModifiers()
	d.spare.check(d.km, int(d.c.Setup.MinKeycode))
	return nil
}

// findModifiers notes which keys give Shift and the higher levels.
func (d *x11Driver) findModifiers() {
	d.raise, d.level = map[byte]int{}, map[uint32]byte{}
	for code := range d.km.keys {
		k := &d.km.keys[code]
		if k.mods == 0 || len(k.syms) == 0 || k.mods&(k.mods-1) != 0 {
			continue
		}
		switch sym := k.syms[0]; sym {
		case symShiftLeft, symShiftRight, symLevel3, symLevel5, symModeSwitch:
			if _, ok := d.raise[k.mods]; !ok || sym == symLevel3 {
				d.raise[k.mods] = code
			}
			d.level[sym] = k.mods
		}
	}
}

// modsOf gives the modifiers that code gives while it is held.
func (d *x11Driver) modsOf(code int) byte {
	k := &d.km.keys[code&255]
	m := k.mods
	if len(k.syms) > 0 {
		m |= d.level[k.syms[0]]
	}
	return m
}

// look reads the state of the keyboard and, if it changed, the map.
func (d *x11Driver) look() (state, error) {
	b, err := d.c.Call(d.xkb.Opcode, xkbGetState, xkbCoreKeyboard)
	if err != nil {
		return state{}, fmt.Errorf("read keyboard state: %w", typed(err))
	}
	st := state{mods: b[8], locked: b[11], group: int(b[12])}
	for {
		e, ok := d.c.Queued()
		if !ok {
			break
		}
		if e.Code() == d.xkb.Event && (e[1] == xkbNewKeyboard || e[1] == xkbMapNotify) {
			d.stale = true
		}
	}
	if d.stale {
		if err := d.readMap(); err != nil {
			return state{}, typed(err)
		}
	}
	return st, nil
}

func (d *x11Driver) flush() error {
	if err := d.c.Flush(); err != nil {
		return typed(err)
	}
	return nil
}

func (d *x11Driver) fake(kind, detail, x, y int) {
	root := uint32(0)
	if kind == fakeMotion {
		root = d.root
	}
	d.c.Send(d.xtest.Opcode, xtestFakeInput, uint32(kind)|uint32(detail)<<8, 0, root, 0, 0, x11.Pair(x, y), 0, 0)
}

func (d *x11Driver) move(x, y int) error {
	d.fake(fakeMotion, 0, x, y)
	return d.flush()
}

func (d *x11Driver) button(b int, down bool) error {
	if down && d.buttons.down(b) {
		d.fake(fakeButtonPress, b, 0, 0)
	} else if !down && d.buttons.up(b) {
		d.fake(fakeButtonRelease, b, 0, 0)
	}
	return d.flush()
}

// wheel turns: in X a notch is a click of button 4 (up), 5 (down), 6 (left) or 7 (right).
func (d *x11Driver) wheel(dx, dy int) error {
	turn := func(n, negative, positive int) {
		b := positive
		if n < 0 {
			n, b = -n, negative
		}
		for range n {
			d.fake(fakeButtonPress, b, 0, 0)
			d.fake(fakeButtonRelease, b, 0, 0)
		}
	}
	turn(dy, 4, 5)
	turn(dx, 6, 7)
	return d.flush()
}

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

// sync implements driver.
func (d *x11Driver) sync() error {
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

// close gives the borrowed keycodes back.
func (d *x11Driver) close() error {
	defer d.c.Close()
	if _, err := d.look(); err != nil { // drops what somebody else gave another meaning
		if errors.Is(err, ErrDisplayLost) {
			return nil // nothing is left to give back
		}
		return err
	}
	none := make(map[int][2]uint32)
	for _, code := range d.spare.mapped() {
		none[code] = [2]uint32{}
	}
	d.setKeys(none)
	if err := d.sync(); err != nil && !errors.Is(err, ErrDisplayLost) {
		return fmt.Errorf("give borrowed keycodes back: %w", err)
	}
	return nil
}
