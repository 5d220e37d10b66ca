package rfb

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"

	"github.com/klauspost/compress/zlib"

	"impero/core/picture"
)

// script is a server that says what was written down and keeps what it hears.
type script struct {
	bytes.Buffer
	heard bytes.Buffer
}

func (s *script) Write(b []byte) (int, error) { return s.heard.Write(b) }

// u16s and u32s append numbers as the protocol has them.
func u16s(b []byte, numbers ...int) []byte {
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	}
	return b
}

// hello is a server's part of the handshake for a picture of w × h.
func hello(w, h int) []byte {
	b := append([]byte("RFB 003.008\n"), 2, 2, 1, 0, 0, 0, 0)
	b = u16s(b, w, h)
	b = append(b, make([]byte, 16)...)
	return append(b, 0, 0, 0, 4, 'd', 'e', 's', 'k')
}

// update is a message with one rectangle.
func update(r picture.Rect, encoding int32, body []byte) []byte {
	b := u16s([]byte{messageUpdate, 0}, 1, r.X, r.Y, r.W, r.H)
	b = binary.BigEndian.AppendUint32(b, uint32(encoding))
	return append(b, body...)
}

// deflater is the sender's half of a stream.
type deflater struct {
	out bytes.Buffer
	z   *zlib.Writer
}

func (d *deflater) pack(b []byte) []byte {
	if d.z == nil {
		d.z = zlib.NewWriter(&d.out)
	}
	d.z.Write(b)
	d.z.Flush()
	packed := bytes.Clone(d.out.Bytes())
	d.out.Reset()
	return packed
}

// tightBody puts control, filter bytes and compressed data together.
func (d *deflater) tightBody(head []byte, pix []byte) []byte {
	if len(pix) < smallest {
		return append(head, pix...)
	}
	packed := d.pack(pix)
	n := len(packed)
	switch {
	case n < 1<<7:
		head = append(head, byte(n))
	case n < 1<<14:
		head = append(head, byte(n)|0x80, byte(n>>7))
	default:
		head = append(head, byte(n)|0x80, byte(n>>7)|0x80, byte(n>>14))
	}
	return append(head, packed...)
}

// zrleBody compresses tiles.
func (d *deflater) zrleBody(tiles []byte) []byte {
	packed := d.pack(tiles)
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(packed))), packed...)
}

// open gives a session of a picture of w × h and the server it is with.
func open(t testing.TB, w, h int) (*Conn, *script) {
	t.Helper()
	s := &script{}
	s.Buffer.Write(hello(w, h))
	c, err := Open(s)
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

// see has c read one update of one rectangle.
func see(t *testing.T, c *Conn, s *script, message []byte) {
	t.Helper()
	s.Buffer.Write(message)
	painted, err := c.Next()
	if err != nil || !painted {
		t.Fatalf("painted %v: %v", painted, err)
	}
	if rest, _ := io.ReadAll(c.in); len(rest) > 0 {
		t.Fatalf("%d bytes were left", len(rest))
	}
}

// check fails if r of c's picture is not what pixel gives: blue, green, red.
func check(t *testing.T, c *Conn, r picture.Rect, pixel func(x, y int) [3]byte) {
	t.Helper()
	for y := range r.H {
		for x := range r.W {
			got := c.Frame().Row(r.Y+y, r.X+x, r.X+x+1)
			if want := pixel(x, y); [3]byte(got[:3]) != want || got[3] != 255 {
				t.Fatalf("pixel %d,%d is %v, want %v", x, y, got, want)
			}
		}
	}
}
