package screen

import (
	"testing"

	"impero/core/picture"
	"impero/core/wire"
)

// TestWorstUpdateFitsItsLimit measures what noise takes, and reckons with an update full of it.
func TestWorstUpdateFitsItsLimit(t *testing.T) {
	s := newScene(1, 512, 256, picture.BGRX)
	s.noise(s.f.Bounds())
	for _, codecs := range []Codecs{0, CodecJPEG} {
		e := NewEncoder(EncoderConfig{Codecs: codecs, Quality: maxQuality})
		out, _, _, err := e.Encode(nil, s.f, nil, nil, testStart)
		if err != nil {
			t.Fatal(err)
		}
		if worst := len(out) * (maxUpdateTiles * maxTileArea) / (512 * 256); worst > wire.MaxPictureBody {
			t.Errorf("codecs %d: %d bytes of noise would make an update of %d", codecs, len(out), worst)
		}
	}
}

// TestLargeScreenTakesSeveralUpdates sends a desktop of more tiles than one update may hold.
func TestLargeScreenTakesSeveralUpdates(t *testing.T) {
	s := newScene(1, 16384, 640, picture.BGRX)
	s.fill(s.f.Bounds(), 0x808080)
	s.text(picture.Rect{X: 16000, Y: 500, W: 300, H: 100}, 0)
	e := NewEncoder(EncoderConfig{Codecs: CodecJPEG})
	v := newViewer(picture.BGRX)
	updates := 0
	for e.Pending() {
		out, _, ok, err := e.Encode(nil, s.f, nil, nil, testStart)
		if err != nil || !ok {
			t.Fatalf("update %d: %v, %v", updates, ok, err)
		}
		v.feed(t, out)
		updates++
		if v.last.Exact == e.Pending() {
			t.Errorf("update %d: exact %v, pending %v", updates, v.last.Exact, e.Pending())
		}
	}
	if updates != 2 {
		t.Errorf("%d updates", updates)
	}
	v.same(t, s.f, "after all of them")
}

// TestUpdatesTakeLittleMemory holds the hot paths to a few allocations.
func TestUpdatesTakeLittleMemory(t *testing.T) {
	s := newScene(1, 640, 480, picture.BGRX)
	s.text(s.f.Bounds(), 0)
	e := NewEncoder(EncoderConfig{Codecs: CodecJPEG})
	v := newViewer(picture.BGRX)
	out, _ := encode(t, e, s, testStart)
	v.feed(t, out)
	rects := []picture.Rect{{X: 50, Y: 50, W: 10, H: 12}}
	i := uint32(0)
	if n := testing.AllocsPerRun(50, func() {
		i += 77
		s.fill(rects[0], i)
		s.dirty = s.dirty[:0]
		out, _, _, _ = e.Encode(out[:0], s.f, rects, nil, testStart)
	}); n > 14 {
		t.Errorf("%v allocations an update", n)
	}
	all := []picture.Rect{s.f.Bounds()}
	if n := testing.AllocsPerRun(50, func() { e.Encode(out[:0], s.f, all, nil, testStart) }); n > 2 {
		t.Errorf("%v allocations to find that nothing changed", n)
	}
}
