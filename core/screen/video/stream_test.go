package video

import (
	"bytes"
	"testing"
	"time"

	"impero/core/picture"
	"impero/core/screen"
)

// TestFilmOnAScreen plays a film on a screen, from Encoder to Decoder, and then lets the screen be calm.
func TestFilmOnAScreen(t *testing.T) {
	for _, v := range Formats() {
		e := screen.NewEncoder(screen.EncoderConfig{Codecs: screen.CodecJPEG | v.Codec(), Video: Formats()})
		d := screen.NewDecoder(screen.DecoderConfig{Order: picture.RGBX, Video: Formats()})
		f := picture.NewFrame(800, 601, picture.BGRX)
		r := picture.Rect{X: 64, Y: 128, W: 640, H: 473} // to the lower edge, whose last row is an odd one
		now := time.Unix(1_700_000_000, 0)
		var split screen.Splitter
		var last screen.Result
		show := func(b []byte) {
			split.Feed(b)
			for {
				kind, body, ok, err := split.Next()
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					return
				}
				if last, err = d.Decode(kind, body); err != nil {
					t.Fatal(err)
				}
			}
		}
		tiles, video := 0, 0
		for i := range 40 {
			film(f, r, i)
			now = now.Add(time.Second / 30)
			out, _, ok, err := e.Encode(nil, f, []picture.Rect{r}, nil, now)
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			show(out)
			switch {
			case i == 7:
				tiles = len(out)
			case i == 39:
				video = len(out)
			}
			if q := psnr(f, d.Frame(), r); i > 20 && q < 33 {
				t.Errorf("format %d, picture %d: %.1f dB", v.Number, i, q)
			}
		}
		if video*2 > tiles {
			t.Errorf("format %d: %d bytes a picture, %d as photographs", v.Number, video, tiles)
		}
		for !e.NextRefresh().IsZero() {
			now = e.NextRefresh()
			out, _, _, err := e.Refresh(nil, now)
			if err != nil {
				t.Fatal(err)
			}
			show(out)
		}
		g := d.Frame()
		swapped := bytes.Clone(g.Pix)
		for i := 0; i < len(swapped); i += 4 {
			swapped[i], swapped[i+2] = swapped[i+2], swapped[i]
		}
		if !last.Exact || !bytes.Equal(swapped, f.Pix) {
			t.Errorf("format %d: after calm the picture is not exact", v.Number)
		}
		e.Close()
		d.Close()
	}
}

// BenchmarkFilm is a film on all of a 1080p screen, from Encoder to Decoder.
func BenchmarkFilm(b *testing.B) {
	for _, v := range Formats() {
		for _, decode := range []bool{false, true} {
			b.Run(map[uint8]string{1: "H264", 2: "VP8"}[v.Number]+map[bool]string{false: "/encode", true: "/decode"}[decode], func(b *testing.B) {
				e := screen.NewEncoder(screen.EncoderConfig{Codecs: screen.CodecJPEG | v.Codec(), Video: Formats()})
				defer e.Close()
				d := screen.NewDecoder(screen.DecoderConfig{Video: Formats()})
				defer d.Close()
				f := picture.NewFrame(1920, 1080, picture.BGRX)
				now := time.Unix(1_700_000_000, 0)
				var split screen.Splitter
				var out []byte
				total, i := 0, 0
				step := func() {
					film(f, f.Bounds(), i)
					i++
					now = now.Add(time.Second / 30)
				}
				encode := func() {
					out, _, _, _ = e.Encode(out[:0], f, []picture.Rect{f.Bounds()}, nil, now)
					total += len(out)
				}
				show := func() {
					split.Feed(out)
					for {
						kind, body, ok, _ := split.Next()
						if !ok {
							return
						}
						if _, err := d.Decode(kind, body); err != nil {
							b.Fatal(err)
						}
					}
				}
				for range 12 {
					step()
					encode()
					show()
				}
				total, i = 0, 0
				b.ReportAllocs()
				for b.Loop() {
					b.StopTimer()
					step()
					if decode {
						encode()
						b.StartTimer()
						show()
					} else {
						b.StartTimer()
						encode()
						b.StopTimer()
						show()
						b.StartTimer()
					}
				}
				b.ReportMetric(float64(total)/float64(i), "B/update")
			})
		}
	}
}
