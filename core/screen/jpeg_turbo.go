//go:build cgo && linux

package screen

/*
#cgo pkg-config: libturbojpeg
#cgo noescape screenCompress
#cgo nocallback screenCompress
#cgo noescape screenDecompress
#cgo nocallback screenDecompress
#include <turbojpeg.h>

// screenCompress gives the size of the JPEG in dst, or 0.
static unsigned long screenCompress(tjhandle h, const unsigned char *src, int w, int pitch, int height, int pf, unsigned char *dst, unsigned long room, int quality, int sampling) {
	unsigned char *p = dst;
	unsigned long size = room;
	if (tjCompress2(h, src, w, pitch, height, pf, &p, &size, sampling, quality, TJFLAG_NOREALLOC) != 0 || p != dst)
		return 0;
	return size;
}

static int screenDecompress(tjhandle h, const unsigned char *src, unsigned long size, unsigned char *dst, int w, int pitch, int height, int pf) {
	return tjDecompress2(h, src, size, dst, w, pitch, height, pf, TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS);
}
*/
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"impero/core/picture"
)

// newJPEG is the fastest codec of this build.
func newJPEG() jpegCodec { return &turboJPEG{} }

// turboJPEG is libjpeg-turbo's TurboJPEG library (BSD licence), straight from and to the frame's own rows.
// Handles are kept for the next call and end with the codec.
type turboJPEG struct {
	mu         sync.Mutex
	compress   []*turboHandle // guarded by mu, as decompress is
	decompress []*turboHandle
}

// turboHandle is a library handle and what it writes to; the collector frees it.
type turboHandle struct {
	h   C.tjhandle
	buf []byte
}

func newTurboHandle(h C.tjhandle) (*turboHandle, error) {
	if h == nil {
		return nil, errors.New("start libjpeg-turbo")
	}
	t := &turboHandle{h: h}
	runtime.AddCleanup(t, func(h C.tjhandle) { C.tjDestroy(h) }, h)
	return t, nil
}

func (c *turboJPEG) take(list *[]*turboHandle) *turboHandle {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(*list)
	if n == 0 {
		return nil
	}
	t := (*list)[n-1]
	*list = (*list)[:n-1]
	return t
}

func (c *turboJPEG) give(list *[]*turboHandle, t *turboHandle) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*list = append(*list, t)
}

func (c *turboJPEG) encode(dst []byte, f *picture.Frame, r picture.Rect, quality int) ([]byte, error) {
	t := c.take(&c.compress)
	if t == nil {
		var err error
		if t, err = newTurboHandle(C.tjInitCompress()); err != nil {
			return dst, err
		}
	}
	defer c.give(&c.compress, t)
	format := C.int(C.TJPF_BGRX)
	if f.Order == picture.RGBX {
		format = C.TJPF_RGBX
	}
	sampling := C.int(C.TJSAMP_444)
	if quality < fullColour {
		sampling = C.TJSAMP_420
	}
	room := int(C.tjBufSize(C.int(r.W), C.int(r.H), C.TJSAMP_444))
	if cap(t.buf) < room {
		t.buf = make([]byte, room)
	}
	src := f.Pix[(r.Y*f.W+r.X)*4 : ((r.Y+r.H-1)*f.W+r.X+r.W)*4]
	n := C.screenCompress(t.h, (*C.uchar)(&src[0]), C.int(r.W), C.int(f.W*4), C.int(r.H), format, (*C.uchar)(&t.buf[:room][0]), C.ulong(room), C.int(quality), sampling)
	if n == 0 {
		return dst, fmt.Errorf("encode JPEG: %s", C.GoString(C.tjGetErrorStr2(t.h)))
	}
	return append(dst, t.buf[:n]...), nil
}

func (c *turboJPEG) decode(f *picture.Frame, r picture.Rect, data []byte) error {
	t := c.take(&c.decompress)
	if t == nil {
		var err error
		if t, err = newTurboHandle(C.tjInitDecompress()); err != nil {
			return err
		}
	}
	defer c.give(&c.decompress, t)
	format := C.int(C.TJPF_BGRA) // as BGRX, and the fourth byte is 255
	if f.Order == picture.RGBX {
		format = C.TJPF_RGBA
	}
	dst := f.Pix[(r.Y*f.W+r.X)*4 : ((r.Y+r.H-1)*f.W+r.X+r.W)*4]
	if C.screenDecompress(t.h, (*C.uchar)(&data[0]), C.ulong(len(data)), (*C.uchar)(&dst[0]), C.int(r.W), C.int(f.W*4), C.int(r.H), format) != 0 {
		return fmt.Errorf("decode JPEG: %s", C.GoString(C.tjGetErrorStr2(t.h)))
	}
	return nil
}
