package wire

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

func TestReadRecord(t *testing.T) {
	record := append(Header{3, ChannelControl, EpochClear}.Append(nil), 1, 2, 3)
	buf := make([]byte, MaxRecord)
	two := bytes.NewReader(append(bytes.Clone(record), record...))
	for range 2 {
		h, body, err := ReadRecord(two, buf, MaxRecord)
		if err != nil || h != (Header{3, ChannelControl, EpochClear}) || !bytes.Equal(body, []byte{1, 2, 3}) {
			t.Fatalf("read %v % x, %v", h, body, err)
		}
	}
	if _, _, err := ReadRecord(two, buf, MaxRecord); err != io.EOF {
		t.Errorf("between records the end is %v", err)
	}
	for n := 1; n < len(record); n++ {
		if _, _, err := ReadRecord(bytes.NewReader(record[:n]), buf, MaxRecord); err != io.ErrUnexpectedEOF {
			t.Errorf("a record cut after %d bytes gives %v", n, err)
		}
	}
	broken := errors.New("broken")
	for n := range len(record) {
		r := io.MultiReader(bytes.NewReader(record[:n]), iotest.ErrReader(broken))
		if _, _, err := ReadRecord(r, buf, MaxRecord); !errors.Is(err, broken) {
			t.Errorf("a connection broken after %d bytes gives %v", n, err)
		}
	}
}

func TestReadRecordKeepsItsLimits(t *testing.T) {
	long := append(Header{101, ChannelControl, EpochClear}.Append(nil), make([]byte, 200)...)
	for _, c := range []struct {
		what       string
		buf, limit int
	}{
		{"limit", 200, 100}, {"buffer", 100, 200}, {"negative limit", 200, -1}, {"no limit", 200, 0},
	} {
		r := bytes.NewReader(long)
		if _, _, err := ReadRecord(r, make([]byte, c.buf), c.limit); !errors.Is(err, ErrMalformed) {
			t.Errorf("a record beyond its %s: %v", c.what, err)
		}
		if r.Len() != 200 {
			t.Errorf("beyond its %s a record was read on for %d bytes", c.what, 200-r.Len())
		}
	}
	r := bytes.NewReader(long)
	if _, _, err := ReadRecord(r, make([]byte, HeaderLen-1), MaxRecord); err == nil || r.Len() != len(long) {
		t.Errorf("a buffer without room for a header: %v, %d bytes read", err, len(long)-r.Len())
	}
	if _, err := ParseHeader(Header{0xffffffff, ChannelBulk, EpochSession}.Append(nil), MaxBulkRecord); !errors.Is(err, ErrMalformed) {
		t.Errorf("a record of 4 GiB: %v", err)
	}
}

func TestReadPreamble(t *testing.T) {
	want := Preamble{1, 1, PurposeSession, "studio-3"}
	raw := want.Append(nil)
	got, bytesRead, err := ReadPreamble(iotest.OneByteReader(bytes.NewReader(raw)))
	if err != nil || got != want || !bytes.Equal(bytesRead, raw) {
		t.Errorf("read %v % x, %v", got, bytesRead, err)
	}
	for n := range raw {
		if _, _, err := ReadPreamble(bytes.NewReader(raw[:n])); err != io.ErrUnexpectedEOF {
			t.Errorf("a preamble cut after %d bytes gives %v", n, err)
		}
	}
	answer := Answer{1}.Append(nil)
	for n := range answer {
		if _, _, err := ReadAnswer(bytes.NewReader(answer[:n])); err != io.ErrUnexpectedEOF {
			t.Errorf("an answer cut after %d bytes gives %v", n, err)
		}
	}
	for n := range len(Magic) { // a stranger is not waited for: the reader would fail at the next byte
		stranger := append([]byte(Magic[:n]), Magic[n]^0x20)
		r := io.MultiReader(bytes.NewReader(stranger), iotest.ErrReader(errors.New("read on")))
		if _, _, err := ReadPreamble(r); err != ErrNotImpero {
			t.Errorf("after %d good bytes a stranger gives %v", n, err)
		}
	}
}

func TestFrameWithBitsBeyondItsType(t *testing.T) {
	b := Frame{Type: 0x8050, Critical: false}.Append(nil)
	if f, _, err := NextFrame(b); err != nil || f.Critical || f.Type != TypeKey {
		t.Errorf("a type of 16 bits set the critical bit: %v, %v", f, err)
	}
}

// TestDecoderStopsAtTheFirstFailure reads on after a failure and expects zeros and the first error.
func TestDecoderStopsAtTheFirstFailure(t *testing.T) {
	d := Decoder{B: []byte{7, 1, 2, 3, 4, 5, 6, 7, 8, 9}}
	d.Bool()
	failed := d.Err
	if d.U8() != 0 || d.U16() != 0 || d.U32() != 0 || d.U64() != 0 || d.I16() != 0 || d.Bool() || d.Text8(9) != "" || d.Text16(9) != "" ||
		d.Bytes16(9) != nil || d.Bytes32(9) != nil || d.Take(1) != nil {
		t.Error("a failed decoder gives values")
	}
	if !errors.Is(failed, ErrMalformed) || d.Close() != failed {
		t.Errorf("the first failure was %v, the last is %v", failed, d.Err)
	}
	if d = (Decoder{B: []byte{1}}); d.Take(-1) != nil || d.Err == nil {
		t.Error("a negative count was taken")
	}
	if d = (Decoder{B: []byte{0, 0, 0, 1, 1}}); d.Bytes32(-1) != nil || d.Err == nil {
		t.Error("a negative limit let a field through")
	}
}

// TestTakenBytesCannotGrowIntoTheNext appends to a field and looks at its neighbour.
func TestTakenBytesCannotGrowIntoTheNext(t *testing.T) {
	body := bodyOf(&LogonAnswer{[][]byte{[]byte("ab"), []byte("cd")}})
	m, err := Parse(TypeLogonAnswer, body)
	if err != nil {
		t.Fatal(err)
	}
	values := m.(*LogonAnswer).Values
	_ = append(values[0], 'X', 'X', 'X', 'X')
	if string(values[1]) != "cd" {
		t.Errorf("the second value became %q", values[1])
	}
}
