package guest

import (
	"time"

	"impero/core/picture"
)

// Painted is a rectangle of the picture that came.
type Painted struct {
	Rect picture.Rect
	As   Codec
	At   time.Time
}

// maxTraced is how many rectangles wait for Traced, 256 KiB; the older half makes room.
const maxTraced = 4096

// trace keeps how the picture came, while somebody wants to know. It costs nothing else.
type trace struct {
	on      bool
	painted []Painted
}

// add notes the operations of an update that t counted last.
func (r *trace) add(t *tally, at time.Time) {
	for i := range t.ops {
		c, ok := codecOf(t.ops[i].Kind)
		if !ok {
			continue
		}
		if len(r.painted) >= maxTraced {
			r.painted = r.painted[:copy(r.painted, r.painted[maxTraced/2:])]
		}
		r.painted = append(r.painted, Painted{t.ops[i].Rect, c, at})
	}
}

// Trace has the session keep how each rectangle of the picture comes, for Traced, or keep it no longer.
func (s *Session) Trace(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trace = trace{on: on}
}

// Traced appends what was painted since it was called last, in order; the oldest is missing if that was too much.
func (s *Session) Traced(out []Painted) []Painted {
	s.mu.Lock()
	defer s.mu.Unlock()
	out = append(out, s.trace.painted...)
	s.trace.painted = s.trace.painted[:0]
	return out
}
