package screen

import (
	"testing"
	"time"

	"impero/core/picture"
	"impero/core/wire"
)

// desk is a 1080p desktop full of text with a photograph in it.
func desk() *scene {
	s := newScene(1, 1920, 1080, picture.BGRX)
	s.fill(picture.Rect{X: 40, Y: 40, W: 1100, H: 1000}, 0xffffff)
	s.text(picture.Rect{X: 50, Y: 50, W: 1080, H: 980}, 0x202020)
	s.photo(picture.Rect{X: 1200, Y: 100, W: 640, H: 480}, 0)
	s.text(picture.Rect{X: 1200, Y: 620, W: 640, H: 400}, 0x802020)
	return s
}

// benchEncode measures Encode of what draw changes, and reports the bytes of an update.
func benchEncode(b *testing.B, draw func(s *scene, i int)) {
	s := desk()
	e := NewEncoder(EncoderConfig{Codecs: CodecJPEG})
	rects, moves := s.take()
	buf, _, _, err := e.Encode(nil, s.f, rects, moves, testStart)
	if err != nil {
		b.Fatal(err)
	}
	total, i := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		draw(s, i)
		i++
		rects, moves = s.take()
		b.StartTimer()
		if buf, _, _, err = e.Encode(buf[:0], s.f, rects, moves, testStart); err != nil {
			b.Fatal(err)
		}
		total += len(buf)
	}
	b.ReportMetric(float64(total)/float64(i), "B/update")
}

func typing(s *scene, i int) {
	r := picture.Rect{X: 60 + i%100*7, Y: 300 + i/100%40*12, W: 7, H: 12}
	s.fill(r, 0xffffff)
	s.glyph(r.X, r.Y, s.r.IntN(60), 0x202020)
	s.fill(picture.Rect{X: r.X + 8, Y: r.Y, W: 1, H: 11}, 0)
}

func scrolling(hints bool) func(s *scene, i int) {
	return func(s *scene, _ int) {
		s.scroll(picture.Rect{X: 50, Y: 50, W: 1080, H: 980}, 12)
		if !hints {
			s.moves = nil
		}
	}
}

func webPage(s *scene, i int) {
	s.scroll(picture.Rect{X: 1200, Y: 100, W: 640, H: 920}, 36)
	s.photo(picture.Rect{X: 1200, Y: 700 + i%8*30, W: 320, H: 200}, i*40)
}

func BenchmarkEncodeTyping(b *testing.B)         { benchEncode(b, typing) }
func BenchmarkEncodeScrollHinted(b *testing.B)   { benchEncode(b, scrolling(true)) }
func BenchmarkEncodeScrollUnhinted(b *testing.B) { benchEncode(b, scrolling(false)) }
func BenchmarkEncodeWeb(b *testing.B)            { benchEncode(b, webPage) }

// BenchmarkEncodePageBack turns between two pages that the viewers keep.
func BenchmarkEncodePageBack(b *testing.B) {
	s := desk()
	e := NewEncoder(EncoderConfig{Codecs: CodecJPEG, Cache: wire.MaxPictureCache})
	pages := [2]*picture.Frame{s.f, newScene(2, 1920, 1080, picture.BGRX).f}
	other := &scene{r: s.r, f: pages[1]}
	other.text(pages[1].Bounds(), 0x303030)
	all := []picture.Rect{s.f.Bounds()}
	now := testStart
	var buf []byte
	i := 0
	turn := func() {
		now = now.Add(time.Minute)
		buf, _, _, _ = e.Encode(buf[:0], pages[i&1], all, nil, now)
		i++
	}
	exact := func() {
		for !e.NextRefresh().IsZero() {
			e.Refresh(nil, e.NextRefresh())
		}
	}
	for range 4 {
		turn()
		exact()
	}
	b.ReportAllocs()
	for b.Loop() {
		turn()
	}
	b.ReportMetric(float64(len(buf)), "B/update")
}

func BenchmarkEncodePhoto(b *testing.B) {
	benchEncode(b, func(s *scene, i int) { s.photo(s.f.Bounds(), i*7) })
}

// BenchmarkEncodeFirst is the sync point of a 1080p desktop.
func BenchmarkEncodeFirst(b *testing.B) {
	s := desk()
	e := NewEncoder(EncoderConfig{Codecs: CodecJPEG})
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		e.Sync()
		buf, _, _, _ = e.Encode(buf[:0], s.f, nil, nil, testStart)
	}
	b.ReportMetric(float64(len(buf)), "B/update")
}

// BenchmarkCompare is Encode of a 1080p desktop, all of it damaged, nothing changed.
func BenchmarkCompare(b *testing.B) {
	s := desk()
	e := NewEncoder(EncoderConfig{})
	e.Encode(nil, s.f, nil, nil, testStart)
	all := []picture.Rect{s.f.Bounds()}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok, _ := e.Encode(nil, s.f, all, nil, testStart); ok {
			b.Fatal("a change where there is none")
		}
	}
}

// BenchmarkRefresh sends 120 tiles of a photograph without loss.
func BenchmarkRefresh(b *testing.B) {
	s := newScene(1, 1920, 1080, picture.BGRX)
	s.photo(s.f.Bounds(), 0)
	e := NewEncoder(EncoderConfig{Codecs: CodecJPEG})
	total, n := 0, 0
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		if e.NextRefresh().IsZero() {
			b.StopTimer()
			e.Sync()
			e.Encode(nil, s.f, nil, nil, testStart)
			b.StartTimer()
		}
		buf, _, _, _ = e.Refresh(buf[:0], testStart.Add(time.Second))
		total += len(buf)
		n++
	}
	b.ReportMetric(float64(total)/float64(n), "B/update")
}

// benchDecode measures Decode of n updates that draw made, over and over, from a sync point on.
func benchDecode(b *testing.B, n int, draw func(s *scene, i int)) {
	s := desk()
	e := NewEncoder(EncoderConfig{Codecs: CodecJPEG})
	var stream []byte
	for i := range n {
		if i > 0 {
			draw(s, i)
		}
		rects, moves := s.take()
		stream, _, _, _ = e.Encode(stream, s.f, rects, moves, testStart)
	}
	var split Splitter
	type message struct {
		kind uint8
		body []byte
	}
	var messages []message
	split.Feed(stream)
	for {
		kind, body, ok, _ := split.Next()
		if !ok {
			break
		}
		messages = append(messages, message{kind, body})
	}
	var d *Decoder
	at := len(messages)
	b.ReportAllocs()
	for b.Loop() {
		if at == len(messages) {
			b.StopTimer()
			d = NewDecoder(DecoderConfig{})
			for at = 0; at < len(messages) && at < 2; at++ {
				d.Decode(messages[at].kind, messages[at].body)
			}
			b.StartTimer()
		}
		m := messages[at]
		at++
		if _, err := d.Decode(m.kind, m.body); err != nil || m.kind != wire.PictureUpdate {
			b.Fatal(m.kind, err)
		}
	}
}

func BenchmarkDecodeTyping(b *testing.B) { benchDecode(b, 200, typing) }
func BenchmarkDecodeScroll(b *testing.B) { benchDecode(b, 50, scrolling(false)) }
func BenchmarkDecodeWeb(b *testing.B)    { benchDecode(b, 50, webPage) }
func BenchmarkDecodePages(b *testing.B) {
	benchDecode(b, 20, func(s *scene, i int) {
		s.fill(s.f.Bounds(), 0xffffff)
		s.text(s.f.Bounds(), uint32(i)*0x112233&0x7f7f7f)
	})
}
func BenchmarkDecodePhoto(b *testing.B) {
	benchDecode(b, 20, func(s *scene, i int) { s.photo(s.f.Bounds(), i*7) })
}
