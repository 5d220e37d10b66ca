package wire

import (
	"testing"
	"time"
)

func TestSpansGiveMeanAndPercentile(t *testing.T) {
	var s Spans
	if n, mean, most := s.Take(); n != 0 || mean != 0 || most != 0 {
		t.Errorf("of none: %d, %d, %d", n, mean, most)
	}
	for i := range 100 {
		s.Add(time.Duration(100-i) * time.Microsecond)
	}
	if n, mean, most := s.Take(); n != 100 || mean != 50 || most != 95 {
		t.Errorf("of 1 to 100: %d, %d, %d", n, mean, most)
	}
	s.Add(time.Hour)
	s.Add(-time.Hour)
	if n, mean, most := s.Take(); n != 2 || mean != MaxPictureTime/2 || most != MaxPictureTime {
		t.Errorf("beyond the limits: %d, %d, %d", n, mean, most)
	}
	for range maxSpans {
		s.Add(time.Second)
	}
	for range maxSpans {
		s.Add(time.Millisecond)
	}
	if n, mean, most := s.Take(); n != 2*maxSpans || mean != 1000 || most != 1000 {
		t.Errorf("of more than are kept: %d, %d, %d", n, mean, most)
	}
}

func TestSpansMakeNoGarbage(t *testing.T) {
	var s Spans
	if n := testing.AllocsPerRun(100, func() { s.Add(time.Millisecond); s.Take() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
