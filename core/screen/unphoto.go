package screen

import "impero/core/picture"

// maxBatch bounds the photographs that are decoded side by side.
const maxBatch = 64

// photo is a JPEG on its way to the frame.
type photo struct {
	rect picture.Rect
	data []byte // complete
	err  error
}

// addPhoto checks a JPEG and puts it with those that are decoded together. They must not overlap.
func (d *Decoder) addPhoto(r picture.Rect, data []byte) error {
	full := len(d.batch) >= maxBatch
	for i := range d.batch {
		full = full || !r.Intersect(d.batch[i].rect).Empty()
	}
	if full {
		if err := d.paintPhotos(); err != nil {
			return err
		}
	}
	whole, err := d.tables.complete(data, r.W, r.H)
	if err != nil {
		return err
	}
	d.batch = append(d.batch, photo{rect: r, data: whole})
	return nil
}

// paintPhotos decodes the photographs put aside.
func (d *Decoder) paintPhotos() error {
	if len(d.batch) == 0 {
		return nil
	}
	inParallel(len(d.batch), d.cfg.Workers, func(i int) {
		p := &d.batch[i]
		p.err = d.codec.decode(d.frame, p.rect, p.data)
	})
	var err error
	for i := range d.batch {
		if err == nil {
			err = d.batch[i].err
		}
		d.batch[i] = photo{}
	}
	d.batch = d.batch[:0]
	return err
}
