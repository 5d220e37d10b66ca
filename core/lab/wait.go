package lab

import (
	"testing"
	"time"
)

// lookEvery is how often WaitFor asks: often enough to be no part of a
// measured time, seldom enough to cost nothing.
const lookEvery = 10 * time.Millisecond

// WaitFor asks happened again and again until it is true, and fails the test
// with what was awaited if that takes longer than limit. It is for what only
// looking can tell (a window on a screen); what can be received from a channel
// should be.
func WaitFor(t testing.TB, limit time.Duration, what string, happened func() bool) {
	t.Helper()
	end := time.NewTimer(limit)
	defer end.Stop()
	next := time.NewTicker(lookEvery)
	defer next.Stop()
	for !happened() {
		select {
		case <-next.C:
		case <-end.C:
			if happened() { // the machine was busy, not the part under test
				return
			}
			t.Fatalf("waited %v in vain for %s", limit, what)
		}
	}
}
