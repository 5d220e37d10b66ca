package wire

import (
	"slices"
	"time"
)

// TimesMessage (PictureTimes, Host → Guest) tells what the updates of about the last second took at the Host, each time
// as the mean and as what 95 of 100 were within, in µs:
//
//	updates u16 · capture u32 · capture95 u32 · encode u32 · encode95 u32 · queue u32 · queue95 u32
//
// updates is never 0. capture is to fetch a picture from the display, encode to make the update of it, for all viewers
// together. queue is how long a picture waited: until the way to the Guests could take it, and until its last byte was sent.
type TimesMessage struct {
	Updates            uint16
	Capture, Capture95 uint32
	Encode, Encode95   uint32
	Queue, Queue95     uint32
}

// times are m's, in the order of the wire.
func (m *TimesMessage) times() [6]*uint32 {
	return [6]*uint32{&m.Capture, &m.Capture95, &m.Encode, &m.Encode95, &m.Queue, &m.Queue95}
}

// Append appends the body of m.
func (m TimesMessage) Append(b []byte) []byte {
	e := Encoder{B: b}
	e.U16(m.Updates)
	for _, t := range m.times() {
		e.U32(*t)
	}
	return e.B
}

// ParseTimesMessage reads a body that Append wrote. No time is above MaxPictureTime.
func ParseTimesMessage(b []byte) (TimesMessage, error) {
	d := Decoder{B: b}
	m := TimesMessage{Updates: d.U16()}
	if d.Err == nil && m.Updates == 0 {
		d.fail("times of no update")
	}
	for _, t := range m.times() {
		if *t = d.U32(); *t > MaxPictureTime {
			d.fail("%d µs in times, limit %d", *t, MaxPictureTime)
		}
	}
	if err := d.Close(); err != nil {
		return TimesMessage{}, err
	}
	return m, nil
}

// maxSpans is how many times a Spans keeps.
const maxSpans = 128

// Spans collects one of the times of a TimesMessage: the last 128. The zero value is empty; adding makes no garbage.
type Spans struct {
	n    int
	last [maxSpans]uint32 // µs
}

// Add takes one; more than MaxPictureTime counts as that.
func (s *Spans) Add(d time.Duration) {
	s.last[s.n%maxSpans] = uint32(max(0, min(d.Microseconds(), MaxPictureTime)))
	s.n++
}

// Take gives the mean and what 95 of 100 are within, in µs, and empties s; n is how many were added, with none all is 0.
func (s *Spans) Take() (n int, mean, most95 uint32) {
	n, s.n = s.n, 0
	kept := s.last[:min(n, maxSpans)]
	if n == 0 {
		return 0, 0, 0
	}
	slices.Sort(kept)
	sum := uint64(0)
	for _, v := range kept {
		sum += uint64(v)
	}
	return n, uint32(sum / uint64(len(kept))), kept[(len(kept)*95+99)/100-1]
}
