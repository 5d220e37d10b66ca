package host

import (
	"testing"
	"time"
)

func TestWhen(t *testing.T) {
	at := func(y int, m time.Month, d, h, min int) time.Time { return time.Date(y, m, d, h, min, 30, 0, zone) }
	for _, tc := range []struct {
		t     time.Time
		when  string
		since string
	}{
		{at(2026, 11, 24, 9, 12), "09:12", "since 09:12"},
		{at(2026, 11, 24, 0, 0), "00:00", "since 00:00"},
		{at(2026, 11, 24, 23, 59), "23:59", "since 23:59"}, // the clock was set back
		{at(2026, 11, 23, 23, 59), "Yesterday 23:59", "since yesterday 23:59"},
		{at(2026, 11, 19, 16, 22), "Thu 19 Nov, 16:22", "since Thu 19 Nov, 16:22"},
		{at(2026, 5, 3, 7, 5), "Sun 3 May, 07:05", "since Sun 3 May, 07:05"},
		{at(2025, 12, 31, 8, 0), "31 Dec 2025, 08:00", "since 31 Dec 2025, 08:00"},
	} {
		if got := when(tc.t, now).String(); got != tc.when {
			t.Errorf("when(%s) = %q, want %q", tc.t, got, tc.when)
		}
		if got := since(tc.t, now).String(); got != tc.since {
			t.Errorf("since(%s) = %q, want %q", tc.t, got, tc.since)
		}
	}
}

func TestWhenTakesTheClockOfHere(t *testing.T) {
	utc := time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC) // 00:30 today in zone
	if got := when(utc, now).String(); got != "00:30" {
		t.Errorf("when is %q, want 00:30", got)
	}
}
