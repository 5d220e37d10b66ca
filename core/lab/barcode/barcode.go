// Package barcode writes the number of a drawn frame into its pixels and reads it back from what a viewer shows, so that
// every frame can be followed from the program that drew it to the eye. Blocks of black and white, wider than what a
// lossy codec works on, survive JPEG and video; a checksum tells a number from half of one.
//
// Everything here is pure and may be used from several goroutines.
package barcode

import "impero/core/picture"

// A barcode is one row of blocks, white for 1 and black for 0: two to find it by, the mark, 1 bit of Last, 19 of the
// number, 8 of the checksum, two to end it, all with the most significant bit first.
const (
	Block = 16 // side of a block in pixels
	W     = blocks * Block
	H     = Block

	blocks     = 2 + 1 + numberBits + 8 + 2
	numberBits = 19
	begin, end = 0b10, 0b01

	// Most is the largest number: at 60 frames/s that is two hours and 25 minutes.
	Most = 1<<numberBits - 1
)

// Grey levels between these are no block: the picture is of two frames at once, or blurred.
const darkest, brightest = 96, 160

// Number is what a barcode says.
type Number struct {
	Frame int
	Last  bool // no frame follows
}

// bits is the barcode's blocks in one word.
func bits(n Number) uint64 {
	v := uint64(n.Frame & Most)
	if n.Last {
		v |= 1 << numberBits
	}
	return begin<<(blocks-2) | v<<10 | uint64(checksum(v))<<2 | end
}

// checksum is CRC-8 with the polynomial x⁸+x²+x+1, begun with 1s so that black pictures have none.
func checksum(v uint64) uint8 {
	crc := uint8(0xff)
	for shift := 16; shift >= 0; shift -= 8 {
		crc ^= uint8(v >> shift)
		for range 8 {
			carry := crc >> 7
			crc = crc<<1 ^ carry*0x07
		}
	}
	return crc
}

// Draw paints a barcode of W × H pixels of 4 bytes whose upper left pixel is pix[0]; rows are stride bytes apart.
func Draw(pix []byte, stride int, n Number) {
	code := bits(n)
	for y := range H {
		row := pix[y*stride : y*stride+W*4]
		for b := range blocks {
			level := byte(0)
			if code>>(blocks-1-b)&1 == 1 {
				level = 255
			}
			for at := b * Block * 4; at < (b+1)*Block*4; at += 4 {
				row[at], row[at+1], row[at+2], row[at+3] = level, level, level, 255
			}
		}
	}
}

// Read gives the number of the barcode whose upper left pixel is at x, y of f; false if none can be read there.
func Read(f *picture.Frame, x, y int) (Number, bool) {
	if x < 0 || y < 0 || x+W > f.W || y+H > f.H {
		return Number{}, false
	}
	var code uint64
	for b := range blocks {
		level := brightness(f, x+b*Block, y)
		if level > darkest && level < brightest {
			return Number{}, false
		}
		code <<= 1
		if level >= brightest {
			code |= 1
		}
	}
	v := code >> 10 & (1<<(numberBits+1) - 1)
	n := Number{Frame: int(v & Most), Last: v>>numberBits == 1}
	return n, bits(n) == code
}

// brightness is the mean level of a block's middle, where the codec's blocks round about have no part. Green stands for all.
func brightness(f *picture.Frame, x, y int) int {
	sum := 0
	for row := y + 4; row < y+12; row += 2 {
		pix := f.Row(row, x+4, x+12)
		for at := 1; at < len(pix); at += 8 {
			sum += int(pix[at])
		}
	}
	return sum / 16
}

// Place is where a load draws a barcode.
type Place struct{ X, Y int }

// ReadAll reads the barcodes at all places: the picture shows a frame when every part of it does, so the lowest number
// counts, and the last frame is the last when all say so. false if one cannot be read.
func ReadAll(f *picture.Frame, places []Place) (Number, bool) {
	var lowest Number
	for i, p := range places {
		n, ok := Read(f, p.X, p.Y)
		if !ok {
			return Number{}, false
		}
		if i == 0 || n.Frame < lowest.Frame {
			lowest.Frame = n.Frame
		}
		lowest.Last = n.Last && (i == 0 || lowest.Last)
	}
	return lowest, len(places) > 0
}
