package barcode

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"testing"

	"impero/core/picture"
)

// scene is a frame full of noise with a barcode in it.
func scene(n Number, at Place) *picture.Frame {
	f := picture.NewFrame(W+64, H+64, picture.BGRX)
	noise := rand.New(rand.NewPCG(1, uint64(n.Frame)))
	for i := range f.Pix {
		f.Pix[i] = byte(noise.Uint32())
	}
	Draw(f.Pix[(at.Y*f.W+at.X)*4:], f.W*4, n)
	return f
}

func TestReadsWhatWasDrawn(t *testing.T) {
	at := Place{32, 16}
	for _, n := range []Number{{}, {Frame: 1}, {Frame: 2, Last: true}, {Frame: 0x2aaaa}, {Frame: 0x55555}, {Frame: Most, Last: true}} {
		got, ok := Read(scene(n, at), at.X, at.Y)
		if !ok || got != n {
			t.Errorf("drew %+v, read %+v, %v", n, got, ok)
		}
	}
}

// TestSurvivesJPEG: at a worse quality than any program sends.
func TestSurvivesJPEG(t *testing.T) {
	at := Place{32, 16}
	for frame := 1; frame < Most; frame = frame*2 + 1 {
		n := Number{Frame: frame}
		f := scene(n, at)
		img := image.NewRGBA(image.Rect(0, 0, f.W, f.H))
		for i := 0; i < len(f.Pix); i += 4 {
			img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = f.Pix[i+2], f.Pix[i+1], f.Pix[i], 255
		}
		for _, quality := range []int{15, 50, 92} {
			var data bytes.Buffer
			if err := jpeg.Encode(&data, img, &jpeg.Options{Quality: quality}); err != nil {
				t.Fatal(err)
			}
			lossy, err := jpeg.Decode(&data)
			if err != nil {
				t.Fatal(err)
			}
			back := picture.NewFrame(f.W, f.H, picture.BGRX)
			for y := range f.H {
				for x := range f.W {
					c := color.RGBAModel.Convert(lossy.At(x, y)).(color.RGBA)
					copy(back.Row(y, x, x+1), []byte{c.B, c.G, c.R})
				}
			}
			if got, ok := Read(back, at.X, at.Y); !ok || got != n {
				t.Errorf("quality %d: drew %+v, read %+v, %v", quality, n, got, ok)
			}
		}
	}
}

func TestRefusesWhatIsNone(t *testing.T) {
	at := Place{0, 0}
	torn := scene(Number{Frame: 1234}, at)
	next := scene(Number{Frame: 5679}, at)
	for y := range H { // the right half is of another frame
		copy(torn.Row(y, W/2, W), next.Row(y, W/2, W))
	}
	grey := picture.NewFrame(W, H, picture.BGRX)
	for i := range grey.Pix {
		grey.Pix[i] = 128
	}
	for name, f := range map[string]*picture.Frame{
		"black": picture.NewFrame(W, H, picture.BGRX), "grey": grey, "two frames": torn, "small": picture.NewFrame(8, 8, picture.BGRX),
	} {
		if n, ok := Read(f, 0, 0); ok {
			t.Errorf("%s: read %+v", name, n)
		}
	}
	if _, ok := Read(next, -1, 0); ok {
		t.Error("read outside the picture")
	}
}

func TestAllPlacesMustShowAFrame(t *testing.T) {
	f := picture.NewFrame(W, 3*H, picture.BGRX)
	places := []Place{{0, 0}, {0, 2 * H}}
	draw := func(p Place, n Number) { Draw(f.Pix[(p.Y*f.W+p.X)*4:], f.W*4, n) }
	draw(places[0], Number{Frame: 8, Last: true})
	if n, ok := ReadAll(f, places); ok {
		t.Errorf("half a picture reads %+v", n)
	}
	draw(places[1], Number{Frame: 7})
	if n, ok := ReadAll(f, places); !ok || n != (Number{Frame: 7}) {
		t.Errorf("read %+v, %v", n, ok)
	}
	draw(places[1], Number{Frame: 8, Last: true})
	if n, ok := ReadAll(f, places); !ok || n != (Number{Frame: 8, Last: true}) {
		t.Errorf("read %+v, %v", n, ok)
	}
}
