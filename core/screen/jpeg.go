package screen

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"impero/core/picture"
)

// jpegCodec codes photographs. Implementations are safe for concurrent use and give and take complete baseline JPEGs;
// every one of them passes the conformance suite in jpeg_test.go.
type jpegCodec interface {
	// encode appends r of f at quality 1…100 to dst. From fullColour on it may keep every pixel's colour, below it halves that.
	encode(dst []byte, f *picture.Frame, r picture.Rect, quality int) ([]byte, error)
	// decode paints data, whose header says exactly r.W × r.H, in r of f. What r holds after an error is undefined.
	decode(f *picture.Frame, r picture.Rect, data []byte) error
}

// fullColour is the least quality at which colours are as sharp as brightness (4:4:4).
const fullColour = 90

// JPEG markers (ITU-T T.81, table B.1).
const (
	markSOF0 = 0xc0
	markDHT  = 0xc4
	markSOI  = 0xd8
	markEOI  = 0xd9
	markSOS  = 0xda
	markDQT  = 0xdb
	markAPP0 = 0xe0
	markCOM  = 0xfe
)

// maxJPEGTables bounds the tables that a Guest keeps: 4 quantisation tables of 16 bits and 8 Huffman tables of 256 codes fit.
const maxJPEGTables = 3072

var errJPEG = errors.New("malformed JPEG")

// On the wire a JPEG is in the one form: SOI, the DQT and DHT segments or none of them, one SOF0 of three components,
// one SOS with all three, entropy-coded data without restart markers, EOI. A JPEG without tables uses those of the one
// before it (the abbreviated format of T.81, B.4); a Guest puts them back behind SOI.

// jpegTables is what both sides remember of the JPEGs since the last sync point.
type jpegTables struct {
	last []byte // DQT and DHT segments
	buf  []byte
}

func (t *jpegTables) reset() { t.last = t.last[:0] }

// shorten brings a codec's JPEG to the wire's form in place of its tail in b (from at on), without tables that the Guest has.
func (t *jpegTables) shorten(b []byte, at int) ([]byte, error) {
	p, err := scanJPEG(b[at:])
	if err != nil {
		return nil, fmt.Errorf("shorten own JPEG: %w", err)
	}
	t.buf = append(t.buf[:0], p.tables...)
	if bytes.Equal(t.buf, t.last) {
		t.buf = t.buf[:0]
	} else {
		t.last = append(t.last[:0], t.buf...)
	}
	t.buf = append(t.buf, p.sof...)
	scan := b[at+p.scan:]
	// What is kept is never longer than what the codec wrote: the scan moves down.
	b = append(b[:at+2], t.buf...)
	return append(b, scan...), nil
}

// complete checks a JPEG of the wire and gives it with tables; the bytes hold until the next call.
func (t *jpegTables) complete(data []byte, w, h int) ([]byte, error) {
	p, err := scanJPEG(data)
	if err != nil {
		return nil, err
	}
	if p.w != w || p.h != h {
		return nil, fmt.Errorf("%w: %d × %d in a rectangle of %d × %d", errJPEG, p.w, p.h, w, h)
	}
	if len(p.tables) > maxJPEGTables {
		return nil, fmt.Errorf("%w: %d bytes of tables", errJPEG, len(p.tables))
	}
	if p.sofAt != 2+len(p.tables) || p.scan != p.sofAt+len(p.sof) {
		return nil, fmt.Errorf("%w: segments out of order", errJPEG)
	}
	if len(p.tables) > 0 {
		t.last = append(t.last[:0], p.tables...)
	}
	if len(t.last) == 0 {
		return nil, fmt.Errorf("%w: no tables yet", errJPEG)
	}
	out := make([]byte, 0, 2+len(t.last)+len(p.sof)+len(data)-p.scan)
	out = append(out, 0xff, markSOI)
	out = append(out, t.last...)
	out = append(out, p.sof...)
	return append(out, data[p.scan:]...), nil
}

// jpegParts is a JPEG taken apart.
type jpegParts struct {
	w, h   int
	tables []byte // its DQT and DHT segments, markers and all
	sof    []byte // its SOF0 segment
	sofAt  int    // where that begins
	scan   int    // where SOS begins
}

// scanJPEG takes a baseline JPEG apart and refuses what a picture stream does not hold: other processes, several scans,
// restart markers, bytes after the end. Application and comment segments are dropped.
func scanJPEG(data []byte) (jpegParts, error) {
	var p jpegParts
	if len(data) < 4 || data[0] != 0xff || data[1] != markSOI {
		return p, fmt.Errorf("%w: no start", errJPEG)
	}
	for at := 2; ; {
		if len(data)-at < 4 || data[at] != 0xff {
			return p, fmt.Errorf("%w: no marker at %d", errJPEG, at)
		}
		mark, n := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))+2
		if n < 4 || n > len(data)-at {
			return p, fmt.Errorf("%w: segment %#x of %d bytes", errJPEG, mark, n)
		}
		seg := data[at : at+n]
		switch {
		case mark == markDQT || mark == markDHT:
			p.tables = append(p.tables, seg...)
		case mark == markSOF0 && p.sof == nil:
			if err := p.frame(seg); err != nil {
				return p, err
			}
			p.sofAt = at
		case mark == markSOS && p.sof != nil:
			p.scan = at
			return p, checkScan(seg, data[at+n:])
		case mark >= markAPP0 && mark < markAPP0+16 || mark == markCOM:
		default:
			return p, fmt.Errorf("%w: marker %#x", errJPEG, mark)
		}
		at += n
	}
}

// frame reads a SOF0 segment: 8 bits, three components, no chroma finer than luma.
func (p *jpegParts) frame(seg []byte) error {
	if len(seg) != 19 || seg[4] != 8 || seg[9] != 3 {
		return fmt.Errorf("%w: not three components of 8 bits", errJPEG)
	}
	if s := seg[11]; s != 0x11 && s != 0x21 && s != 0x22 || seg[14] != 0x11 || seg[17] != 0x11 {
		return fmt.Errorf("%w: sampling %#x %#x %#x", errJPEG, seg[11], seg[14], seg[17])
	}
	p.sof = seg
	p.h, p.w = int(binary.BigEndian.Uint16(seg[5:])), int(binary.BigEndian.Uint16(seg[7:]))
	if p.w == 0 || p.h == 0 {
		return fmt.Errorf("%w: %d × %d", errJPEG, p.w, p.h)
	}
	return nil
}

// checkScan checks a SOS segment and the data after it, which holds no marker but EOI at its very end.
func checkScan(seg, data []byte) error {
	if len(seg) != 14 || seg[4] != 3 {
		return fmt.Errorf("%w: not one scan", errJPEG)
	}
	n := len(data)
	if n < 2 || data[n-2] != 0xff || data[n-1] != markEOI {
		return fmt.Errorf("%w: no end", errJPEG)
	}
	for body := data[:n-2]; ; {
		i := bytes.IndexByte(body, 0xff)
		if i < 0 {
			return nil
		}
		if i+1 >= len(body) || body[i+1] != 0 {
			return fmt.Errorf("%w: marker inside the scan", errJPEG)
		}
		body = body[i+2:]
	}
}
