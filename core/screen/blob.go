package screen

import (
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"

	"impero/core/picture"
	"impero/core/wire"
)

const (
	zstdWindow = 1 << 20 // of either stream: the Guest keeps one window a stream
	keptBlob   = 8 << 20 // a larger buffer is not kept for the next update
)

var errShortBlob = errors.New("blob ends too soon")

// blobWriter is the Host's two zstd streams: 0 for drawn pixels, with tables large enough to find text again anywhere in
// the window; 1 for photographs, where there is nothing to find and which would push that text out.
type blobWriter struct {
	stream [2]*zstd.Encoder
	fresh  [2]bool // not started since the last reset
	out    bytesWriter
}

type bytesWriter struct{ b []byte }

func (w *bytesWriter) Write(p []byte) (int, error) { w.b = append(w.b, p...); return len(p), nil }

// reset starts both streams anew.
func (w *blobWriter) reset() { w.fresh = [2]bool{true, true} }

// compress gives the stream it chose for blob, mostly photographs or not, and what that stream adds for it. The bytes hold until the next call.
func (w *blobWriter) compress(blob []byte, photo bool) (stream uint8, data []byte, err error) {
	level := zstd.SpeedBetterCompression
	if photo {
		stream, level = 1, zstd.SpeedFastest
	}
	z := w.stream[stream]
	if z == nil {
		z, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithWindowSize(zstdWindow), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithLowerEncoderMem(true))
		if err != nil {
			return 0, nil, fmt.Errorf("start compression: %w", err)
		}
		w.stream[stream] = z
	}
	if w.fresh[stream] {
		z.Reset(&w.out)
		w.fresh[stream] = false
	}
	w.out.b = w.out.b[:0]
	if _, err = z.Write(blob); err == nil {
		err = z.Flush()
	}
	if err != nil {
		return 0, nil, fmt.Errorf("compress pixels: %w", err)
	}
	return stream, w.out.b, nil
}

// blobReader is the Guest's two zstd streams.
type blobReader struct {
	stream [2]*zstd.Decoder
	in     [2]*feed
	buf    []byte
}

// feed is what a stream reads: the data of one update at a time. It offers nothing but Read, so that the decoder takes a block at a time.
type feed struct{ b []byte }

func (f *feed) Read(p []byte) (int, error) {
	if len(f.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p, f.b)
	f.b = f.b[n:]
	return n, nil
}

// reset makes both streams start anew with their next data.
func (r *blobReader) reset() { r.in = [2]*feed{} }

// decompress gives exactly size bytes out of data; the buffer grows with what is really there, never by what size
// promises, and holds until the next call.
func (r *blobReader) decompress(stream uint8, data []byte, size int) ([]byte, error) {
	z, in, err := r.start(stream)
	if err != nil {
		return nil, err
	}
	in.b = data
	if cap(r.buf) > keptBlob {
		r.buf = nil
	}
	buf := r.buf[:0]
	for len(buf) < size {
		if len(buf) == cap(buf) {
			buf = append(make([]byte, 0, min(size, max(2*cap(buf), 64<<10))), buf...)
		}
		n, err := io.ReadFull(z, buf[len(buf):min(size, cap(buf))])
		buf = buf[:len(buf)+n]
		if err != nil {
			return nil, fmt.Errorf("decompress pixels: %w", err)
		}
	}
	r.buf = buf
	if len(in.b) > 0 {
		return nil, fmt.Errorf("%d compressed bytes too many", len(in.b))
	}
	return buf, nil
}

func (r *blobReader) start(stream uint8) (*zstd.Decoder, *feed, error) {
	z := r.stream[stream]
	if z == nil {
		var err error
		z, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(zstdWindow), zstd.WithDecoderMaxMemory(wire.MaxPictureBlob))
		if err != nil {
			return nil, nil, fmt.Errorf("start decompression: %w", err)
		}
		r.stream[stream] = z
	}
	in := r.in[stream]
	if in == nil {
		in = &feed{}
		r.in[stream] = in
		if err := z.Reset(in); err != nil {
			return nil, nil, fmt.Errorf("start decompression: %w", err)
		}
	}
	return z, in, nil
}

// reader takes fields from the front of a blob. Past the end it gives zeros and remembers that it did.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.short, r.b = true, nil
		return nil
	}
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) u8() uint8 {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) colour(o picture.Order) [4]byte {
	if b := r.take(3); b != nil {
		return framePixel(b[0], b[1], b[2], o)
	}
	return framePixel(0, 0, 0, o)
}
