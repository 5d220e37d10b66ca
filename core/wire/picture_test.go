package wire

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// pictureVectors are one body of each kind and its bytes.
var pictureVectors = []struct {
	name string
	kind uint8
	hex  string
	want any
}{
	{"layout", PictureLayout, "00000007 0780 0438 02 0000 0000 0500 0438 01 0444502d31 0500 0000 0280 0438 00 00",
		LayoutMessage{Layout: 7, W: 1920, H: 1080, Monitors: []LayoutMonitor{{W: 1280, H: 1080, Primary: true, Name: "DP-1"}, {X: 1280, W: 640, H: 1080}}}},
	{"update without operations", PictureUpdate, "00000001 00000007 03 00000400 0000",
		UpdateMessage{Sequence: 1, Layout: 7, Flags: UpdateSync | UpdateExact, Time: 1024}},
	{"update with all operations", PictureUpdate, "00000002 00000007 0c 00000400 000a" +
		"01 0001 0002 0003 0004 0a0b0c" +
		"02 0001 0002 0003 0004 0005 0006" +
		"03 0001 0002 0003 0004 00000002 ffd8" +
		"04 0001 0002 0003 0004" +
		"05 0001 0002 0003 0004" +
		"06 0002 0004 0006 0008 03 02 01 00000002 9d01" +
		"07 0002 0004 0006 0008 03" +
		"08 0040 0080 0040 0040 0102" +
		"09 0000 0000 0080 0040 0102" +
		"0a 0001 0002 0003 0004 03 00000002 ffd8" +
		"01 00000064 00000003 28b52f",
		UpdateMessage{Sequence: 2, Layout: 7, Flags: UpdateCodecs, Time: 1024, Ops: []PictureOp{
			{Kind: OpFill, X: 1, Y: 2, W: 3, H: 4, Colour: [3]byte{10, 11, 12}},
			{Kind: OpCopy, X: 1, Y: 2, W: 3, H: 4, FromX: 5, FromY: 6},
			{Kind: OpJPEG, X: 1, Y: 2, W: 3, H: 4, Data: []byte{0xff, 0xd8}},
			{Kind: OpPalette, X: 1, Y: 2, W: 3, H: 4},
			{Kind: OpRaw, X: 1, Y: 2, W: 3, H: 4},
			{Kind: OpVideo, X: 2, Y: 4, W: 6, H: 8, Region: 3, Format: VideoVP8, Key: true, Data: []byte{0x9d, 0x01}},
			{Kind: OpEnd, X: 2, Y: 4, W: 6, H: 8, Region: 3},
			{Kind: OpKeep, X: 64, Y: 128, W: 64, H: 64, Slot: 258},
			{Kind: OpCached, W: 128, H: 64, Slot: 258},
			{Kind: OpSketch, X: 1, Y: 2, W: 3, H: 4, Shift: 3, Data: []byte{0xff, 0xd8}}},
			BlobStream: 1, BlobSize: 100, Blob: []byte{0x28, 0xb5, 0x2f}}},
	{"cursor", PictureCursor, "0001 0002 0000 0001 00 00000008 0102030405060708",
		CursorMessage{W: 1, H: 2, HotY: 1, Data: []byte{1, 2, 3, 4, 5, 6, 7, 8}}},
	{"hidden cursor", PictureCursor, "0000 0000 0000 0000 00 00000000", CursorMessage{Data: []byte{}}},
	{"pointer", PicturePointer, "0102 0304", PointerMessage{X: 258, Y: 772}},
	{"times", PictureTimes, "003c 0000020c 000003e8 00000fa0 00001770 000001f4 03938700",
		TimesMessage{Updates: 60, Capture: 524, Capture95: 1000, Encode: 4000, Encode95: 6000, Queue: 500, Queue95: MaxPictureTime}},
}

// pictureKinds are all kinds; a fuzzer's number chooses one.
var pictureKinds = [...]uint8{PictureLayout, PictureUpdate, PictureCursor, PicturePointer, PictureTimes}

func kindOfSeed(n uint8) uint8 { return pictureKinds[int(n)%len(pictureKinds)] }

func seedOfKind(kind uint8) uint8 { return uint8(slices.Index(pictureKinds[:], kind)) }

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// parsePicture reads a body of any kind and gives the message and its encoding.
func parsePicture(kind uint8, b []byte) (m any, again []byte, err error) {
	switch kind {
	case PictureLayout:
		m, err := ParseLayoutMessage(b)
		return m, m.Append(nil), err
	case PictureUpdate:
		var m UpdateMessage
		err := m.Parse(b)
		return m, m.Append(nil), err
	case PictureCursor:
		m, err := ParseCursorMessage(b)
		return m, m.Append(nil), err
	case PicturePointer:
		m, err := ParsePointerMessage(b)
		return m, m.Append(nil), err
	default:
		m, err := ParseTimesMessage(b)
		return m, m.Append(nil), err
	}
}

func TestPictureVectors(t *testing.T) {
	for _, v := range pictureVectors {
		b := unhex(t, v.hex)
		m, again, err := parsePicture(v.kind, b)
		if err != nil || !reflect.DeepEqual(m, v.want) {
			t.Errorf("%s: %+v, %v", v.name, m, err)
		}
		if !bytes.Equal(again, b) {
			t.Errorf("%s: again %x", v.name, again)
		}
		for n := range b {
			if _, _, err := parsePicture(v.kind, b[:n]); !errors.Is(err, ErrMalformed) {
				t.Errorf("%s cut to %d bytes: %v", v.name, n, err)
			}
		}
		if _, _, err := parsePicture(v.kind, append(b[:len(b):len(b)], 0)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s with a byte more: %v", v.name, err)
		}
	}
}

func TestPictureMessagesRefused(t *testing.T) {
	monitor := "0000 0000 0001 0001 00 00"
	head := "00000002 00000007 "
	for name, v := range map[string]struct {
		kind uint8
		hex  string
	}{
		"layout 0":                 {PictureLayout, "00000000 0001 0001 01" + monitor},
		"layout without width":     {PictureLayout, "00000001 0000 0001 01" + monitor},
		"layout too wide":          {PictureLayout, "00000001 4001 0001 01" + monitor},
		"layout without monitors":  {PictureLayout, "00000001 0001 0001 00"},
		"layout of 17 monitors":    {PictureLayout, "00000001 0001 0001 11" + strings.Repeat(monitor, 17)},
		"monitor outside":          {PictureLayout, "00000001 0001 0001 01 0001 0000 0001 0001 00 00"},
		"monitor empty":            {PictureLayout, "00000001 0001 0001 01 0000 0000 0000 0001 00 00"},
		"monitor half primary":     {PictureLayout, "00000001 0001 0001 01 0000 0000 0001 0001 02 00"},
		"monitor with long name":   {PictureLayout, "00000001 0001 0001 01 0000 0000 0001 0001 00 41" + strings.Repeat("61", 65)},
		"monitor with newline":     {PictureLayout, "00000001 0001 0001 01 0000 0000 0001 0001 00 01 0a"},
		"update 0":                 {PictureUpdate, "00000000 00000007 00 00000000 0000"},
		"update of layout 0":       {PictureUpdate, "00000001 00000000 00 00000000 0000"},
		"update with flag 16":      {PictureUpdate, head + "10 00000000 0000"},
		"update with sync, codecs": {PictureUpdate, head + "05 00000000 0000"},
		"more operations":          {PictureUpdate, head + "00 00000000 ffff 04 0000 0000 0001 0001"},
		"operation 0":              {PictureUpdate, head + "00 00000000 0001 00 0000 0000 0001 0001"},
		"operation 255":            {PictureUpdate, head + "00 00000000 0001 ff 0000 0000 0001 0001"},
		"video region 4":           {PictureUpdate, head + "00 00000000 0001 06 0000 0000 0002 0002 04 01 01 00000001 00"},
		"end of video region 4":    {PictureUpdate, head + "00 00000000 0001 07 0000 0000 0002 0002 04"},
		"video of format 3":        {PictureUpdate, head + "00 00000000 0001 06 0000 0000 0002 0002 00 03 01 00000001 00"},
		"video at an odd place":    {PictureUpdate, head + "00 00000000 0001 06 0001 0000 0002 0002 00 01 01 00000001 00"},
		"video of odd height":      {PictureUpdate, head + "00 00000000 0001 06 0000 0000 0002 0003 00 01 01 00000001 00"},
		"video half a key":         {PictureUpdate, head + "00 00000000 0001 06 0000 0000 0002 0002 00 01 02 00000001 00"},
		"video without data":       {PictureUpdate, head + "00 00000000 0001 06 0000 0000 0002 0002 00 01 01 00000000"},
		"sketch of full size":      {PictureUpdate, head + "00 00000000 0001 0a 0000 0000 0001 0001 00 00000001 00"},
		"sketch of a 32th":         {PictureUpdate, head + "00 00000000 0001 0a 0000 0000 0001 0001 05 00000001 00"},
		"empty sketch":             {PictureUpdate, head + "00 00000000 0001 0a 0000 0000 0001 0001 03 00000000"},
		"huge video":               {PictureUpdate, head + "00 00000000 0001 06 0000 0000 0002 0002 00 01 01 00800001"},
		"rectangle without height": {PictureUpdate, head + "00 00000000 0001 05 0000 0000 0001 0000"},
		"rectangle past the limit": {PictureUpdate, head + "00 00000000 0001 05 4000 0000 0001 0001"},
		"empty JPEG":               {PictureUpdate, head + "00 00000000 0001 03 0000 0000 0001 0001 00000000"},
		"huge JPEG":                {PictureUpdate, head + "00 00000000 0001 03 0000 0000 0001 0001 00800001"},
		"third stream":             {PictureUpdate, head + "08 00000000 0000 02 00000001 00000001 00"},
		"blob of nothing":          {PictureUpdate, head + "08 00000000 0000 00 00000000 00000001 00"},
		"blob out of nothing":      {PictureUpdate, head + "08 00000000 0000 00 00000001 00000000"},
		"blob too large":           {PictureUpdate, head + "08 00000000 0000 00 04000001 00000001 00"},
		"cursor too wide":          {PictureCursor, "0101 0001 0000 0000 01 00000001 00"},
		"cursor of no height":      {PictureCursor, "0001 0000 0000 0000 00 00000000"},
		"hidden cursor, hot spot":  {PictureCursor, "0000 0000 0001 0000 00 00000000"},
		"hot spot outside":         {PictureCursor, "0001 0001 0001 0000 00 00000004 00000000"},
		"cursor pixels missing":    {PictureCursor, "0001 0001 0000 0000 00 00000003 000000"},
		"cursor zstd too long":     {PictureCursor, "0001 0001 0000 0000 01 00000004 00000000"},
		"cursor encoding":          {PictureCursor, "0001 0001 0000 0000 02 00000004 00000000"},
		"pointer too far":          {PicturePointer, "4000 0000"},
		"times of nothing":         {PictureTimes, "0000" + strings.Repeat("00000001", 6)},
		"times of over a minute":   {PictureTimes, "0001" + strings.Repeat("00000001", 5) + "03938701"},
	} {
		if m, _, err := parsePicture(v.kind, unhex(t, v.hex)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

func TestPictureHeader(t *testing.T) {
	b := AppendPictureHeader([]byte("x"), 0x123, PictureUpdate)
	if !bytes.Equal(b, unhex(t, "78 00000123 02")) {
		t.Errorf("%x", b)
	}
	n, kind, err := ParsePictureHeader(b[1:])
	if n != 0x123 || kind != PictureUpdate || err != nil {
		t.Errorf("%d, %d, %v", n, kind, err)
	}
	for _, kind := range []uint8{0, 1, 2, 3, 4, 5, 127, 128, 255} {
		known := kind >= 1 && kind <= 4 || kind >= 128
		for over := range 2 {
			_, _, err := ParsePictureHeader(AppendPictureHeader(nil, PictureLimit(kind)+over, kind))
			if (err == nil) != (known && over == 0) {
				t.Errorf("kind %d, %d over its limit: %v", kind, over, err)
			}
		}
	}
	if _, _, err := ParsePictureHeader(b[1:5]); !errors.Is(err, ErrMalformed) {
		t.Errorf("short header: %v", err)
	}
}

// TestUpdateReusesOperations parses a long update, then a broken and a short one into the same message.
func TestUpdateReusesOperations(t *testing.T) {
	long := UpdateMessage{Sequence: 1, Layout: 1, Ops: make([]PictureOp, 500)}
	for i := range long.Ops {
		long.Ops[i] = PictureOp{Kind: OpRaw, X: uint16(i), W: 1, H: 1}
	}
	body := long.Append(nil)
	var m UpdateMessage
	if err := m.Parse(body); err != nil || !reflect.DeepEqual(m.Ops, long.Ops) {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(20, func() { m.Parse(body) }); n != 0 {
		t.Errorf("%v allocations to parse again", n)
	}
	if err := m.Parse(body[:100]); err == nil || len(m.Ops) != 0 || m.Sequence != 0 {
		t.Errorf("after an error: %+v, %v", m, err)
	}
	if err := m.Parse(unhex(t, "00000002 00000001 00 00000000 0000")); err != nil || len(m.Ops) != 0 {
		t.Errorf("%+v, %v", m, err)
	}
}

// TestPictureLayoutsInProtocol holds §11 to the layouts in the code, and those of one line to what the code writes.
func TestPictureLayoutsInProtocol(t *testing.T) {
	text, all := protocol(t), docs(t)
	for _, name := range []string{"LayoutMessage", "UpdateMessage", "CursorMessage", "PointerMessage", "TimesMessage"} {
		for line := range strings.Lines(all[name]) {
			if l, ok := strings.CutPrefix(line, "\t"); ok && !strings.Contains(text, "\n    "+l) {
				t.Errorf("PROTOCOL.md lacks a line of the layout of %s: %s", name, l)
			}
		}
	}
	for _, v := range pictureVectors {
		if v.kind != PictureUpdate {
			name := strings.TrimPrefix(reflect.TypeOf(v.want).String(), "wire.")
			if _, err := split(layoutOf(t, all, name), unhex(t, v.hex)); err != nil {
				t.Errorf("%s does not fit its layout: %v", v.name, err)
			}
		}
	}
}

func addPictureSeeds(f *testing.F) {
	for _, v := range pictureVectors {
		f.Add(seedOfKind(v.kind), unhex(f, v.hex))
	}
}

// FuzzPictureParse: no body makes a parser panic, and what it accepts is encoded as it was.
func FuzzPictureParse(f *testing.F) {
	addPictureSeeds(f)
	f.Fuzz(func(t *testing.T, kind uint8, b []byte) {
		kind = kindOfSeed(kind)
		_, again, err := parsePicture(kind, b)
		if err == nil && !bytes.Equal(again, b) {
			t.Fatalf("kind %d: %x accepted, encoded as %x", kind, b, again)
		}
	})
}

// FuzzPictureCanonical changes one byte of an accepted body: it is refused or means something else.
func FuzzPictureCanonical(f *testing.F) {
	for _, v := range pictureVectors {
		f.Add(seedOfKind(v.kind), unhex(f, v.hex), uint64(1))
	}
	f.Fuzz(func(t *testing.T, kind uint8, b []byte, seed uint64) {
		kind = kindOfSeed(kind)
		m, _, err := parsePicture(kind, b)
		if err != nil {
			return
		}
		r := rand.New(rand.NewPCG(seed, 0))
		c := bytes.Clone(b)
		c[r.IntN(len(c))] ^= byte(1 + r.IntN(255))
		if o, _, err := parsePicture(kind, c); err == nil && reflect.DeepEqual(m, o) {
			t.Fatalf("kind %d: %x and %x mean the same", kind, b, c)
		}
	})
}
