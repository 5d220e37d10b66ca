package agent

import (
	"maps"
	"math"
	"slices"
	"time"

	"impero/core/capture"
	"impero/core/seam"
	"impero/core/wire"
)

const (
	// timesEvery is how often the viewers are told what their pictures took.
	timesEvery = time.Second
	// atOnce is what a source may take, beside fetching the picture, to give a change that was there before it was asked.
	atOnce = 3 * time.Millisecond
)

// times is what the pictures of about a second took.
type times struct {
	capture, encode, queue wire.Spans
	pictures               int
	since                  time.Time // the first of them
	held                   time.Time // since when nobody looks at the display although it may have changed; zero while it is watched
}

// hold notes that the display is not looked at from now on, if it was.
func (t *times) hold(now time.Time) {
	if t.held.IsZero() {
		t.held = now
	}
}

// captured notes a change of the display, which was asked for and came at these moments. One that came at once may be as old as
// the hold before.
func (t *times) captured(u *capture.Update, asked, came time.Time) {
	if len(u.Changed) == 0 {
		return
	}
	t.capture.Add(u.Took)
	wait := time.Duration(0)
	if !t.held.IsZero() && came.Sub(asked)-u.Took < atOnce {
		wait = asked.Sub(t.held)
	}
	t.queue.Add(wait)
}

// encoded notes an update that was made from start to now.
func (t *times) encoded(start, now time.Time) {
	if t.pictures == 0 {
		t.since = now
	}
	t.pictures++
	t.encode.Add(now.Sub(start))
}

// due is when to tell; the zero time while there is nothing to.
func (t *times) due() time.Time {
	if t.pictures == 0 {
		return time.Time{}
	}
	return t.since.Add(timesEvery)
}

// take gives what is due and begins anew.
func (t *times) take() (m wire.TimesMessage) {
	m.Updates = uint16(min(t.pictures, math.MaxUint16))
	t.pictures = 0
	_, m.Capture, m.Capture95 = t.capture.Take()
	_, m.Encode, m.Encode95 = t.encode.Take()
	_, m.Queue, m.Queue95 = t.queue.Take()
	return m
}

// tellTimes tells the viewers what their pictures took, once it is due.
func (s *show) tellTimes(now time.Time) error {
	if due := s.times.due(); due.IsZero() || now.Before(due) || len(s.viewers) == 0 {
		return nil
	}
	body := s.times.take().Append(nil)
	data := append(wire.AppendPictureHeader(nil, len(body), wire.PictureTimes), body...)
	return s.a.c.Send(&seam.Picture{Class: seam.ClassTimes, Viewers: slices.Sorted(maps.Keys(s.viewers)), Data: data})
}

// earlier is the earlier of two times; the zero time is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
