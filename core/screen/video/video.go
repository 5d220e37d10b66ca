// Package video codes moving pictures for core/screen: H.264 by OpenH264 and VP8 by libvpx (both BSD licences) where this
// build has them, on Linux with cgo, and nothing elsewhere. Formats is all there is to it; what it makes keeps the
// contracts of screen.VideoEncoder and screen.VideoDecoder, which one suite of tests checks for every format.
//
// The libraries read what a Host sends only after a look of our own: an H.264 stream's parameter sets and kinds of NAL
// units, a VP8 frame's header. What they would take memory for is thereby known before.
//
// Safe for concurrent use, as far as each coder has one user at a time.
package video

import (
	"errors"
	"fmt"

	"impero/core/picture"
	"impero/core/screen"
)

// Formats are the formats of this build, the best first.
func Formats() []screen.VideoFormat { return formats() }

// The least and the largest video: what H.264's level 5.2 allows.
const (
	minSide = 16
	maxSide = 4096
	maxArea = 36864 * 256
)

// maxCoarse is the largest quantiser.
const maxCoarse = 51

var (
	errStream = errors.New("malformed video")
	errSize   = errors.New("video of another size")
)

func checkSize(w, h int) error {
	if w < minSide || h < minSide || w > maxSide || h > maxSide || w*h > maxArea || w&1 != 0 || h&1 != 0 {
		return fmt.Errorf("video of %d × %d pixels", w, h)
	}
	return nil
}

// part gives the bytes of f from the first pixel of r to the last, for a library that steps by f's rows.
func part(f *picture.Frame, r picture.Rect, w, h int) ([]byte, error) {
	if r.W != w || r.H != h || !f.Bounds().Contains(r) {
		return nil, fmt.Errorf("%w: %v of %d × %d", errSize, r, w, h)
	}
	return f.Pix[(r.Y*f.W+r.X)*4 : ((r.Y+r.H-1)*f.W+r.X+r.W)*4], nil
}

// stream is what a decoder knows of what it decodes.
type stream struct {
	w, h  int
	begun bool // a key picture was there
	check func(data []byte, key bool, w, h int) error
}

// take says whether the next picture of the stream may be decoded into r of f, and gives the bytes of f from there on. Errors are
// errSize and errStream.
func (s *stream) take(f *picture.Frame, r picture.Rect, key bool, data []byte) ([]byte, error) {
	dst, err := part(f, r, s.w, s.h)
	if err != nil {
		return nil, err
	}
	if !key && !s.begun {
		return nil, fmt.Errorf("%w: no key picture first", errStream)
	}
	if err := s.check(data, key, s.w, s.h); err != nil {
		return nil, err
	}
	s.begun = true
	return dst, nil
}
