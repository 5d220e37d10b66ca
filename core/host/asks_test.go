package host

import (
	"fmt"
	"testing"
	"time"

	"impero/core/seam"
)

// TestWhoAsksAgainWaits: one question of somebody at a time, and after each that came to nothing a longer pause.
func TestWhoAsksAgainWaits(t *testing.T) {
	var a asks
	now := time.Unix(1_700_000_000, 0)
	heard := make(chan seam.Answer, 1)
	ask := func(who string) (uint32, time.Duration, bool) { return a.begin(who, heard, now) }
	id, _, ok := ask("ann")
	if !ok {
		t.Fatal("the first question is refused")
	}
	if _, wait, ok := ask("ann"); ok || wait != askPause {
		t.Errorf("a second at the same time: %v, in %v", ok, wait)
	}
	other, _, ok := ask("ben")
	if !ok {
		t.Error("somebody else may not ask")
	}
	a.end(other, "ben", false, now)
	for n, want := range []time.Duration{5, 10, 20, 40, 80, 160, 300, 300} {
		a.end(id, "ann", true, now)
		if _, wait, ok := ask("ann"); ok || wait != want*time.Second {
			t.Errorf("after %d in vain: %v, in %v", n+1, ok, wait)
		}
		now = now.Add(want * time.Second)
		if id, _, ok = ask("ann"); !ok {
			t.Fatalf("after %d in vain and the pause it is refused", n+1)
		}
	}
	a.end(id, "ann", true, now)
	now = now.Add(maxAskPause + askMemory + time.Second)
	if id, _, ok = ask("ann"); !ok {
		t.Fatal("an hour later it is refused")
	}
	a.end(id, "ann", true, now)
	if _, wait, _ := ask("ann"); wait != askPause {
		t.Errorf("an hour later it waits %v", wait)
	}
	now = now.Add(askPause)
	if id, _, ok = ask("ann"); !ok {
		t.Fatal("after that pause it is refused")
	}
	a.end(id, "ann", false, now)
	if id, _, ok = ask("ann"); !ok {
		t.Error("who was let in may not ask again")
	}
	a.end(id, "ann", true, now)
	if _, wait, _ := ask("ann"); wait != askPause {
		t.Errorf("who was let in waits %v then", wait)
	}
	for n := range 3 * maxAskers {
		who := fmt.Sprint(n)
		if id, _, ok := ask(who); ok {
			a.end(id, who, true, now)
		}
	}
	if len(a.askers) > maxAskers || len(a.of) > 0 {
		t.Errorf("%d askers and %d questions are kept", len(a.askers), len(a.of))
	}
}
