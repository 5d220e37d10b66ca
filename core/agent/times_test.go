package agent

import (
	"testing"
	"time"

	"impero/core/capture"
	"impero/core/picture"
	"impero/core/wire"
)

func TestTimesOfASecond(t *testing.T) {
	var s times
	start := time.Now()
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	changed := &capture.Update{Changed: []picture.Rect{{W: 1, H: 1}}, Took: 2 * time.Millisecond}
	if !s.due().IsZero() {
		t.Error("times of nothing are due")
	}
	s.captured(&capture.Update{CursorMoved: true}, at(0), at(1)) // no picture
	s.captured(changed, at(0), at(2))
	s.encoded(at(2), at(6))
	s.hold(at(10))
	s.hold(at(20))
	s.captured(changed, at(50), at(52)) // it waited since 10
	s.held = time.Time{}
	s.encoded(at(52), at(54))
	s.hold(at(60))
	s.captured(changed, at(70), at(100)) // it came later
	if s.due() != at(1006) {
		t.Errorf("due %v after the start", s.due().Sub(start))
	}
	want := wire.TimesMessage{Updates: 2, Capture: 2000, Capture95: 2000, Encode: 3000, Encode95: 4000, Queue: 40000 / 3, Queue95: 40000}
	if got := s.take(); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := s.take(); got != (wire.TimesMessage{}) || !s.due().IsZero() {
		t.Errorf("afterwards %+v", got)
	}
}

func TestEarlierOfTwoTimes(t *testing.T) {
	never, now := time.Time{}, time.Now()
	later := now.Add(1)
	for _, c := range [][3]time.Time{{never, never, never}, {now, never, now}, {never, now, now}, {now, later, now}, {later, now, now}} {
		if got := earlier(c[0], c[1]); got != c[2] {
			t.Errorf("earlier of %v and %v is %v", c[0], c[1], got)
		}
	}
}
