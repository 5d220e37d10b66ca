package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"
)

// ErrMalformed is wrapped by every parse error: the bytes are not the one canonical encoding of a message.
var ErrMalformed = errors.New("malformed message")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

// Encoder appends fields in network byte order. Its zero value is ready. It writes what it is given: a field beyond its
// limit makes a message that the other side refuses.
type Encoder struct{ B []byte }

func (e *Encoder) U8(v uint8)   { e.B = append(e.B, v) }
func (e *Encoder) U16(v uint16) { e.B = binary.BigEndian.AppendUint16(e.B, v) }
func (e *Encoder) U32(v uint32) { e.B = binary.BigEndian.AppendUint32(e.B, v) }
func (e *Encoder) U64(v uint64) { e.B = binary.BigEndian.AppendUint64(e.B, v) }
func (e *Encoder) I16(v int16)  { e.U16(uint16(v)) }

// Raw appends bytes without a length.
func (e *Encoder) Raw(b []byte) { e.B = append(e.B, b...) }

// Bool appends 0 or 1.
func (e *Encoder) Bool(v bool) {
	if v {
		e.U8(1)
	} else {
		e.U8(0)
	}
}

// Bytes16 appends a u16 length and the bytes; the caller keeps to the field's limit.
func (e *Encoder) Bytes16(b []byte) { e.U16(uint16(len(b))); e.Raw(b) }

// Bytes32 appends a u32 length and the bytes.
func (e *Encoder) Bytes32(b []byte) { e.U32(uint32(len(b))); e.Raw(b) }

// Text8 appends a u8 length and UTF-8 bytes.
func (e *Encoder) Text8(s string) { e.U8(uint8(len(s))); e.B = append(e.B, s...) }

// Text16 appends a u16 length and UTF-8 bytes.
func (e *Encoder) Text16(s string) { e.U16(uint16(len(s))); e.B = append(e.B, s...) }

// Decoder takes fields from the front of B. After the first failure every call gives zero and Err is set: a parser
// reads all fields and asks once. Byte fields alias B.
type Decoder struct {
	B   []byte
	Err error
}

func (d *Decoder) fail(format string, args ...any) {
	if d.Err == nil {
		d.Err = malformed(format, args...)
	}
	d.B = nil
}

// Take gives the next n bytes, or nil and an error if fewer are left.
func (d *Decoder) Take(n int) []byte {
	if d.Err != nil || n < 0 || len(d.B) < n {
		d.fail("%d bytes wanted, %d left", n, len(d.B))
		return nil
	}
	b := d.B[:n:n]
	d.B = d.B[n:]
	return b
}

func (d *Decoder) U8() uint8 {
	if b := d.Take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *Decoder) U16() uint16 {
	if b := d.Take(2); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

func (d *Decoder) U32() uint32 {
	if b := d.Take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (d *Decoder) U64() uint64 {
	if b := d.Take(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

func (d *Decoder) I16() int16 { return int16(d.U16()) }

// Bool takes 0 or 1; another byte is malformed.
func (d *Decoder) Bool() bool {
	v := d.U8()
	if v > 1 {
		d.fail("%d is not a boolean", v)
	}
	return v == 1
}

// Bytes16 takes a u16 length of at most limit and the bytes.
func (d *Decoder) Bytes16(limit int) []byte { return d.bytes(int(d.U16()), limit) }

// Bytes32 takes a u32 length of at most limit and the bytes.
func (d *Decoder) Bytes32(limit int) []byte {
	n := d.U32()
	if int64(n) > int64(limit) { // before int: 32-bit systems
		d.fail("field of %d bytes, limit %d", n, limit)
		return nil
	}
	return d.bytes(int(n), limit)
}

func (d *Decoder) bytes(n, limit int) []byte {
	if n > limit {
		d.fail("field of %d bytes, limit %d", n, limit)
		return nil
	}
	return d.Take(n)
}

// Text8 takes a u8 length of at most limit and valid UTF-8 without control characters.
func (d *Decoder) Text8(limit int) string { return d.text(d.bytes(int(d.U8()), limit)) }

// Text16 takes a u16 length of at most limit and valid UTF-8 without control characters.
func (d *Decoder) Text16(limit int) string { return d.text(d.bytes(int(d.U16()), limit)) }

func (d *Decoder) text(b []byte) string {
	s := string(b)
	if !utf8.ValidString(s) {
		d.fail("text is not UTF-8")
		return ""
	}
	for _, r := range s {
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			d.fail("text holds control character %U", r)
			return ""
		}
	}
	return s
}

// Close reports the first failure, or that bytes are left over.
func (d *Decoder) Close() error {
	if d.Err == nil && len(d.B) > 0 {
		d.fail("%d bytes after the end", len(d.B))
	}
	return d.Err
}

// count takes a u8 between least and most.
func (d *Decoder) count(least, most int) int {
	n := int(d.U8())
	if d.Err == nil && (n < least || n > most) {
		d.fail("count of %d, %d to %d allowed", n, least, most)
		return 0
	}
	return n
}
