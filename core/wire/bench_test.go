package wire

import (
	"bytes"
	"errors"
	"runtime"
	"testing"
)

// hot are the messages that come most.
func hot() []struct {
	name   string
	stream uint32
	m      Message
} {
	return []struct {
		name   string
		stream uint32
		m      Message
	}{
		{"Key", 1, &Key{4, true, 'a'}},
		{"Pointer", 1, &Pointer{3, 1920, 1079}},
		{"Button", 1, &Button{1, true}},
		{"Wheel", 1, &Wheel{0, 1}},
		{"ScreenAck", 1, &ScreenAck{7}},
		{"StreamCredit", 1, &StreamCredit{1 << 19, 1 << 20}},
		{"Ping", 0, &Ping{1}},
		{"Pong", 0, &Pong{1}},
		{"StreamData16K", 1, &StreamData{0, make([]byte, MaxRecord-TagLen-FrameHeaderLen-4)}},
	}
}

func TestHotPathsDoNotAllocate(t *testing.T) {
	buf := make([]byte, 0, MaxRecord)
	for _, h := range hot() {
		if n := testing.AllocsPerRun(100, func() { buf = AppendMessage(buf[:0], h.stream, h.m) }); n != 0 {
			t.Errorf("appending a %s allocates %v times", h.name, n)
		}
	}
	buf = buf[:0]
	for range 100 {
		buf = AppendMessage(buf, 1, &Pointer{3, 1920, 1079})
	}
	frames := 0
	if n := testing.AllocsPerRun(100, func() {
		frames = 0
		for rest := buf; len(rest) > 0; frames++ {
			var err error
			if _, rest, err = NextFrame(rest); err != nil {
				panic(err)
			}
		}
	}); n != 0 || frames != 100 {
		t.Errorf("walking %d frames allocates %v times", frames, n)
	}
	record := append(Header{uint32(len(buf)), ChannelControl, EpochClear}.Append(nil), buf...)
	into, r := make([]byte, MaxRecord), bytes.NewReader(nil)
	if n := testing.AllocsPerRun(100, func() {
		r.Reset(record)
		if _, _, err := ReadRecord(r, into, MaxRecord); err != nil {
			panic(err)
		}
	}); n != 0 {
		t.Errorf("reading a record allocates %v times", n)
	}
}

// TestHostileLengthsDoNotAllocate gives each decoder the largest length there is and almost nothing behind it.
func TestHostileLengthsDoNotAllocate(t *testing.T) {
	full := bytes.Repeat([]byte{0xff}, 64)
	for _, s := range Specs() {
		body := full
		if s.Type == TypeGuestHello || s.Type == TypeHostHello {
			body = append(make([]byte, guestLevelsAt), full...)
		}
		const runs = 100
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range runs {
			if _, err := Parse(s.Type, body); err != nil && !errors.Is(err, ErrMalformed) {
				t.Fatal(err)
			}
		}
		runtime.ReadMemStats(&after)
		if used := (after.TotalAlloc - before.TotalAlloc) / runs; used > 4<<10 {
			t.Errorf("a hostile %s takes %d bytes", s.Name, used)
		}
	}
}

func BenchmarkAppendMessage(b *testing.B) {
	for _, h := range hot() {
		b.Run(h.name, func(b *testing.B) {
			buf := make([]byte, 0, MaxRecord)
			b.ReportAllocs()
			b.SetBytes(int64(len(AppendMessage(nil, h.stream, h.m))))
			for b.Loop() {
				buf = AppendMessage(buf[:0], h.stream, h.m)
			}
		})
	}
}

func BenchmarkNextFrame(b *testing.B) {
	for _, h := range hot() {
		b.Run(h.name, func(b *testing.B) {
			frame := AppendMessage(nil, h.stream, h.m)
			b.ReportAllocs()
			b.SetBytes(int64(len(frame)))
			for b.Loop() {
				if _, _, err := NextFrame(frame); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	for _, h := range hot() {
		b.Run(h.name, func(b *testing.B) {
			f := frameOf(move{stream: h.stream, m: h.m})
			spec, _ := Lookup(f.Type)
			k, ch := Checker{From: spec.From & FromGuest, State: StateOpen}, spec.Channel
			if ch == 0 {
				ch = ChannelScreen
			}
			b.ReportAllocs()
			b.SetBytes(int64(FrameHeaderLen + len(f.Body)))
			for b.Loop() {
				if _, err := k.Check(ch, f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
