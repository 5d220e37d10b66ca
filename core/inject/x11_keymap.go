//go:build unix && !darwin

package inject

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// Real modifiers, as bits of a state.
const (
	modShift   = 1 << 0
	modLock    = 1 << 1
	modControl = 1 << 2
	mod1       = 1 << 3 // Alt on every common layout
	mod4       = 1 << 6 // Super on every common layout
	modChord   = modControl | mod1 | mod4
)

// keymap is the server's keyboard as the XKB extension tells it. See the XKB protocol, requests GetMap and GetState.
type keymap struct {
	types []keyType
	keys  [256]keyEntry
}

// keyType says which level of a key a state of modifiers chooses.
type keyType struct {
	mask    byte
	entries []typeEntry
}

type typeEntry struct{ mods, level byte }

type keyEntry struct {
	types  [4]byte // of each group
	groups int
	info   byte // how groups out of range are brought back
	width  int
	syms   []uint32 // groups × width
	runes  []rune   // what they stand for
	mods   byte     // the modifiers this key is
}

var errKeymap = errors.New("the display's keyboard map is malformed")

// parseKeymap reads a reply to GetMap that asked for key types, keysyms and the modifier map.
func parseKeymap(b []byte) (*keymap, error) {
	if len(b) < 40 {
		return nil, errKeymap
	}
	m := new(keymap)
	nTypes, firstSym, nSyms, nMods := int(b[15]), int(b[17]), int(b[20]), int(b[33])
	b, err := m.parseTypes(b[40:], nTypes)
	if err != nil {
		return nil, err
	}
	for i := range nSyms {
		if firstSym+i > 255 {
			return nil, errKeymap
		}
		if b, err = m.keys[firstSym+i].parse(b); err != nil {
			return nil, err
		}
	}
	if len(b) < 2*nMods {
		return nil, errKeymap
	}
	for i := range nMods {
		m.keys[b[2*i]].mods = b[2*i+1]
	}
	return m, nil
}

func (m *keymap) parseTypes(b []byte, n int) ([]byte, error) {
	for range n {
		if len(b) < 8 {
			return nil, errKeymap
		}
		t, entries, preserve := keyType{mask: b[0]}, int(b[5]), b[6] != 0
		b = b[8:]
		size := entries * 8
		if preserve {
			size += entries * 4
		}
		if len(b) < size {
			return nil, errKeymap
		}
		for i := range entries {
			if e := b[i*8:]; e[0] != 0 { // active: its virtual modifiers are bound
				t.entries = append(t.entries, typeEntry{mods: e[1], level: e[2]})
			}
		}
		b = b[size:]
		m.types = append(m.types, t)
	}
	return b, nil
}

func (k *keyEntry) parse(b []byte) ([]byte, error) {
	if len(b) < 8 {
		return nil, errKeymap
	}
	n := int(binary.LittleEndian.Uint16(b[6:]))
	k.types, k.info, k.groups, k.width = [4]byte(b[:4]), b[4], min(int(b[4]&15), 4), int(b[5])
	b = b[8:]
	if len(b) < n*4 {
		return nil, errKeymap
	}
	for i := range n {
		s := binary.LittleEndian.Uint32(b[i*4:])
		k.syms = append(k.syms, s)
		k.runes = append(k.runes, runeOf(s))
	}
	if k.groups*k.width > n {
		return nil, errKeymap
	}
	return b[n*4:], nil
}

// group brings the effective group into the range this key has: by wrapping unless the key says otherwise.
func (k *keyEntry) group(g int) int {
	if g < k.groups || k.groups == 0 {
		return min(g, max(k.groups-1, 0))
	}
	switch k.info & 0xc0 {
	case 0x40: // clamp
		return k.groups - 1
	case 0x80: // redirect
		if to := int(k.info >> 4 & 3); to < k.groups {
			return to
		}
		return 0
	}
	return g % k.groups
}

func (m *keymap) typeOf(k *keyEntry, group int) *keyType {
	if i := int(k.types[group]); i < len(m.types) {
		return &m.types[i]
	}
	return &keyType{}
}

func (t *keyType) level(state byte) int {
	for _, e := range t.entries {
		if e.mods == state&t.mask {
			return int(e.level)
		}
	}
	return 0
}

// state is the keyboard's state: effective modifiers, those of them that are locked, and the group.
type state struct {
	mods, locked byte
	group        int
}

// sym gives the keysym that code types in a state, and its character; 0 if none.
func (m *keymap) sym(code int, st state) (uint32, rune) {
	k := &m.keys[code&255]
	if k.groups == 0 {
		return 0, 0
	}
	g := k.group(st.group)
	t := m.typeOf(k, g)
	l := t.level(st.mods)
	if l >= k.width {
		return 0, 0
	}
	return k.syms[g*k.width+l], k.runes[g*k.width+l]
}

// way is how to type a character: with code, after the state's modifiers were raised and lifted.
type way struct {
	code        int
	raise, lift byte
}

// find looks for the way to type r from state st that changes the fewest modifiers. liftable are the modifiers we could
// let go, raisable those we could press. Modifiers that make a shortcut of a key are lifted where possible.
func (m *keymap) find(r rune, st state, liftable, raisable byte) (way, bool) {
	best, cost := way{}, 100
	for code := range m.keys {
		k := &m.keys[code]
		if k.groups == 0 {
			continue
		}
		g := k.group(st.group)
		for l := range k.width {
			if k.runes[g*k.width+l] != r || isKeypad(k.syms[g*k.width+l]) {
				continue
			}
			w, c, ok := m.typeOf(k, g).reach(l, st, liftable, raisable)
			if ok && c < cost && !lockSpoils(r, st, m.typeOf(k, g)) {
				w.code = code
				best, cost = w, c
			}
		}
	}
	return best, cost < 100
}

// reach gives the cheapest change of modifiers that brings a key of this type to level l.
func (t *keyType) reach(l int, st state, liftable, raisable byte) (way, int, bool) {
	best, cost := way{}, 100
	chord := st.mods & modChord &^ t.mask & liftable
	for want := 0; want < 256; want++ {
		w := byte(want)
		if w&^t.mask != 0 || t.level(w) != l {
			continue
		}
		raise, lift := w&^st.mods, st.mods&t.mask&^w
		if raise&^raisable != 0 || lift&^liftable != 0 {
			continue
		}
		lift |= chord
		if c := bits.OnesCount8(raise) + bits.OnesCount8(lift); c < cost {
			best, cost = way{raise: raise, lift: lift}, c
		}
	}
	return best, cost, cost < 100
}
