package lab

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// Screenshot is what the X display (":7") shows now, without its pointer. It
// asks the server in the plainest way there is, so that a test can compare
// with it what a faster way captured. The display must have 24 bits of colour
// in 32-bit pixels, as every X server of today has.
func Screenshot(display string) (*image.RGBA, error) {
	// xgb tells everybody on standard error that there is no ~/.Xauthority.
	xgb.Logger.SetOutput(io.Discard)
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		return nil, fmt.Errorf("connect to display %s: %w", display, err)
	}
	defer conn.Close()
	setup := xproto.Setup(conn)
	screen := setup.DefaultScreen(conn)
	width, height := int(screen.WidthInPixels), int(screen.HeightInPixels)
	reply, err := xproto.GetImage(conn, xproto.ImageFormatZPixmap, xproto.Drawable(screen.Root),
		0, 0, screen.WidthInPixels, screen.HeightInPixels, 0xffffffff).Reply()
	if err != nil {
		return nil, fmt.Errorf("take the picture of display %s: %w", display, err)
	}
	if setup.ImageByteOrder != xproto.ImageOrderLSBFirst || len(reply.Data) < 4*width*height || reply.Depth < 24 {
		return nil, fmt.Errorf("take the picture of display %s: %w", display, errPixels)
	}
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := 0; i < 4*width*height; i += 4 {
		from, to := reply.Data[i:i+4:i+4], picture.Pix[i:i+4:i+4]
		to[0], to[1], to[2], to[3] = from[2], from[1], from[0], 0xff
	}
	return picture, nil
}

var errPixels = errors.New("its pixels are not 32 bits of blue, green, red and nothing")

// TakeScreenshot is [Screenshot] for a test.
func TakeScreenshot(t testing.TB, display string) *image.RGBA {
	t.Helper()
	picture, err := Screenshot(display)
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// WritePNG writes a picture to a file, replacing one that is there.
func WritePNG(path string, picture image.Image) error {
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write picture: %w", err)
	}
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := errors.Join(encoder.Encode(file, picture), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
