//go:build unix && !darwin

package inject

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"impero/core/keys"
)

// spares are keycodes that stand for nothing on this keyboard, borrowed for characters no key types. A character keeps
// its keycode as long as possible: a change of the map costs every program some milliseconds.
type spares struct {
	slots []spare
}

type spare struct {
	code int
	char rune // on its first level; 0: not borrowed
	used time.Time
	down bool
}

// check brings the slots in line with a map just read: keycodes that got a meaning of somebody else's are no longer ours.
func (s *spares) check(km *keymap, lowest int) {
	old := s.slots
	s.slots = nil
	for code := 255; code >= lowest; code-- {
		k := &km.keys[code]
		i := slices.IndexFunc(old, func(o spare) bool { return o.code == code && o.char != 0 })
		switch {
		case i >= 0 && len(k.runes) > 0 && k.runes[0] == old[i].char:
			s.slots = append(s.slots, old[i])
		case k.mods == 0 && !slices.ContainsFunc(k.syms, func(x uint32) bool { return x != 0 }):
			s.slots = append(s.slots, spare{code: code})
		}
	}
	// Keycodes of keys that real keyboards have come last: someone may press them.
	slices.SortStableFunc(s.slots, func(a, b spare) int {
		known := func(c int) int {
			if keys.FromX11(c) != 0 {
				return 1
			}
			return 0
		}
		return known(a.code) - known(b.code)
	})
}

// room is how many characters can be borrowed for at once.
func (s *spares) room() int {
	n := 0
	for i := range s.slots {
		if !s.slots[i].down {
			n += 2
		}
	}
	return n
}

// pick gives the slot to use next: a free one, else the one not used for longest; nil if all are held down.
func (s *spares) pick() *spare {
	var best *spare
	for i := range s.slots {
		p := &s.slots[i]
		if p.char == 0 && !p.down {
			return p
		}
		if !p.down && (best == nil || p.used.Before(best.used)) {
			best = p
		}
	}
	return best
}

func (s *spares) slot(code int) *spare {
	for i := range s.slots {
		if s.slots[i].code == code {
			return &s.slots[i]
		}
	}
	return nil
}

func (s *spares) held(code int) {
	if p := s.slot(code); p != nil {
		p.down, p.used = true, time.Now()
	}
}

func (s *spares) released(code int) {
	if p := s.slot(code); p != nil {
		p.down, p.used = false, time.Now()
	}
}

func (s *spares) used(code int) {
	if p := s.slot(code); p != nil {
		p.used = time.Now()
	}
}

func (s *spares) mapped() []int {
	var out []int
	for _, p := range s.slots {
		if p.char != 0 {
			out = append(out, p.code)
		}
	}
	return out
}

const opGetInputFocus = 43

// setKeys makes each code type its keysyms on the first two levels (0: nothing). Neighbouring codes go in one request: every
// request makes every program read the map again.
func (d *x11Driver) setKeys(syms map[int][2]uint32) {
	d.known = false // until the server has told of the new map
	codes := slices.Sorted(maps.Keys(syms))
	for len(codes) > 0 {
		n := 1
		for n < len(codes) && codes[n] == codes[0]+n {
			n++
		}
		body := []uint32{uint32(codes[0]) | 2<<8}
		for _, code := range codes[:n] {
			body = append(body, syms[code][0], syms[code][1])
		}
		d.c.Send(opChangeKeyboardMapping, byte(n), body...)
		codes = codes[n:]
	}
}

// borrow gives chars keycodes, two on each (the second with Shift), and reads the map again, so that wayTo finds them. A
// single one gets both levels: its key can be held whatever Shift does.
func (d *x11Driver) borrow(chars []rune) error {
	if err := d.flush(); err != nil {
		return err
	}
	start := time.Now()
	syms := make(map[int][2]uint32)
	var last time.Time // when a keycode that changes its meaning was used last
	for len(chars) > 0 {
		p := d.spare.pick()
		if p == nil {
			d.stale = true // what was picked so far is not mapped: forget it
			return fmt.Errorf("%w: no keycode is free for a character", ErrNoKey)
		}
		if p.char != 0 && p.used.After(last) {
			last = p.used
		}
		first, second := chars[0], chars[min(1, len(chars)-1)]
		p.char, p.used = first, start
		syms[p.code] = [2]uint32{keysymOf(first), keysymOf(second)}
		chars = chars[min(2, len(chars)):]
	}
	time.Sleep(time.Until(last.Add(min(max(settleReuse, 30*d.lag), settleMost))))
	begun := time.Now()
	d.setKeys(syms)
	if err := d.readMap(); err != nil {
		return typed(err)
	}
	time.Sleep(settleMap)
	d.lag = time.Since(begun) - settleMap
	return nil
}
