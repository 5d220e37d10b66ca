// Package injecttest has what tests of and around package inject need: a Recorder that is an Injector without a display,
// and the conformance suite that every Injector passes.
package injecttest

import (
	"fmt"
	"sync"
	"unicode/utf8"

	"impero/core/inject"
	"impero/core/keys"
)

// Recorder is an Injector that only writes down what would happen, one line each:
//
//	move 10 20 · button 1 down · wheel 0 -3 · key A down 'a' · key A up · text "Grüße"
//
// It checks its arguments as a real one does. The zero Recorder is ready; it is safe for concurrent use.
type Recorder struct {
	mu      sync.Mutex
	lines   []string
	keys    []heldKey
	buttons [10]bool
	closed  bool
	more    chan struct{} // closed at the next line
}

type heldKey struct {
	usage uint16
	r     rune
}

var _ inject.Injector = (*Recorder)(nil)

// Lines gives what happened so far.
func (r *Recorder) Lines() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.lines...)
}

// Changed gives a channel that is closed when a line is added after this call.
func (r *Recorder) Changed() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.more == nil {
		r.more = make(chan struct{})
	}
	return r.more
}

func (r *Recorder) add(format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
	if r.more != nil {
		close(r.more)
		r.more = nil
	}
}

func (r *Recorder) do(f func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return inject.ErrClosed
	}
	return f()
}

// MoveAbs implements inject.Injector.
func (r *Recorder) MoveAbs(x, y int) error {
	return r.do(func() error {
		r.add("move %d %d", max(x, 0), max(y, 0))
		return nil
	})
}

// Button implements inject.Injector.
func (r *Recorder) Button(b int, down bool) error {
	if !(b >= 1 && b <= 3 || b == 8 || b == 9) {
		return fmt.Errorf("%w: button %d", inject.ErrBadInput, b)
	}
	return r.do(func() error {
		if r.buttons[b] != down {
			r.buttons[b] = down
			r.add("button %d %s", b, way(down))
		}
		return nil
	})
}

// Wheel implements inject.Injector.
func (r *Recorder) Wheel(dx, dy int) error {
	cut := func(n int) int { return min(max(n, -inject.MaxNotches), inject.MaxNotches) }
	return r.do(func() error {
		if dx != 0 || dy != 0 {
			r.add("wheel %d %d", cut(dx), cut(dy))
		}
		return nil
	})
}

// Key implements inject.Injector. It knows the keys of package keys.
func (r *Recorder) Key(usage uint16, down bool, char rune) error {
	if char < ' ' || !utf8.ValidRune(char) {
		char = 0
	}
	if usage == 0 && char == 0 {
		return fmt.Errorf("%w: a key without place and character", inject.ErrBadInput)
	}
	return r.do(func() error {
		k := heldKey{usage, char}
		at := -1
		for i, h := range r.keys {
			if h.usage == usage && (usage != 0 || h.r == char) {
				at, k = i, h
			}
		}
		switch {
		case down == (at >= 0):
			return nil
		case !down:
			r.keys = append(r.keys[:at], r.keys[at+1:]...)
			r.add("key %s up", k.name())
			return nil
		case usage != 0 && keys.Name(usage) == "" && char == 0:
			return fmt.Errorf("%w: usage %#x", inject.ErrNoKey, usage)
		}
		r.keys = append(r.keys, k)
		if char != 0 {
			r.add("key %s down %q", k.name(), char)
		} else {
			r.add("key %s down", k.name())
		}
		return nil
	})
}

func (k heldKey) name() string {
	switch n := keys.Name(k.usage); {
	case n != "":
		return n
	case k.usage != 0:
		return fmt.Sprintf("%#x", k.usage)
	}
	return string(k.r)
}

// Text implements inject.Injector.
func (r *Recorder) Text(s string) error {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > inject.MaxText {
		return fmt.Errorf("%w: text", inject.ErrBadInput)
	}
	return r.do(func() error {
		r.add("text %q", s)
		return nil
	})
}

// ReleaseAll implements inject.Injector: keys in the order of their presses, then buttons.
func (r *Recorder) ReleaseAll() error { return r.do(r.releaseAll) }

func (r *Recorder) releaseAll() error {
	for _, k := range r.keys {
		r.add("key %s up", k.name())
	}
	r.keys = nil
	for b := range r.buttons {
		if r.buttons[b] {
			r.buttons[b] = false
			r.add("button %d up", b)
		}
	}
	return nil
}

// Recover implements inject.Injector.
func (r *Recorder) Recover() error {
	return r.do(func() error {
		r.add("recover")
		return nil
	})
}

// Close implements inject.Injector.
func (r *Recorder) Close() error {
	_ = r.do(func() error {
		_ = r.releaseAll()
		r.closed = true
		return nil
	})
	return nil
}

func way(down bool) string {
	if down {
		return "down"
	}
	return "up"
}
