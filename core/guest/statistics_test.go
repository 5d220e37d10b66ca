package guest

import (
	"testing"
	"time"

	"impero/core/picture"
	"impero/core/screen"
	"impero/core/wire"
)

// decoded gives a decoder that has just taken an update of a fill and a copy.
func decoded(t *testing.T) *screen.Decoder {
	t.Helper()
	d := screen.NewDecoder(screen.DecoderConfig{Order: picture.RGBX})
	t.Cleanup(d.Close)
	layout := wire.LayoutMessage{Layout: 1, W: 64, H: 64, Monitors: []wire.LayoutMonitor{{W: 64, H: 64}}}
	if _, err := d.Decode(wire.PictureLayout, layout.Append(nil)); err != nil {
		t.Fatal(err)
	}
	update := wire.UpdateMessage{Sequence: 1, Layout: 1, Flags: wire.UpdateSync, Ops: []wire.PictureOp{
		{Kind: wire.OpFill, W: 64, H: 64, Colour: [3]byte{1, 2, 3}},
		{Kind: wire.OpCopy, W: 8, H: 8, FromX: 16, FromY: 16},
	}}
	if _, err := d.Decode(wire.PictureUpdate, update.Append(nil)); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTallyCountsCodecs(t *testing.T) {
	var c tally
	d := decoded(t)
	c.add(d, time.Now(), 0)
	c.add(d, time.Now(), 0)
	for i, s := range c.codecs {
		want := uint64(0)
		if k := Codec(i); k == Fill || k == Copy {
			want = 2
		}
		if s.Ops != want || (s.Bytes > 0) != (want > 0) {
			t.Errorf("%v: %d operations of %d bytes, not %d", Codec(i), s.Ops, s.Bytes, want)
		}
	}
}

func TestTallyCountsWithoutGarbage(t *testing.T) {
	var c tally
	d, now := decoded(t), time.Now()
	if n := testing.AllocsPerRun(100, func() { c.add(d, now, 0) }); n != 0 {
		t.Errorf("%v allocations an update", n)
	}
}

func TestDecodeTimesOfASecond(t *testing.T) {
	var c tally
	d, start := decoded(t), time.Now()
	if m, w := c.decode(start); m != 0 || w != 0 {
		t.Errorf("without an update: %v and %v", m, w)
	}
	c.add(d, start, time.Hour) // too long ago in the end
	for i := range 5 {
		c.add(d, start.Add(time.Second), time.Duration(i+1)*time.Millisecond)
	}
	if m, w := c.decode(start.Add(1500 * time.Millisecond)); m != 3*time.Millisecond || w != 5*time.Millisecond {
		t.Errorf("got %v and %v", m, w)
	}
	for range maxSpent {
		c.add(d, start.Add(time.Second), time.Millisecond)
	}
	if m, w := c.decode(start.Add(1500 * time.Millisecond)); m != time.Millisecond || w != time.Millisecond {
		t.Errorf("of more than are kept: %v and %v", m, w)
	}
	if m, w := c.decode(start.Add(time.Minute)); m != 0 || w != 0 {
		t.Errorf("after a still minute: %v and %v", m, w)
	}
}

func TestHostTimesGrowOld(t *testing.T) {
	now := time.Now()
	s := &Session{e: &Engine{now: func() time.Time { return now }}}
	told := screen.Times{Updates: 60, Encode: 4 * time.Millisecond}
	s.mu.Lock()
	s.take(screen.Result{Times: &told}, 0)
	s.mu.Unlock()
	if got := s.hostTimes(); got != told {
		t.Errorf("told %+v, known %+v", told, got)
	}
	now = now.Add(hostTimesLast + 1)
	if got := s.hostTimes(); got != (HostTimes{}) {
		t.Errorf("times of long ago are %+v", got)
	}
}
