package guest

import (
	"slices"
	"time"

	"impero/core/screen"
	"impero/core/wire"
)

// Statistics is what a session has done, and how it does now.
type Statistics struct {
	Stats
	// Codecs counts what the picture was made of since the session began, by Codec.
	Codecs [Codecs]Share
	// DecodeMedian and DecodeWorst are of the updates of the last second, at most 128; 0 if there were none.
	DecodeMedian, DecodeWorst time.Duration
	// Queued is how many bytes of the screen have come and wait to be decoded.
	Queued int
	// Host is what the Host told of the pictures of about the last second; zero if it told nothing.
	Host HostTimes
}

// HostTimes is what pictures took at the Host: the mean, and what 95 of 100 were within.
type HostTimes = screen.Times

// hostTimesLast is how long what the Host told counts: it tells once a second while its picture changes.
const hostTimesLast = 2 * time.Second

// Share is what one codec carried.
type Share struct {
	Ops   uint64 // rectangles
	Bytes uint64 // on the wire, before encryption; palettes and raws of an update share its bytes by area
}

// Codec is a way in which a rectangle of the picture is sent.
type Codec uint8

// The codecs; Codecs is how many there are.
const (
	JPEG    Codec = 0
	Palette Codec = 1
	Raw     Codec = 2
	Fill    Codec = 3
	Copy    Codec = 4
	Video   Codec = 5
	Cached  Codec = 6
	Sketch  Codec = 7
	Codecs        = 8
)

var codecNames = [Codecs]string{"jpeg", "palette", "raw", "fill", "copy", "video", "cached", "sketch"}

// String is the codec's name in lower case.
func (c Codec) String() string { return codecNames[c] }

// codecOf gives the codec of an operation; what paints nothing has none.
func codecOf(kind uint8) (c Codec, ok bool) {
	switch kind {
	case wire.OpJPEG:
		return JPEG, true
	case wire.OpPalette:
		return Palette, true
	case wire.OpRaw:
		return Raw, true
	case wire.OpFill:
		return Fill, true
	case wire.OpCopy:
		return Copy, true
	case wire.OpVideo:
		return Video, true
	case wire.OpCached:
		return Cached, true
	case wire.OpSketch:
		return Sketch, true
	}
	return 0, false
}

// maxSpent is how many decode times are remembered: those of a second, and a whole number of them in 2⁶⁴.
const maxSpent = 128

// tally counts the updates of a session. An update costs it a look at each operation; the rest is for who asks.
type tally struct {
	codecs [Codecs]Share
	ops    []screen.SentOp // room for the next update
	spent  [maxSpent]struct {
		at   time.Time
		took time.Duration
	}
	count uint64 // updates
}

// add counts the update that d decoded last.
func (t *tally) add(d *screen.Decoder, at time.Time, took time.Duration) {
	t.ops = d.Ops(t.ops[:0])
	for i := range t.ops {
		if c, ok := codecOf(t.ops[i].Kind); ok {
			t.codecs[c].Ops++
			t.codecs[c].Bytes += uint64(t.ops[i].Bytes)
		}
	}
	now := &t.spent[t.count%maxSpent]
	now.at, now.took = at, took
	t.count++
}

// decode gives the median and the longest decode time of the second before now.
func (t *tally) decode(now time.Time) (median, worst time.Duration) {
	var last []time.Duration
	for _, s := range t.spent[:min(t.count, maxSpent)] {
		if now.Sub(s.at) <= time.Second {
			last = append(last, s.took)
		}
	}
	if len(last) == 0 {
		return 0, 0
	}
	slices.Sort(last)
	return last[len(last)/2], last[len(last)-1]
}

// hostTimes gives what the Host told, if it counts still; mu is held.
func (s *Session) hostTimes() HostTimes {
	if s.e.now().Sub(s.timed) > hostTimesLast {
		return HostTimes{}
	}
	return s.times
}

// Statistics gives all that is known of how the session does. It costs more than Stats: it is meant for about once a
// second.
func (s *Session) Statistics() Statistics {
	var st Statistics
	s.mu.Lock()
	st.Codecs = s.tally.codecs
	st.DecodeMedian, st.DecodeWorst = s.tally.decode(s.e.now())
	st.Host = s.hostTimes()
	s.mu.Unlock()
	st.Stats = s.Stats()
	if screen := s.stream.Load(); screen != nil {
		st.Queued = screen.Waiting()
	}
	return st
}
