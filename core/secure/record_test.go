package secure

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"testing"
	"time"

	"impero/core/wire"
)

const (
	control = wire.ChannelControl
	screen  = wire.ChannelScreen
)

func TestRecordsOutOfOrderAreRefused(t *testing.T) {
	g, _ := pair(t)
	offline(g)
	var r [][]byte
	for _, text := range []string{"one", "two", "three"} {
		r = append(r, sealOf(t, g, control, text))
	}
	s := sealOf(t, g, screen, "picture")
	short := bytes.Clone(r[0][:len(r[0])-1])
	binary.BigEndian.PutUint32(short, uint32(len(short)-wire.HeaderLen))
	long := append(bytes.Clone(r[0]), 0)
	binary.BigEndian.PutUint32(long, uint32(len(long)-wire.HeaderLen))
	change := func(at int, v byte) []byte { b := bytes.Clone(r[0]); b[at] = v; return b }
	for name, c := range map[string]struct {
		records [][]byte
		good    int
	}{
		"replayed":         {[][]byte{r[0], r[0]}, 1},
		"replayed later":   {[][]byte{r[0], r[1], r[2], r[0]}, 3},
		"reordered":        {[][]byte{r[1], r[0]}, 0},
		"dropped":          {[][]byte{r[0], r[2]}, 1},
		"first dropped":    {[][]byte{r[1]}, 0},
		"shortened":        {[][]byte{short}, 0},
		"lengthened":       {[][]byte{long}, 0},
		"other channel":    {[][]byte{change(4, byte(screen))}, 0},
		"no channel":       {[][]byte{change(4, 0)}, 0},
		"later epoch":      {[][]byte{change(7, 3)}, 0},
		"handshake epoch":  {[][]byte{change(7, 1)}, 0},
		"in clear":         {[][]byte{change(7, 0)}, 0},
		"reserved byte":    {[][]byte{change(5, 1)}, 0},
		"two as one":       {[][]byte{s, r[1]}, 1},
		"nothing in it":    {[][]byte{{0, 0, 0, 16, 1, 0, 0, 2}}, 0},
		"far too long":     {[][]byte{{255, 255, 255, 255, 1, 0, 0, 2}}, 0},
		"a byte too long":  {[][]byte{{0, 0, 0x40, 1, 1, 0, 0, 2}}, 0},
		"clear and length": {[][]byte{{0, 0, 0, 1, 1, 0, 0, 0, 7}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			h := twin(t, g)
			texts, err := openOn(h, c.records...)
			if !errors.Is(err, ErrRecord) || len(texts) != c.good {
				t.Fatalf("%q, %v", texts, err)
			}
			if !h.conn.(*script).closed {
				t.Error("the connection is open")
			}
			h.conn, h.in = newScript(r...), newReader(newScript(r...), wire.MaxRecord)
			if _, _, again := h.ReadRecord(); again != err {
				t.Errorf("after the failure: %v", again)
			}
		})
	}
}

// twin makes a new receiver for what g sends: the other end as it was when the session began.
func twin(t testing.TB, g *Conn) *Conn {
	t.Helper()
	h := &Conn{limits: epochLimits, in: newReader(newScript(), wire.MaxRecord)}
	for ch := wire.ChannelControl; ch <= wire.ChannelBulk; ch++ {
		h.receive[ch] = newChannel(g.send[ch].secret[:], g.send[ch].protection, wire.EpochSession)
	}
	return h
}

func TestReflectedRecordIsRefused(t *testing.T) {
	g, _ := pair(t)
	offline(g)
	own := sealOf(t, g, control, "mine")
	if texts, err := openOn(g, own); !errors.Is(err, ErrRecord) {
		t.Errorf("%q, %v", texts, err)
	}
}

func TestChangedByteOfARecordIsRefused(t *testing.T) {
	g, _ := pair(t)
	offline(g)
	record := sealOf(t, g, control, "a short text")
	for at := range record {
		for bit := range 8 {
			b := bytes.Clone(record)
			b[at] ^= 1 << bit
			texts, err := openOn(twin(t, g), b)
			if len(texts) > 0 || !errors.Is(err, ErrRecord) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("byte %d, bit %d: %q, %v", at, bit, texts, err)
			}
		}
	}
}

func TestTruncatedStream(t *testing.T) {
	g, _ := pair(t)
	offline(g)
	record := sealOf(t, g, control, "whole")
	for n := range record {
		want := io.ErrUnexpectedEOF
		if n == 0 {
			want = io.EOF
		}
		if texts, err := openOn(twin(t, g), record[:n]); !errors.Is(err, want) || len(texts) > 0 {
			t.Errorf("%d bytes: %q, %v", n, texts, err)
		}
	}
}

// TestChannelsAreIndependent lets someone between deliver the channels in another order than they were sent in.
func TestChannelsAreIndependent(t *testing.T) {
	g, _ := pair(t)
	offline(g)
	var c, s [][]byte
	for _, text := range []string{"1", "2", "3"} {
		c = append(c, sealOf(t, g, control, "c"+text))
		s = append(s, sealOf(t, g, screen, "s"+text))
	}
	for _, order := range [][][]byte{
		{s[0], s[1], s[2], c[0], c[1], c[2]},
		{c[0], c[1], c[2], s[0], s[1], s[2]},
		{s[0], c[0], c[1], s[1], s[2], c[2]},
	} {
		texts, err := openOn(twin(t, g), order...)
		if !errors.Is(err, io.EOF) || len(texts) != 6 {
			t.Errorf("%q, %v", texts, err)
		}
	}
	if texts, err := openOn(twin(t, g), s[0], c[0], s[2]); len(texts) != 2 || !errors.Is(err, ErrRecord) {
		t.Errorf("a dropped picture: %q, %v", texts, err)
	}
}

func TestEpochsRatchet(t *testing.T) {
	g, h := pair(t)
	for _, limit := range []limits{{records: 3, bytes: 1 << 40, age: time.Hour}, {records: 1 << 40, bytes: 3, age: time.Hour}} {
		for _, ends := range [][2]*Conn{{g, h}, {h, g}} {
			from, to := ends[0], ends[1]
			offline(from).limits = limit
			offline(to).limits = limit
			first := from.send[control].epoch
			var records [][]byte
			var epochs []uint16
			for range 10 {
				records = append(records, sealOf(t, from, control, "x"))
				epochs = append(epochs, binary.BigEndian.Uint16(records[len(records)-1][6:])-first)
			}
			if !slices.Equal(epochs, []uint16{0, 0, 0, 1, 1, 1, 2, 2, 2, 3}) {
				t.Errorf("limits %+v: epochs %v", limit, epochs)
			}
			if from.send[screen].epoch != wire.EpochSession {
				t.Error("another channel moved too")
			}
			if texts, err := openOn(to, records...); len(texts) != 10 || !errors.Is(err, io.EOF) {
				t.Errorf("limits %+v: %d records, %v", limit, len(texts), err)
			}
			if to.receive[control].epoch != first+3 {
				t.Errorf("the receiver is at epoch %d", to.receive[control].epoch)
			}
			// Both sides start the next case with fresh counts.
			from.send[control].ratchet()
			to.receive[control].ratchet()
		}
	}
}

func TestWrongEpochsAreRefused(t *testing.T) {
	g, _ := pair(t)
	offline(g)
	start := twin(t, g)
	fresh := func() *Conn {
		h := &Conn{limits: epochLimits, in: newReader(newScript(), wire.MaxRecord)}
		for ch := wire.ChannelControl; ch <= wire.ChannelBulk; ch++ {
			h.receive[ch] = newChannel(start.receive[ch].secret[:], wire.ProtectSealed, wire.EpochSession)
		}
		return h
	}
	second := sealOf(t, g, control, "epoch 2")
	g.send[control].ratchet()
	third := sealOf(t, g, control, "epoch 3")
	g.send[control].ratchet()
	fourth := sealOf(t, g, control, "epoch 4")
	later := sealOf(t, g, control, "epoch 4 again")
	for name, c := range map[string]struct {
		records [][]byte
		good    int
		spent   bool
	}{
		"moves early":      {[][]byte{second, third, fourth, later}, 4, false},
		"skips one":        {[][]byte{second, fourth}, 1, false},
		"goes back":        {[][]byte{second, third, second}, 2, false},
		"goes back by two": {[][]byte{second, third, fourth, second}, 3, false},
		"is spent":         {[][]byte{second, third, fourth, later}, 3, true},
	} {
		h := fresh()
		if c.spent {
			h.limits.records = 1
		}
		want := ErrRecord
		if c.good == len(c.records) {
			want = io.EOF
		}
		if texts, err := openOn(h, c.records...); len(texts) != c.good || !errors.Is(err, want) {
			t.Errorf("%s: %q, %v", name, texts, err)
		}
	}
}

func TestLastEpoch(t *testing.T) {
	g, _ := pair(t)
	offline(g).limits.records = 1
	g.send[control].epoch, g.send[control].counter = 1<<16-2, 1
	h := twin(t, g)
	h.receive[control].epoch = 1<<16 - 2
	record := sealOf(t, g, control, "the last")
	if texts, err := openOn(h, record); len(texts) != 1 || !errors.Is(err, io.EOF) {
		t.Errorf("%q, %v", texts, err)
	}
	if err := g.WriteRecord(control, []byte("x")); err == nil || !g.conn.(*script).closed {
		t.Errorf("a record after the last epoch: %v", err)
	}
	if err := g.WriteRecord(screen, []byte("x")); err == nil {
		t.Error("another channel goes on")
	}
	wrapped := bytes.Clone(record)
	wrapped[6], wrapped[7] = 0, 0
	if texts, err := openOn(h, wrapped); len(texts) > 0 || !errors.Is(err, ErrRecord) {
		t.Errorf("epoch 0 after 65535: %q, %v", texts, err)
	}
}

func TestRatchetOverwrites(t *testing.T) {
	c := newChannel(bytes.Repeat([]byte{7}, secretLen), wire.ProtectSealed, wire.EpochSession)
	before := c.secret
	c.ratchet()
	if before == c.secret {
		t.Error("the secret is the same")
	}
	if c.counter != 0 || c.bytes != 0 {
		t.Error("the count goes on")
	}
}

func TestWriteRecordLimits(t *testing.T) {
	g, _ := pair(t)
	offline(g)
	for _, n := range []int{0, g.MaxPayload() + 1} {
		if err := g.WriteRecord(control, make([]byte, n)); !errors.Is(err, ErrTooLong) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	for _, ch := range []wire.Channel{0, wire.ChannelBulk + 1, 255} {
		if err := g.WriteRecord(ch, []byte("x")); err == nil {
			t.Errorf("%s was written", ch)
		}
	}
	if len(sealOf(t, g, control, string(make([]byte, g.MaxPayload())))) != wire.HeaderLen+wire.MaxRecord {
		t.Error("the longest plaintext does not fill a record")
	}
}

// TestDeadlineLosesNothing stops a reader in the middle of a record.
func TestDeadlineLosesNothing(t *testing.T) {
	g, h := pair(t)
	a, b := net.Pipe()
	defer a.Close()
	record := sealOf(t, offline(g), control, "in two parts")
	h.conn, h.in.from = b, b
	go a.Write(record[:20])
	for h.in.end-h.in.at < 20 {
		h.SetReadDeadline(time.Now().Add(time.Millisecond))
		if _, _, err := h.ReadRecord(); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("the first part: %v", err)
		}
	}
	h.SetReadDeadline(time.Time{})
	go a.Write(record[20:])
	if _, plaintext, err := h.ReadRecord(); err != nil || string(plaintext) != "in two parts" {
		t.Errorf("%q, %v", plaintext, err)
	}
}

func TestFailedWriteIsFinal(t *testing.T) {
	g, _ := pair(t)
	offline(g).conn.Close()
	first := g.WriteRecord(control, []byte("x"))
	if first == nil {
		t.Fatal("written to a closed connection")
	}
	g.conn = newScript()
	if err := g.WriteRecord(control, []byte("x")); err != first {
		t.Errorf("after a failed write: %v", err)
	}
}

// TestReaderChunks feeds records in pieces of every size.
func TestReaderChunks(t *testing.T) {
	g, _ := pair(t)
	offline(g)
	var stream []byte
	var want []string
	for i := range 40 {
		text := string(bytes.Repeat([]byte{byte('a' + i%26)}, 1+i*i*10%9000))
		want = append(want, text)
		stream = append(stream, sealOf(t, g, wire.Channel(1+i%5), text)...)
	}
	for _, piece := range []int{1, 7, 8, 9, 1000, 16384, 40000, len(stream)} {
		var parts [][]byte
		for p := range slices.Chunk(stream, piece) {
			parts = append(parts, p)
		}
		h := twin(t, g)
		h.conn = newScript()
		h.in.from = &pieces{parts: parts}
		for i := range want {
			if _, got, err := h.ReadRecord(); err != nil || string(got) != want[i] {
				t.Fatalf("pieces of %d, record %d: %d bytes, %v", piece, i, len(got), err)
			}
		}
		if _, _, err := h.ReadRecord(); !errors.Is(err, io.EOF) {
			t.Errorf("pieces of %d: at the end %v", piece, err)
		}
	}
}

// pieces gives one part a Read, or what fits of it.
type pieces struct{ parts [][]byte }

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.parts) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.parts[0])
	if p.parts[0] = p.parts[0][n:]; len(p.parts[0]) == 0 {
		p.parts = p.parts[1:]
	}
	return n, nil
}

func TestNoAllocations(t *testing.T) {
	g, h := pair(t)
	a, b := &loop{}, make([]byte, 1000)
	g.conn, h.conn, h.in.from = a, a, a
	if n := testing.AllocsPerRun(200, func() {
		if err := g.WriteRecord(screen, b); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.ReadRecord(); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%g allocations a record", n)
	}
}

// loop gives what was written to it; one goroutine writes and reads in turn.
type loop struct {
	script
	buf     [2 * (wire.MaxBulkRecord + wire.HeaderLen)]byte
	at, end int
}

func (l *loop) Write(b []byte) (int, error) {
	if l.at == l.end {
		l.at, l.end = 0, 0
	}
	n := copy(l.buf[l.end:], b)
	l.end += n
	return n, nil
}

func (l *loop) Read(b []byte) (int, error) {
	n := copy(b, l.buf[l.at:l.end])
	l.at += n
	return n, nil
}
