package day

import (
	"testing"
	"time"
)

func TestEveryDayAndMonthHasItsWord(t *testing.T) {
	words := map[string]bool{}
	for d := range 7 {
		words[Weekday(time.Weekday(d)).String()] = true
	}
	for m := time.January; m <= time.December; m++ {
		if got := Month(m).String(); got != m.String()[:3] {
			t.Errorf("month %s is %q", m, got)
		}
	}
	if len(words) != 7 {
		t.Errorf("the days have %d words: %v", len(words), words)
	}
}

func TestBetweenCountsMidnights(t *testing.T) {
	zone := time.FixedZone("here", 3600)
	now := time.Date(2026, 11, 24, 0, 10, 0, 0, zone)
	for want, then := range map[int]time.Time{
		0:  time.Date(2026, 11, 23, 23, 5, 0, 0, time.UTC), // 00:05 here
		1:  time.Date(2026, 11, 23, 23, 59, 0, 0, zone),
		31: time.Date(2026, 10, 24, 12, 0, 0, 0, zone),
		-1: time.Date(2026, 11, 25, 0, 0, 0, 0, zone),
	} {
		if got := Between(then, now); got != want {
			t.Errorf("%v to %v: %d days, want %d", then, now, got, want)
		}
	}
}
