//go:build unix && !darwin

package inject

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

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
	xkbStateNotify                            = 2

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
	st    state           // of the keyboard, as told last
	known bool            // st holds until the server tells otherwise: nothing that this driver did can have changed it
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
	// Of the state all that a key can depend on: modifiers and groups, and not the pointer's buttons.
	const newKeyboardAndMap, andState, allParts, modsAndGroups = 3, 7, 0xff, 0xff
	d.c.Send(d.xkb.Opcode, xkbSelect, x11.Pair(xkbCoreKeyboard, andState), x11.Pair(0, newKeyboardAndMap), x11.Pair(allParts, allParts), x11.Pair(modsAndGroups, modsAndGroups))
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

func (d *x11Driver) flush() error {
	if err := d.c.Flush(); err != nil {
		return typed(err)
	}
	return nil
}

func (d *x11Driver) fake(kind, detail, x, y int) {
	if (kind == fakeKeyPress || kind == fakeKeyRelease) && !d.km.keys[detail&255].plain() {
		d.known = false
	}
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

// close gives the borrowed keycodes back.
func (d *x11Driver) close() error {
	defer d.c.Close()
	d.known = false
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
