package screen

import (
	"testing"
	"time"

	"impero/core/picture"
)

// TestAViewerThatStopsHoldsNobodyUp lets two viewers come together, and one of them acknowledge nothing more.
func TestAViewerThatStopsHoldsNobodyUp(t *testing.T) {
	g := NewGroups(GroupsConfig{})
	f := picture.NewFrame(64, 64, picture.BGRX)
	now := time.Unix(1000, 0)
	stopped := false
	offer := func() (served bool) {
		f.Pix[0]++
		now = now.Add(time.Second)
		packets, err := g.Offer(f, []picture.Rect{f.Bounds()}, nil, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range packets {
			for _, v := range p.Viewers {
				if p.Seq == 0 || v == 1 && stopped {
					continue
				}
				served = served || v == 2
				if err := g.Ack(v, p.Seq, now); err != nil {
					t.Fatal(err)
				}
			}
		}
		return served
	}
	for id := range uint32(2) {
		if err := g.Join(id+1, Abilities{Codecs: CodecJPEG}); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; len(g.groups) > 1; i++ {
		if offer(); i > 20 {
			t.Fatal("two viewers with the same picture do not come together")
		}
	}
	stopped = true
	for i := range 10 {
		if !g.Ready(now) {
			t.Fatalf("after %d updates nobody is ready, though one viewer acknowledged all", i)
		}
		if !offer() {
			t.Fatalf("update %d was not given to the viewer that keeps up", i)
		}
	}
}
