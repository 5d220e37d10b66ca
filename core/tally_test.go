package core_test

import (
	"fmt"
	"strconv"
	"sync"

	"impero/core/inject"
)

// span is a range of numbers, both ends in it.
type span struct{ from, to int }

// spans are ranges of numbers in ascending order.
type spans []span

// add adds a number that is not below those there.
func (s *spans) add(n int) {
	if last := len(*s) - 1; last >= 0 && n <= (*s)[last].to+1 {
		(*s)[last].to = max(n, (*s)[last].to)
		return
	}
	*s = append(*s, span{n, n})
}

func (s spans) has(n int) bool {
	for _, one := range s {
		if one.from <= n && n <= one.to {
			return true
		}
	}
	return false
}

// tally is a keyboard for one Guest that types numbers: it keeps what is missing, and what is held, however long it goes.
// Use newTally.
type tally struct {
	mu      sync.Mutex
	last    int // number typed
	missing spans
	wrong   []string // texts that were typed twice, or out of order
	held    map[uint16]bool
	changed chan struct{} // closed and renewed when something is typed
}

func newTally() *tally { return &tally{held: map[uint16]bool{}, changed: make(chan struct{})} }

var _ inject.Injector = (*tally)(nil)

func (k *tally) do(f func()) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	f()
	close(k.changed)
	k.changed = make(chan struct{})
	return nil
}

// Text takes the next number.
func (k *tally) Text(s string) error {
	return k.do(func() {
		n, err := strconv.Atoi(s)
		if err != nil || n <= k.last {
			if len(k.wrong) < 10 {
				k.wrong = append(k.wrong, fmt.Sprintf("%q after %d", s, k.last))
			}
			return
		}
		for lost := k.last + 1; lost < n; lost++ {
			k.missing.add(lost)
		}
		k.last = n
	})
}

func (k *tally) Key(usage uint16, down bool, _ rune) error {
	return k.do(func() {
		if k.held[usage] = down; !down {
			delete(k.held, usage)
		}
	})
}

func (k *tally) ReleaseAll() error { return k.do(func() { clear(k.held) }) }

// Close lets go of all and is ready again, for the Guest's next screen.
func (k *tally) Close() error { return k.ReleaseAll() }

func (k *tally) MoveAbs(int, int) error { return nil }

func (k *tally) Button(int, bool) error { return nil }

func (k *tally) Wheel(int, int) error { return nil }

// Recover implements inject.Injector.
func (k *tally) Recover() error { return nil }

// state gives the last number, and how many keys are held.
func (k *tally) state() (last, held int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.last, len(k.held)
}

// unexcused says what is wrong but for numbers that are excused.
func (k *tally) unexcused(excused spans) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.wrong) > 0 {
		return fmt.Errorf("typed twice or out of order: %s", k.wrong)
	}
	for _, lost := range k.missing {
		for n := lost.from; n <= lost.to; n++ {
			if !excused.has(n) {
				return fmt.Errorf("number %d (of %d to %d, which are missing) was typed while the session had its connection", n, lost.from, lost.to)
			}
		}
	}
	return nil
}
