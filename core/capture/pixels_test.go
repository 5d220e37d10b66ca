//go:build unix || windows

package capture

import (
	"bytes"
	"encoding/binary"
	"image"
	"math/rand/v2"
	"testing"

	"impero/core/picture"
)

func TestCopyAndSwap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, pixels := range []int{0, 1, 2, 7, 8, 9, 15, 31, 1023, 1024, 1025, 3000} {
		src := make([]byte, pixels*4)
		for i := range src {
			src[i] = byte(rng.Uint32())
		}
		straight, swapped := make([]byte, len(src)), make([]byte, len(src))
		copyOpaque(straight, src)
		swapOpaque(swapped, src)
		for i := 0; i < len(src); i += 4 {
			if want := []byte{src[i], src[i+1], src[i+2], 255}; !bytes.Equal(straight[i:i+4], want) {
				t.Fatalf("%d pixels: copy of %v is %v", pixels, src[i:i+4], straight[i:i+4])
			}
			if want := []byte{src[i+2], src[i+1], src[i], 255}; !bytes.Equal(swapped[i:i+4], want) {
				t.Fatalf("%d pixels: swap of %v is %v", pixels, src[i:i+4], swapped[i:i+4])
			}
		}
	}
}

func TestCursorIsNotPremultiplied(t *testing.T) {
	argb := binary.LittleEndian.AppendUint32(nil, 0x80402000) // half opaque: 0x40 of 0x80 is 0x80
	argb = binary.LittleEndian.AppendUint32(argb, 0xff010203)
	argb = binary.LittleEndian.AppendUint32(argb, 0)
	argb = binary.LittleEndian.AppendUint32(argb, 0x01ff0000) // wrongly premultiplied: no overflow
	c := straightCursor(2, 2, 9, -1, argb)
	want := []byte{0x80, 0x40, 0, 0x80, 1, 2, 3, 255, 0, 0, 0, 0, 255, 0, 0, 1}
	if !bytes.Equal(c.Pix, want) || c.HotX != 1 || c.HotY != 0 {
		t.Errorf("got %v, hot spot %d, %d", c.Pix, c.HotX, c.HotY)
	}
	if c := straightCursor(16, 16, 1, 1, make([]byte, 16*16*4)); c.W != 0 || c.H != 0 || c.Pix != nil {
		t.Error("a cursor without a visible pixel is not hidden")
	}
	if c := straightCursor(0, 0, 0, 0, nil); c.W != 0 {
		t.Error("an empty cursor is not hidden")
	}
}

func TestLargeCursorIsCutAroundItsHotSpot(t *testing.T) {
	const w, h, hotX, hotY = 600, 300, 500, 10
	argb := make([]byte, w*h*4)
	for i := range w * h {
		binary.LittleEndian.PutUint32(argb[i*4:], 0xff000000)
	}
	binary.LittleEndian.PutUint32(argb[(hotY*w+hotX)*4:], 0xff123456)
	c := straightCursor(w, h, hotX, hotY, argb)
	if c.W != picture.MaxCursorSide || c.H != picture.MaxCursorSide {
		t.Fatalf("cut to %d × %d", c.W, c.H)
	}
	if p := c.Pix[(c.HotY*c.W+c.HotX)*4:][:3]; !bytes.Equal(p, []byte{0x12, 0x34, 0x56}) {
		t.Errorf("the hot spot's pixel is %x", p)
	}
}

func TestMergeFindsTiles(t *testing.T) {
	f := picture.NewFrame(300, 200, picture.BGRX)
	img := image.NewRGBA(image.Rect(10, 20, 310, 220))
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	if c := merge(f, f.Bounds(), img, nil); len(c) != 0 {
		t.Fatalf("nothing changed, but %v", c)
	}
	img.Pix[img.PixOffset(10+70, 20+70)] = 9
	img.Pix[img.PixOffset(10+130, 20+70)] = 9
	img.Pix[img.PixOffset(10+299, 20+199)+2] = 7
	c := merge(f, f.Bounds(), img, nil)
	want := []picture.Rect{{X: 64, Y: 64, W: 128, H: 64}, {X: 256, Y: 192, W: 44, H: 8}}
	if len(c) != 2 || c[0] != want[0] || c[1] != want[1] {
		t.Errorf("changed %v, want %v", c, want)
	}
	if f.Pix[(70*300+70)*4+2] != 9 || f.Pix[(199*300+299)*4] != 7 {
		t.Error("the frame did not take the change in its own order")
	}
}

func BenchmarkCopyOpaque1080(b *testing.B) {
	src, dst := make([]byte, 1920*1080*4), make([]byte, 1920*1080*4)
	b.SetBytes(int64(len(src)))
	for range b.N {
		copyOpaque(dst, src)
	}
}

func BenchmarkSwapOpaque1080(b *testing.B) {
	src, dst := make([]byte, 1920*1080*4), make([]byte, 1920*1080*4)
	b.SetBytes(int64(len(src)))
	for range b.N {
		swapOpaque(dst, src)
	}
}
