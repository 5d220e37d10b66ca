package wire

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
)

// The fuzz targets are seeded with the vectors. Run one with "go test -run - -fuzz FuzzParse".

// FuzzParse: no body of any message panics, and what does not parse is malformed.
func FuzzParse(f *testing.F) {
	for _, v := range readVectors(f) {
		if v.kind == "message" {
			f.Add(uint16(typeByName(v.name)), v.data)
		}
	}
	f.Fuzz(func(t *testing.T, number uint16, body []byte) {
		m, err := Parse(Type(number), body)
		if (m == nil) == (err == nil) || err != nil && !errors.Is(err, ErrMalformed) {
			t.Fatalf("message %#x: %v, %v", number, m, err)
		}
		if m != nil && m.Type() != Type(number) {
			t.Fatalf("message %#x parses to %T", number, m)
		}
	})
}

// FuzzCanonical: what parses encodes to the same bytes, and its layout line takes it apart.
func FuzzCanonical(f *testing.F) {
	kinds := []string{"message", "preamble", "answer", "header", "frame"}
	for _, v := range readVectors(f) {
		if i := slices.Index(kinds, v.kind); i >= 0 {
			f.Add(uint8(i), uint16(typeByName(v.name)), v.data)
		}
	}
	all := docs(f)
	f.Fuzz(func(t *testing.T, kind uint8, number uint16, data []byte) {
		v := vector{kind: kinds[int(kind)%len(kinds)], data: data}
		if v.kind == "message" {
			spec, ok := Lookup(Type(number))
			if !ok {
				return
			}
			v.name = spec.Name
		}
		got, _, again, err := v.run()
		switch got {
		case "malformed", "not impero":
			return
		case "ok":
		default:
			t.Fatalf("%s %s: %q, %v", v.kind, v.name, got, err)
		}
		if !bytes.Equal(again, data) {
			t.Fatalf("%s %s encodes again to % x", v.kind, v.name, again)
		}
		if v.kind == "frame" {
			_, rest, _ := NextFrame(data)
			data = data[:len(data)-len(rest)]
		}
		if _, err := split(layoutOf(t, all, docName(v)), data); err != nil {
			t.Fatalf("%s %s: its layout line does not fit: %v", v.kind, v.name, err)
		}
	})
}

// chunked gives its bytes in pieces of the sizes in cuts, in turn, and counts what was taken.
type chunked struct {
	b     []byte
	cuts  []byte
	i     int
	taken int
}

func (c *chunked) Read(p []byte) (int, error) {
	if len(c.b) == 0 {
		return 0, io.EOF
	}
	n := len(p)
	if len(c.cuts) > 0 {
		n = min(n, 1+int(c.cuts[c.i%len(c.cuts)]))
		c.i++
	}
	n = copy(p[:n], c.b)
	c.b = c.b[n:]
	c.taken += n
	return n, nil
}

// FuzzReader: however the bytes arrive, the same is read, and never a byte beyond.
func FuzzReader(f *testing.F) {
	for _, v := range readVectors(f) {
		f.Add(v.data, []byte{0})
		f.Add(Header{uint32(max(1, len(v.data))), ChannelControl, EpochClear}.Append(nil), []byte{2, 0})
		f.Add(append(Header{uint32(max(1, len(v.data))), ChannelControl, EpochClear}.Append(nil), v.data...), []byte{2, 0})
	}
	f.Fuzz(func(t *testing.T, data, cuts []byte) {
		readPreambleBothWays(t, data, cuts)
		readAnswerBothWays(t, data, cuts)
		readRecordBothWays(t, data, cuts)
	})
}

func readPreambleBothWays(t *testing.T, data, cuts []byte) {
	t.Helper()
	whole, pieces := &chunked{b: data}, &chunked{b: data, cuts: cuts}
	p1, raw1, err1 := ReadPreamble(whole)
	p2, raw2, err2 := ReadPreamble(pieces)
	if p1 != p2 || !bytes.Equal(raw1, raw2) || !sameError(err1, err2) || whole.taken != pieces.taken {
		t.Fatalf("preamble: %v, %v; in pieces %v, %v", p1, err1, p2, err2)
	}
	if err1 == nil && (whole.taken != len(raw1) || !bytes.Equal(raw1, data[:len(raw1)])) || whole.taken > preambleFixed+MaxTarget {
		t.Fatalf("preamble: %d bytes taken for %d", whole.taken, len(raw1))
	}
	same := 0
	for same < min(len(Magic), len(data)) && data[same] == Magic[same] {
		same++
	}
	if errors.Is(err1, ErrNotImpero) && whole.taken != same+1 {
		t.Fatalf("a stranger was read for %d bytes, the wrong one is number %d", whole.taken, same+1)
	}
}

func readAnswerBothWays(t *testing.T, data, cuts []byte) {
	t.Helper()
	whole, pieces := &chunked{b: data}, &chunked{b: data, cuts: cuts}
	a1, raw1, err1 := ReadAnswer(whole)
	a2, raw2, err2 := ReadAnswer(pieces)
	if a1 != a2 || !bytes.Equal(raw1, raw2) || !sameError(err1, err2) || whole.taken != pieces.taken || whole.taken > AnswerLen {
		t.Fatalf("answer: %v, %v; in pieces %v, %v", a1, err1, a2, err2)
	}
}

func readRecordBothWays(t *testing.T, data, cuts []byte) {
	t.Helper()
	const limit = 512
	buf1, buf2 := make([]byte, limit), make([]byte, limit)
	whole, pieces := &chunked{b: data}, &chunked{b: data, cuts: cuts}
	h1, body1, err1 := ReadRecord(whole, buf1, limit)
	h2, body2, err2 := ReadRecord(pieces, buf2, limit)
	if h1 != h2 || !bytes.Equal(body1, body2) || !sameError(err1, err2) || whole.taken != pieces.taken {
		t.Fatalf("record: %v, %v; in pieces %v, %v", h1, err1, h2, err2)
	}
	switch {
	case err1 == nil && (whole.taken != HeaderLen+len(body1) || !bytes.Equal(body1, data[HeaderLen:whole.taken]) || len(body1) > limit):
		t.Fatalf("record: %d bytes taken for %d", whole.taken, len(body1))
	case errors.Is(err1, ErrMalformed) && whole.taken != HeaderLen:
		t.Fatalf("a record was refused after %d bytes", whole.taken)
	case (len(data) == 0) != (err1 == io.EOF):
		t.Fatalf("a record of %d bytes gives %v", len(data), err1)
	}
}

func sameError(a, b error) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Error() == b.Error())
}

// A session's script in bytes, a move each: flags, type, stream, length and so many bytes of body.
const (
	scriptHost     = 0x01 // the Host sends
	scriptGood     = 0x02 // the body is a good one of the type, and the critical bit that of its row
	scriptCritical = 0x04
	scriptUnknown  = 0x08 // the number is beyond those in use
	scriptChannel  = 4    // shift of the channel
)

func scriptOf(moves []move) []byte {
	var b []byte
	for _, mv := range moves {
		f := frameOf(mv)
		flags := byte(mv.ch) << scriptChannel
		if mv.from == FromHost {
			flags |= scriptHost
		}
		if f.Critical {
			flags |= scriptCritical
		}
		if len(f.Body) > 255 {
			flags |= scriptGood
			f.Body = nil
		}
		b = append(b, flags, byte(f.Type), byte(f.Stream), byte(len(f.Body)))
		b = append(b, f.Body...)
	}
	return b
}

func nextMove(b []byte, good map[Type]Frame) (from Side, ch Channel, f Frame, rest []byte) {
	flags, n := b[0], min(int(b[3]), len(b)-4)
	from, ch = FromGuest, Channel(flags>>scriptChannel&7)
	if flags&scriptHost != 0 {
		from = FromHost
	}
	f = Frame{Type: Type(b[1]), Critical: flags&scriptCritical != 0, Stream: uint32(b[2]), Body: b[4 : 4+n]}
	if flags&scriptUnknown != 0 {
		f.Type |= 0x700
	}
	if g, ok := good[f.Type]; ok && flags&scriptGood != 0 {
		f.Body, f.Critical = g.Body, g.Critical
	}
	return from, ch, f, b[4+n:]
}

// FuzzSession plays any order of frames to both sides. A session ends with a code that some row of PROTOCOL.md allows,
// lets nothing of a logged on session through before its LogonDone and nothing at all after its end.
func FuzzSession(f *testing.F) {
	script := wholeSession()
	for i := range script {
		f.Add(scriptOf(script[:i+1]))
		f.Add(scriptOf(append(append([]move(nil), script[:i]...), script[i+1:]...)))
	}
	f.Add(scriptOf(append(script[:6:6], script[10], script[8], script[9])))
	good := map[Type]Frame{}
	for _, s := range Specs() {
		good[s.Type] = goodFrame(f, s)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m := newModel()
		loggedOn := false
		var last Message
		for len(b) >= 4 {
			from, ch, frame, rest := nextMove(b, good)
			b = rest
			wasOver, wasOpen := m.over, m.guest.State == StateOpen
			msg, err := m.step(from, ch, frame)
			if err != nil && (msg != nil || !m.over || codeOf(t, err) != CloseProtocol && codeOf(t, err) != CloseUnknown) {
				t.Fatalf("%T refused with %v; over is %t", msg, err, m.over)
			}
			if wasOver && err == nil {
				t.Fatalf("%#x came through after the end", frame.Type)
			}
			if frame.Type >= TypeStreamOpen && msg != nil && !wasOpen {
				t.Fatalf("%T came through before the logon was done", msg)
			}
			_, done := msg.(*LogonDone)
			if loggedOn = loggedOn || done && !m.over; wasOpen && !loggedOn {
				t.Fatal("open without a LogonDone")
			}
			if m.inBounds(t); msg != nil && !wasOver {
				last = msg
			}
		}
		if !m.over {
			m.end(CloseLost) // the connection ended without a word
		}
		theirs := false // the code is one that a side sent
		switch last := last.(type) {
		case *Close:
			theirs = m.code == last.Code
		case *Refuse:
			theirs = m.code == last.Code
		}
		ours := []CloseCode{CloseProtocol, CloseUnknown, CloseLimit, CloseLogonFailed, CloseLost}
		if !theirs && !slices.Contains(ours, m.code) {
			t.Fatalf("the session ended with %s after %T", m.code, last)
		}
	})
}

// FuzzSystemLogon: what is taken as a system logon is exactly what a Guest would send for it.
func FuzzSystemLogon(f *testing.F) {
	for _, l := range []SystemLogon{{"anna", []byte("a")}, {letters(MaxUser), fill(MaxSecret)}, {"", []byte("a")}, {"anna", nil}, {"anna", fill(MaxSecret + 1)}} {
		f.Add(l.User, l.Start("").Data)
	}
	f.Fuzz(func(t *testing.T, user string, data []byte) {
		if len(user) > MaxUser || len(data) > MaxLogonData {
			return
		}
		m := &LogonStart{Method: MethodSystem, User: user, Data: data}
		l, err := ParseSystemLogon(m)
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Fatal(err)
			}
			return
		}
		if again := l.Start(""); !bytes.Equal(again.Data, data) || l.User == "" || len(l.Password) == 0 || len(l.Password) > MaxSecret {
			t.Fatalf("%q %q is sent otherwise", l.User, l.Password)
		}
	})
}
