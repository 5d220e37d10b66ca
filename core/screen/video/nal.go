package video

import (
	"bytes"
	"fmt"
)

// NAL unit types (ITU-T H.264, table 7-1).
const (
	nalSlice = 1
	nalIDR   = 5
	nalSPS   = 7
	nalPPS   = 8
)

const (
	maxUnits   = 64 // NAL units of one picture
	maxRefs    = 4  // reference frames that a decoder keeps
	maxSPSHead = 256
)

// checkH264 refuses what is not one picture of w × h pixels as PROTOCOL.md §11 has it, before a decoder sees it: what a
// sequence parameter set says decides how much memory that takes.
func checkH264(data []byte, key bool, w, h int) error {
	var count [32]int
	units := 0
	for rest := data; len(rest) > 0; units++ {
		var unit []byte
		var err error
		if unit, rest, err = nextUnit(rest); err != nil {
			return err
		}
		kind := unit[0] & 31
		count[kind]++
		if unit[0]&0x80 != 0 || units >= maxUnits {
			return fmt.Errorf("%w: NAL unit %#x, number %d", errStream, unit[0], units)
		}
		if kind == nalSPS {
			if err := checkSPS(unit[1:], w, h); err != nil {
				return err
			}
		}
	}
	slices, others := count[nalSlice], count[nalIDR]+count[nalSPS]+count[nalPPS]
	if key {
		slices, others = count[nalIDR], count[nalSlice]
		if count[nalSPS] != 1 || count[nalPPS] != 1 {
			return fmt.Errorf("%w: key picture with %d and %d parameter sets", errStream, count[nalSPS], count[nalPPS])
		}
	}
	if known := count[nalSlice] + count[nalIDR] + count[nalSPS] + count[nalPPS]; slices == 0 || others != 0 || known != units {
		return fmt.Errorf("%w: %d slices and %d other NAL units", errStream, slices, units-slices)
	}
	return nil
}

// nextUnit takes one NAL unit from the front of a byte stream (H.264, annex B).
func nextUnit(b []byte) (unit, rest []byte, err error) {
	switch {
	case bytes.HasPrefix(b, []byte{0, 0, 1}):
		b = b[3:]
	case bytes.HasPrefix(b, []byte{0, 0, 0, 1}):
		b = b[4:]
	default:
		return nil, nil, fmt.Errorf("%w: no start code", errStream)
	}
	unit = b
	if i := bytes.Index(b, []byte{0, 0, 1}); i >= 0 {
		if i > 0 && b[i-1] == 0 {
			i--
		}
		unit, rest = b[:i], b[i:]
	}
	if len(unit) == 0 {
		return nil, nil, fmt.Errorf("%w: empty NAL unit", errStream)
	}
	return unit, rest, nil
}

// checkSPS reads a sequence parameter set (H.264, 7.3.2.1.1) as far as it says how large pictures are and how many are kept.
func checkSPS(b []byte, w, h int) error {
	if len(b) > maxSPSHead {
		return fmt.Errorf("%w: parameter set of %d bytes", errStream, len(b))
	}
	r := bitReader{b: bytes.ReplaceAll(b, []byte{0, 0, 3}, []byte{0, 0})}
	profile := r.bits(8)
	r.bits(16) // constraints, level
	r.ue()     // its own number
	switch profile {
	case 66, 77: // baseline, main
	case 100: // high
		if chroma, luma, depth := r.ue(), r.ue(), r.ue(); chroma != 1 || luma != 0 || depth != 0 || r.bits(2) != 0 {
			return fmt.Errorf("%w: not 4:2:0 of 8 bits without scaling lists", errStream)
		}
	default:
		return fmt.Errorf("%w: profile %d", errStream, profile)
	}
	r.ue() // bits of a frame's number
	switch order := r.ue(); order {
	case 0:
		r.ue()
	case 2:
	default:
		return fmt.Errorf("%w: picture order of type %d", errStream, order)
	}
	if refs, gaps := r.ue(), r.bits(1); refs > maxRefs || gaps != 0 {
		return fmt.Errorf("%w: %d reference frames", errStream, refs)
	}
	width, height := (r.ue()+1)*16, (r.ue()+1)*16
	if r.bits(1) != 1 {
		return fmt.Errorf("%w: fields", errStream)
	}
	r.bits(1)
	if r.bits(1) == 1 {
		left, right, top, bottom := r.ue(), r.ue(), r.ue(), r.ue()
		if left != 0 || top != 0 || right > 7 || bottom > 7 {
			return fmt.Errorf("%w: cropped by %d, %d, %d, %d", errStream, left, right, top, bottom)
		}
		width, height = width-2*right, height-2*bottom
	}
	if r.short || width != uint64(w) || height != uint64(h) {
		return fmt.Errorf("%w: %d × %d, not %d × %d", errSize, width, height, w, h)
	}
	return nil
}

// bitReader takes bits from the front of b. Past the end it gives zeros and remembers that it did.
type bitReader struct {
	b     []byte
	at    int
	short bool
}

func (r *bitReader) bits(n int) (v uint64) {
	for range n {
		v <<= 1
		if r.at>>3 >= len(r.b) {
			r.short = true
			continue
		}
		v |= uint64(r.b[r.at>>3]>>(7-r.at&7)) & 1
		r.at++
	}
	return v
}

// ue takes an Exp-Golomb number (H.264, 9.1).
func (r *bitReader) ue() uint64 {
	n := 0
	for r.bits(1) == 0 {
		if n++; n > 31 || r.short {
			r.short = true
			return 0
		}
	}
	return 1<<n - 1 + r.bits(n)
}
