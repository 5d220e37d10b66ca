package screen

import (
	"bytes"

	"impero/core/picture"
)

// clone makes an Encoder for viewers that have the same as those of e: they need no sync point, only new codecs.
func (e *Encoder) clone() *Encoder {
	c := NewEncoder(e.cfg)
	c.seq, c.number, c.layout, c.announce, c.sync, c.codecs = e.seq, e.number, e.layout, e.announce, e.sync, true
	c.pace = e.pace
	if e.ref == nil {
		return c
	}
	c.ref = &picture.Frame{W: e.ref.W, H: e.ref.H, Order: e.ref.Order, Pix: bytes.Clone(e.ref.Pix)}
	c.grid = e.grid
	c.videos = e.videos.share()
	c.dirty, c.damaged, c.plain = append(mask(nil), e.dirty...), newMask(e.grid.tiles()), newMask(e.grid.tiles())
	c.differ.reset(e.grid)
	c.lossy.reset(e.grid)
	copy(c.lossy.since, e.lossy.since)
	c.lossy.count = e.lossy.count
	return c
}

// merge makes e serve the viewers of o too, if both have the same but for their losses. It looks at every pixel, so that a
// capture that forgot to report damage cannot make one viewer's picture wrong for good.
func (e *Encoder) merge(o *Encoder) bool {
	if e.Pending() || o.Pending() || e.number != o.number || e.cfg.Codecs != o.cfg.Codecs || e.cfg.Cache != o.cfg.Cache || e.ref == nil || o.ref == nil ||
		e.ref.W != o.ref.W || e.ref.H != o.ref.H || e.ref.Order != o.ref.Order || !bytes.Equal(e.ref.Pix, o.ref.Pix) {
		return false
	}
	for i, t := range o.lossy.since {
		if t.After(e.lossy.since[i]) {
			e.lossy.put(i, t)
		}
	}
	e.seq = max(e.seq, o.seq)
	e.codecs = true
	return true
}
