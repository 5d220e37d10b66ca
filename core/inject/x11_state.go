//go:build unix && !darwin

package inject

import (
	"fmt"
)

// look gives the state of the keyboard and, if it changed, reads the map. While nothing but locks act on the keyboard and
// plain keys alone are pressed, the state is the one told last: a key needs no round trip, which costs as much as all
// else that happens to it on its way in.
func (d *x11Driver) look() (state, error) {
	if err := d.hear(); err != nil {
		return state{}, fmt.Errorf("read keyboard events: %w", typed(err))
	}
	if !d.known || d.stale {
		if err := d.ask(); err != nil {
			return state{}, err
		}
	}
	return d.st, nil
}

// hear takes the events that are there.
func (d *x11Driver) hear() error {
	for more := true; more; {
		var err error
		if more, err = d.c.Poll(); err != nil {
			return err
		}
		d.takeEvents()
	}
	return nil
}

// takeEvents takes the events that have been read.
func (d *x11Driver) takeEvents() {
	for e, ok := d.c.Queued(); ok; e, ok = d.c.Queued() {
		if e.Code() != d.xkb.Event {
			continue
		}
		switch e[1] {
		case xkbNewKeyboard, xkbMapNotify:
			d.stale, d.known = true, false
		case xkbStateNotify:
			if d.known { // else it may be older than what this driver did
				d.st = state{mods: e[9], locked: e[12], group: int(e[13])}
				d.known = e[10]|e[11] == 0 && e.U32(14) == 0
			}
		}
	}
}

// ask reads the state, and the map if it changed.
func (d *x11Driver) ask() error {
	b, err := d.c.Call(d.xkb.Opcode, xkbGetState, xkbCoreKeyboard)
	if err != nil {
		return fmt.Errorf("read keyboard state: %w", typed(err))
	}
	d.known = false
	st := state{mods: b[8], locked: b[11], group: int(b[12])}
	settled := b[9]|b[10] == 0 && b[14]|b[15]|b[16]|b[17] == 0 // nothing is held or latched
	d.takeEvents()
	if d.stale {
		if err := d.readMap(); err != nil {
			return typed(err)
		}
		d.takeEvents() // what came meanwhile may be newer than st
		settled = false
	}
	d.st, d.known = st, settled
	return nil
}

// plain says that a key only types: pressing it changes no modifier and no group.
func (k *keyEntry) plain() bool {
	for i, s := range k.syms {
		if k.runes[i] == 0 && s != 0 && !isEditing(s) {
			return false
		}
	}
	return k.mods == 0
}

// isEditing says of keysyms without a character that they steer a text: BackSpace to Escape, the cursor, the keypad, function keys.
func isEditing(s uint32) bool {
	return s >= 0xff08 && s <= 0xff1b || s >= 0xff50 && s <= 0xff58 || s == 0xff63 ||
		s >= 0xff80 && s <= 0xffb9 || s >= 0xffbe && s <= 0xffe0 || s == 0xffff
}
