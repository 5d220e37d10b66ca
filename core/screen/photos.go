package screen

import (
	"fmt"
	"sync"
	"sync/atomic"

	"impero/core/picture"
	"impero/core/wire"
)

// photoCoder codes photographs as JPEG, several at once.
type photoCoder struct {
	codec   jpegCodec
	tables  jpegTables
	quality int
	workers int
	outs    [][]byte // one buffer a photograph, kept between updates
	errs    []error
}

// code appends a JPEG operation for each of rects, of at most so good a quality; their data holds until the next call.
func (c *photoCoder) code(ops []wire.PictureOp, f *picture.Frame, rects []picture.Rect, quality int) ([]wire.PictureOp, error) {
	quality = min(quality, c.quality)
	for len(c.outs) < len(rects) {
		c.outs, c.errs = append(c.outs, nil), append(c.errs, nil)
	}
	inParallel(len(rects), c.workers, func(i int) {
		c.outs[i], c.errs[i] = c.codec.encode(c.outs[i][:0], f, rects[i], quality)
	})
	for i, r := range rects {
		err := c.errs[i]
		if err == nil {
			c.outs[i], err = c.tables.shorten(c.outs[i], 0)
		}
		if err != nil {
			return ops, err
		}
		if len(c.outs[i]) > wire.MaxPictureJPEG {
			return ops, fmt.Errorf("JPEG of %d bytes", len(c.outs[i]))
		}
		op := operation(wire.OpJPEG, r)
		op.Data = c.outs[i]
		ops = append(ops, op)
	}
	return ops, nil
}

// inParallel calls f for 0 … n−1 on up to so many goroutines, the caller's among them, and returns when all are done.
func inParallel(n, workers int, f func(i int)) {
	if workers = min(n, workers); workers > 1 {
		sideBySide(n, workers, f)
		return
	}
	for i := range n {
		f(i)
	}
}

func sideBySide(n, workers int, f func(i int)) {
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			f(i)
		}
	}
	var wg sync.WaitGroup
	for range workers - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
}
