package screen

import (
	"slices"
	"time"

	"impero/core/picture"
)

// group is an Encoder and those who get its updates.
type group struct {
	enc     *Encoder
	viewers []*groupViewer
	moves   []picture.Move // since the last update, the newest first
	blocked time.Time      // when it last had something to send that a viewer could not take
	shape   uint64         // the cursor they have
	place   uint64         // the pointer's place they have
}

// groupViewer is one viewer and what is known of the way to it.
type groupViewer struct {
	id   uint32
	link link
}

// ready says whether every viewer can take an update.
func (gr *group) ready(now time.Time) bool {
	return !slices.ContainsFunc(gr.viewers, func(v *groupViewer) bool { return !v.link.ready(now) })
}

// hungry notes that the viewers' ways are wanted to carry more.
func (gr *group) hungry() {
	for _, v := range gr.viewers {
		v.link.hungry = true
	}
}

// free is when every viewer can take an update; ok is false if one must acknowledge something first.
func (gr *group) free() (t time.Time, ok bool) {
	for _, v := range gr.viewers {
		free, ok := v.link.waits()
		if !ok {
			return t, false
		}
		if free.After(t) {
			t = free
		}
	}
	return t, true
}

// idle says whether every viewer can take a refresh.
func (gr *group) idle() bool {
	return !slices.ContainsFunc(gr.viewers, func(v *groupViewer) bool { return !v.link.idle() })
}

// behind is when the first of the viewers counts as one that does not keep up; ok is false if that is said of none, or of all.
func (gr *group) behind() (first time.Time, ok bool) {
	n := 0
	for _, v := range gr.viewers {
		if at := v.link.behind(); at.Before(never) {
			if n++; n == 1 || at.Before(first) {
				first = at
			}
		}
	}
	return first, n > 0 && n < len(gr.viewers)
}

// lags says whether a viewer does not keep up: its losses are not for others.
func (gr *group) lags(now time.Time) bool {
	return slices.ContainsFunc(gr.viewers, func(v *groupViewer) bool { return !now.Before(v.link.behind()) })
}

// carries is the rate of the slowest viewer's way.
func (gr *group) carries() (rate float64) {
	for _, v := range gr.viewers {
		r := v.link.carries()
		if r == 0 {
			r = firstRate
		}
		if rate == 0 || r < rate {
			rate = r
		}
	}
	return rate
}

// wide is the most that the slowest viewer's way may carry, for all that is known; 0 if it may be anything.
func (gr *group) wide() (rate float64) {
	for _, v := range gr.viewers {
		if r := v.link.wide(); r > 0 && (rate == 0 || r < rate) {
			rate = r
		}
	}
	return rate
}

// send makes a packet of b for the whole group.
func (gr *group) send(packets []Packet, seq uint32, b []byte, refresh bool, now time.Time) []Packet {
	p := Packet{Seq: seq, Bytes: slices.Clone(b)}
	for _, v := range gr.viewers {
		p.Viewers = append(p.Viewers, v.id)
		if seq != 0 {
			v.link.sent(seq, len(b), refresh, now)
		}
	}
	return append(packets, p)
}
