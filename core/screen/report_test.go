package screen

import (
	"testing"
	"time"

	"impero/core/picture"
	"impero/core/wire"
)

// TestReportsSayWhatWasSentHow compares reports with what arrived.
func TestReportsSayWhatWasSentHow(t *testing.T) {
	p := newParty(t, 1, 640, 448)
	clock := testStart
	p.g.cfg.Clock = func() time.Time {
		clock = clock.Add(time.Millisecond)
		return clock
	}
	bytes, kinds := 0, map[uint8]int{}
	v := (*guest)(nil)
	p.g.cfg.Report = func(r Report) {
		bytes += r.Bytes
		if len(r.Viewers) != 1 || r.Sequence == 0 || r.Took != time.Millisecond || r.Rate == 0 {
			t.Errorf("report %+v", r)
		}
		sum := 0
		for _, o := range r.Ops {
			kinds[o.Kind] += o.Rect.Area()
			sum += o.Bytes
		}
		if sum > r.Bytes+len(r.Ops)*opHead || sum+100+len(r.Ops)*8 < r.Bytes {
			t.Errorf("operations of %d bytes in an update of %d", sum, r.Bytes)
		}
	}
	v = p.join(1, 30*time.Millisecond)
	p.s.text(p.s.f.Bounds(), 0x303030)
	p.s.photo(picture.Rect{X: 64, Y: 64, W: 256, H: 192}, 0)
	p.rest()
	if bytes != v.bytes {
		t.Errorf("reports of %d bytes, %d arrived", bytes, v.bytes)
	}
	for _, kind := range []uint8{wire.OpSketch, wire.OpPalette, wire.OpJPEG, wire.OpRaw} {
		if kinds[kind] == 0 {
			t.Errorf("no operation of kind %d: %v", kind, kinds)
		}
	}
	if got := v.dec.Ops(nil); len(got) == 0 || got[0].Bytes < opHead {
		t.Errorf("the viewer's last update: %+v", got)
	}
	if d := p.g.groups[0].viewers[0].link.trips(); d < 30*time.Millisecond {
		t.Errorf("round trip %v", d)
	}
}

// TestViewersInStepShareAVideo has two viewers watch a film in step, and then one that falls behind.
func TestViewersInStepShareAVideo(t *testing.T) {
	p := newParty(t, 2, 640, 448)
	p.able.Codecs = CodecJPEG | CodecVP8
	for id := range uint32(2) {
		p.join(id+1, 2*time.Millisecond)
	}
	p.rest()
	p.offer(3 * time.Second)
	if len(p.g.groups) != 1 {
		t.Fatalf("%d groups", len(p.g.groups))
	}
	film := func(n int) {
		for i := range n {
			p.s.photo(picture.Rect{X: 64, Y: 64, W: 448, H: 320}, i*7)
			p.offer(16 * time.Millisecond)
		}
	}
	film(20)
	if p.encoders != 1 || p.decoders != 2 {
		t.Errorf("%d encoders and %d decoders for two viewers in step", p.encoders, p.decoders)
	}
	slow := p.viewers[2]
	slow.rate = 200e3
	from := p.viewers[1].last.Sequence
	film(60)
	if n := p.viewers[1].last.Sequence - from; n < 60 || p.encoders != 2 {
		t.Errorf("%d updates to the fast viewer while one lags, %d encoders", n, p.encoders)
	}
	slow.rate = 0
	p.rest()
	p.check("after rest")
	p.g.Close()
	for _, v := range p.viewers {
		v.dec.Close()
	}
	if p.encoders != 0 || p.decoders != 0 {
		t.Errorf("%d encoders and %d decoders left", p.encoders, p.decoders)
	}
}
