package screen

import (
	"impero/core/picture"
	"impero/core/wire"
)

// maxBatch bounds the photographs that are decoded side by side.
const maxBatch = 64

// photo is a JPEG, or a picture of a video, on its way to the frame.
type photo struct {
	rect  picture.Rect
	data  []byte       // complete
	video VideoDecoder // of a video
	key   bool         // of a video
	err   error
}

// makeRoom paints what was put aside if r overlaps some of it or there is too much.
func (d *Decoder) makeRoom(r picture.Rect) error {
	full := len(d.batch) >= maxBatch
	for i := range d.batch {
		full = full || !r.Intersect(d.batch[i].rect).Empty()
	}
	if full {
		return d.paintPhotos()
	}
	return nil
}

// addVideo checks a picture of a video and puts it with what is decoded together.
func (d *Decoder) addVideo(o *wire.PictureOp, r picture.Rect) error {
	err := d.makeRoom(r)
	if at := &d.videos.open[o.Region]; err == nil && at.dec != nil && (at.rect != r || at.format != o.Format) {
		err = d.paintPhotos() // the video that ends may be among them
	}
	if err != nil {
		return err
	}
	dec, err := d.videos.take(o, r, d.frame.Bounds())
	if err != nil {
		return err
	}
	d.batch = append(d.batch, photo{rect: r, data: o.Data, video: dec, key: o.Key})
	return nil
}

// addPhoto checks a JPEG and puts it with those that are decoded together. They must not overlap.
func (d *Decoder) addPhoto(r picture.Rect, data []byte) error {
	if err := d.makeRoom(r); err != nil {
		return err
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
		if p.video != nil {
			p.err = p.video.Decode(d.frame, p.rect, p.key, p.data)
		} else {
			p.err = d.codec.decode(d.frame, p.rect, p.data)
		}
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

// paintSketch paints r with the small picture of it.
func (d *Decoder) paintSketch(r picture.Rect, o *wire.PictureOp) error {
	w, h := sketchSide(r.W, o.Shift), sketchSide(r.H, o.Shift)
	data, err := d.tables.complete(o.Data, w, h)
	if err != nil {
		return err
	}
	small := picture.NewFrame(w, h, d.frame.Order)
	if err := d.codec.decode(small, small.Bounds(), data); err != nil {
		return err
	}
	enlarge(d.frame, r, small, o.Shift)
	return nil
}
