//go:build unix && !darwin

package capture

import "testing"

func TestBurstsAreWaitedForWhereTheyCome(t *testing.T) {
	var b burst
	for i := range loneBursts {
		if b.wait(16*settle) != settle {
			t.Fatalf("a short wait after %d drawings", i)
		}
		b.waited(false)
	}
	if b.wait(16*settle) != shortly {
		t.Error("a long wait though drawings come alone")
	}
	b.waited(true)
	if b.wait(16*settle) != settle {
		t.Error("a short wait after a burst")
	}
	for range loneBursts {
		b.waited(false)
	}
	if b.wait(settle/2) != settle {
		t.Error("a short wait after a burst was torn in two")
	}
}
