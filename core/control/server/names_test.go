package server

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestANameKeepsNobodyElseWaiting: a name that the system takes long to find is waited for by those who want it alone, and asked for once.
func TestANameKeepsNobodyElseWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n names
		asked, free := 0, make(chan struct{})
		got := make(chan string, 2)
		slow := func() { got <- n.of("1001", func() string { asked++; <-free; return "ann" }) }
		go slow()
		synctest.Wait()
		go slow()
		if text := n.of("1002", func() string { return "ben" }); text != "ben" {
			t.Errorf("meanwhile 1002 is %q", text)
		}
		close(free)
		if a, b := <-got, <-got; a != "ann" || b != "ann" || asked != 1 {
			t.Errorf("1001 is %q and %q, asked for %d times", a, b, asked)
		}
		time.Sleep(nameTime)
		if text := n.of("1001", func() string { return "anna" }); text != "anna" {
			t.Errorf("a minute later it is %q", text)
		}
	})
}
