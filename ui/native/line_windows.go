package native

import (
	"sync"
	"time"
)

// linePatience is how long a key waits for one that passed before it: the
// message of that may have gone to another window.
const linePatience = 200 * time.Millisecond

// waitingLine keeps taken keys in order with those that pass: these come to the
// window as messages, in their order, when the window gets to it. The zero
// waitingLine is empty.
type waitingLine struct {
	mu           sync.Mutex // guards the rest
	keys         []waitingKey
	passed, seen uint64 // keys that the hook let pass; that the window has got
}

// waitingKey is a taken key.
type waitingKey struct {
	scancode int
	down     bool
	after    uint64 // passed keys that come before it
	since    time.Time
}

// join puts a taken key at the end of the line.
func (l *waitingLine) join(scancode int, down bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keys = append(l.keys, waitingKey{scancode, down, l.passed, time.Now()})
}

// pass counts a key that goes to the window.
func (l *waitingLine) pass() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.passed++
}

// arrived counts a key that the window is about to get, and gives the taken ones
// that come before it.
func (l *waitingLine) arrived() []waitingKey {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = min(l.seen+1, l.passed)
	n := 0
	for n < len(l.keys) && l.keys[n].after < l.seen {
		n++
	}
	before := l.keys[:n:n]
	l.keys = l.keys[n:]
	return before
}

// next gives the first of the line if it is due; wait tells that another key
// must come before it.
func (l *waitingLine) next() (k waitingKey, due, wait bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.keys) == 0 {
		return k, false, false
	}
	k = l.keys[0]
	if k.after > l.seen {
		if time.Since(k.since) < linePatience {
			return k, false, true
		}
		l.seen = k.after
	}
	l.keys = l.keys[1:]
	return k, true, false
}

func (l *waitingLine) length() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.keys)
}

// afterPatience calls f when a key that waits now has waited long enough.
func afterPatience(f func()) { time.AfterFunc(linePatience, f) }
