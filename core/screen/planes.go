package screen

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/klauspost/compress/huff0"

	"impero/core/picture"
)

// A raw rectangle by the entropy filter is its three planes, each its length in bytes and so much of what the coder made. A
// length of 1 is one value for the whole plane.
const (
	entropyWorth = 16 // planes are coded if that takes off 1/entropyWorth at least
	repeatLength = 8  // bytes in a row that zstd finds again
	repeatCost   = 20 // bits, of such a place
	repeatBits   = 11
)

// planeCoder codes planes. It is large, and few are at work at once.
type planeCoder struct {
	coder   huff0.Scratch
	repeats repeatFinder
	data    []byte
}

var planeCoders = sync.Pool{New: func() any { return &planeCoder{coder: huff0.Scratch{Reuse: huff0.ReusePolicyNone}} }}

// codePlanes codes the three planes of n bytes each that stand in b at the end of the rectangle at at, if that is worth it.
func codePlanes(b []byte, at, n int) []byte {
	c := planeCoders.Get().(*planeCoder)
	defer planeCoders.Put(c)
	c.data = c.data[:0]
	spared := 0 // bits, that zstd would take less
	for planes := b[at+rawHead:]; len(planes) > 0; planes = planes[n:] {
		data, _, err := huff0.Compress4X(planes[:n], &c.coder)
		switch {
		case errors.Is(err, huff0.ErrUseRLE):
			data = planes[:1]
		case err != nil: // it does not become smaller
			return b
		default:
			bytes, places := c.repeats.count(planes[:n])
			spared += bytes*len(data)*8/n - places*repeatCost
		}
		c.data = append(binary.BigEndian.AppendUint16(c.data, uint16(len(data))), data...)
	}
	if len(c.data) > 3*n-3*n/entropyWorth || spared > len(c.data)*8/entropyWorth {
		return b
	}
	return append(append(b[:at], rawEntropy), c.data...)
}

// repeatFinder finds what repeats.
type repeatFinder struct{ last [1 << repeatBits]uint16 } // where a hash was seen last, plus 1

// count gives how many bytes of b, of which there are below 64 Ki, came before in runs of repeatLength, and how many places
// one must name to have them: runs that go on need one.
func (f *repeatFinder) count(b []byte) (n, places int) {
	clear(f.last[:])
	end, distance := 0, 0 // of the run before
	for i := 0; i+repeatLength <= len(b); {
		v := binary.LittleEndian.Uint64(b[i:])
		at := &f.last[v*0x9e3779b97f4a7c15>>(64-repeatBits)]
		before := int(*at) - 1
		*at = uint16(i + 1)
		if i == end && distance > 0 && binary.LittleEndian.Uint64(b[i-distance:]) == v {
			before = i - distance
		}
		if before < 0 || binary.LittleEndian.Uint64(b[before:]) != v {
			i++
			continue
		}
		if i != end || i-before != distance {
			places++
		}
		n += repeatLength
		i += repeatLength
		end, distance = i, i-repeatLength-before
	}
	return n, places
}

// takeEntropy takes the three coded planes of a rectangle of r's size from the front of blob.
func takeEntropy(r picture.Rect, blob *reader) ([]byte, error) {
	if r.Area() > maxTileArea {
		return nil, fmt.Errorf("raw rectangle of %d × %d pixels with filter %d", r.W, r.H, rawEntropy)
	}
	all := blob.b
	for range 3 {
		n := blob.take(2)
		if n == nil || blob.take(int(binary.BigEndian.Uint16(n))) == nil {
			return nil, errShortBlob
		}
	}
	return all[:len(all)-len(blob.b)], nil
}

// paintEntropy paints r of f with what takeEntropy gave.
func paintEntropy(f *picture.Frame, r picture.Rect, planes []byte) error {
	d := planeCoders.Get().(*planeCoder)
	defer planeCoders.Put(d)
	n := r.Area()
	d.data = d.data[:0]
	for i := range 3 {
		size := int(binary.BigEndian.Uint16(planes))
		plane := planes[2 : 2+size]
		planes = planes[2+size:]
		if size == 1 {
			for range n {
				d.data = append(d.data, plane[0])
			}
			continue
		}
		if err := d.unpack(plane, n); err != nil {
			return fmt.Errorf("plane %d of a raw rectangle: %w", i, err)
		}
	}
	paintGradient(f, r, d.data)
	return nil
}

// unpack appends the n bytes of a plane to data.
func (c *planeCoder) unpack(plane []byte, n int) error {
	coder, rest, err := huff0.ReadTable(plane, &c.coder)
	if err != nil {
		return err
	}
	at := len(c.data)
	c.data = slices.Grow(c.data, n)
	out, err := coder.Decoder().Decompress4X(c.data[at:at:at+n], rest)
	if err == nil && len(out) != n {
		err = fmt.Errorf("%d bytes, not %d", len(out), n)
	}
	c.data = c.data[:at+len(out)]
	return err
}
