//go:build cgo

package video

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"impero/core/picture"
	"impero/core/screen"
	"impero/core/wire"
)

// TestCodecsGiveTheirMemoryBack: videos that begin and end, of all sizes and side by side, leave nothing behind.
func TestCodecsGiveTheirMemoryBack(t *testing.T) {
	var h264 screen.VideoFormat
	for _, v := range Formats() {
		if v.Number == wire.VideoH264 {
			h264 = v
		}
	}
	const most = (320 + 64*19) * (240 + 32*17) * 4
	pixels := new([4][most]byte) // kept, so that what grows is the codecs'
	round := func() {
		var side sync.WaitGroup
		for worker := range 4 {
			side.Go(func() {
				var kept screen.VideoEncoder
				for n := range 6 {
					w, h := 320+64*((n*5+worker*3)%20), 240+32*((n*7+worker)%18)
					enc, err := h264.NewEncoder(w, h, screen.ContentFilm)
					if err != nil {
						t.Error(err)
						return
					}
					f := &picture.Frame{W: w, H: h, Order: picture.BGRX, Pix: pixels[worker][:w*h*4]}
					if _, _, err := enc.Encode(nil, f, f.Bounds(), true, 30); err != nil {
						t.Error(err)
					}
					if kept != nil {
						kept.Close()
					}
					kept = enc
				}
				kept.Close()
			})
		}
		side.Wait()
	}
	round()
	before := resident(t)
	for range 12 {
		round()
	}
	t.Logf("resident: %d MB, then %d MB", before>>20, resident(t)>>20)
	if after := resident(t); after > before+60<<20 {
		t.Errorf("%d MB became %d MB", before>>20, after>>20)
	}
}

// resident is how many bytes of memory this process has now.
func resident(t *testing.T) uint64 {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err := strconv.ParseUint(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return kib << 10
		}
	}
	t.Fatal("the system does not say")
	return 0
}
