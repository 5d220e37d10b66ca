package screen

import (
	"fmt"

	"impero/core/picture"
	"impero/core/wire"
)

// VideoEncoder codes the pictures of one video, all of one size. Not for concurrent use.
type VideoEncoder interface {
	// Encode appends r of f, whose size is the video's, to dst as the next picture; with key it needs none before it. It
	// may be such a one without, where everything is new: isKey says what it is. coarse is the quantiser in H.264's measure,
	// 0 (best) to 51, whatever the format; it may be another one each time.
	Encode(dst []byte, f *picture.Frame, r picture.Rect, key bool, coarse int) (out []byte, isKey bool, err error)
	// Close frees what the encoder holds; it is the last call.
	Close()
}

// VideoDecoder undoes a VideoEncoder. Its input is hostile: it never panics, and takes memory only for pictures of its
// size. Not for concurrent use.
type VideoDecoder interface {
	// Decode paints the next picture in r of f, whose size is the video's. The first one is a key. What r holds after an
	// error is undefined, and the decoder is of no more use.
	Decode(f *picture.Frame, r picture.Rect, key bool, data []byte) error
	// Close frees what the decoder holds; it is the last call.
	Close()
}

// VideoContent is what a video shows, as far as it matters how movement is looked for.
type VideoContent uint8

const (
	ContentFilm VideoContent = iota // things move a little between two pictures
	ContentPage                     // a page or a desktop, which may scroll far between two pictures; takes more CPU
)

// VideoFormat makes the coders of a format. Package core/screen/video has those of this build.
type VideoFormat struct {
	Number     uint8 // wire.VideoH264, wire.VideoVP8
	NewEncoder func(w, h int, content VideoContent) (VideoEncoder, error)
	NewDecoder func(w, h int) (VideoDecoder, error)
}

// Codec is the format's bit in Codecs; 0 for an unknown one.
func (f VideoFormat) Codec() Codecs {
	switch f.Number {
	case wire.VideoH264:
		return CodecH264
	case wire.VideoVP8:
		return CodecVP8
	}
	return 0
}

// videoDecoders are the videos that a Guest has open.
type videoDecoders struct {
	formats []VideoFormat
	open    [wire.MaxVideoRegions]openVideo
}

type openVideo struct {
	rect   picture.Rect
	format uint8
	dec    VideoDecoder // nil: the region has no video
}

// reset ends all videos.
func (v *videoDecoders) reset() {
	for i := range v.open {
		v.end(uint8(i))
	}
}

func (v *videoDecoders) end(region uint8) {
	if o := &v.open[region]; o.dec != nil {
		o.dec.Close()
		*o = openVideo{}
	}
}

// take checks an operation against what is open, begins a video where it must, and gives what decodes the operation's
// picture. bounds is the desktop.
func (v *videoDecoders) take(o *wire.PictureOp, r, bounds picture.Rect) (VideoDecoder, error) {
	at := &v.open[o.Region]
	if at.dec != nil && at.rect == r && at.format == o.Format {
		return at.dec, nil
	}
	if !o.Key {
		return nil, fmt.Errorf("picture of no video in region %d", o.Region)
	}
	v.end(o.Region)
	area := r.Area()
	for i := range v.open {
		area += v.open[i].rect.Area()
	}
	if area > bounds.Area() {
		return nil, fmt.Errorf("videos of %d pixels on a screen of %d", area, bounds.Area())
	}
	for _, f := range v.formats {
		if f.Number != o.Format {
			continue
		}
		dec, err := f.NewDecoder(r.W, r.H)
		if err != nil {
			return nil, fmt.Errorf("begin video: %w", err)
		}
		*at = openVideo{r, o.Format, dec}
		return dec, nil
	}
	return nil, fmt.Errorf("video of format %d, which was not asked for", o.Format)
}
