package screen

import (
	"fmt"

	"impero/core/picture"
)

// JPEG decodes JPEGs that are not of a picture stream of ours, with the codec that a Decoder uses. It is safe for
// concurrent use.
type JPEG struct{ codec jpegCodec }

// NewJPEG makes a JPEG.
func NewJPEG() *JPEG { return &JPEG{codec: newJPEG()} }

// Decode paints a whole baseline JPEG of three components in r of f. What r holds after an error is undefined.
func (j *JPEG) Decode(f *picture.Frame, r picture.Rect, data []byte) error {
	if r.Empty() || !f.Bounds().Contains(r) {
		return fmt.Errorf("%w: it does not fit the picture", errJPEG)
	}
	p, err := scanJPEG(data)
	if err != nil {
		return err
	}
	if p.w != r.W || p.h != r.H {
		return fmt.Errorf("%w: %d × %d in a rectangle of %d × %d", errJPEG, p.w, p.h, r.W, r.H)
	}
	return j.codec.decode(f, r, data)
}
