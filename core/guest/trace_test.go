package guest

import (
	"slices"
	"testing"
	"time"

	"impero/core/picture"
	"impero/core/screen"
)

func TestTraceKeepsHowThePictureCame(t *testing.T) {
	now := time.Now()
	s := &Session{e: &Engine{now: func() time.Time { return now }}, shown: shown{decoder: decoded(t)}}
	update := func() { s.take(screen.Result{Sequence: 1}, 0) }
	update()
	s.Trace(true)
	if got := s.Traced(nil); len(got) != 0 {
		t.Errorf("before it was on: %v", got)
	}
	update()
	want := []Painted{{picture.Rect{W: 64, H: 64}, Fill, now}, {picture.Rect{W: 8, H: 8}, Copy, now}}
	if got := s.Traced(nil); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	now = now.Add(1)
	for range maxTraced {
		update()
	}
	if got := s.Traced(nil); len(got) > maxTraced || len(got) < maxTraced/2 || got[len(got)-1].As != Copy || got[len(got)-1].At != now {
		t.Errorf("of too much %d are kept", len(got))
	}
	s.Trace(false)
	update()
	if got := s.Traced(nil); len(got) != 0 {
		t.Errorf("after it was on: %v", got)
	}
}

func TestTraceCostsNothingWhenOff(t *testing.T) {
	now := time.Now()
	s := &Session{e: &Engine{now: func() time.Time { return now }}, shown: shown{decoder: decoded(t)}}
	if n := testing.AllocsPerRun(100, func() { s.take(screen.Result{Sequence: 1}, 0) }); n != 0 || cap(s.trace.painted) != 0 {
		t.Errorf("%v allocations an update", n)
	}
}
