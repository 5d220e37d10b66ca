package screen

import (
	"time"

	"impero/core/picture"
	"impero/core/wire"
)

// finish codes the photographs, brings ref and the marks of loss up to date with all operations and appends the messages.
// f is the frame that the coder's rectangles were taken from.
func (e *Encoder) finish(dst []byte, f *picture.Frame, now time.Time) (out []byte, seq uint32, ok bool, err error) {
	m := &e.update
	*m = wire.UpdateMessage{Ops: append(m.Ops[:0], e.cache.ops...)}
	for _, c := range e.copies {
		op := operation(wire.OpCopy, c.Dst)
		op.FromX, op.FromY = uint16(c.FromX), uint16(c.FromY)
		m.Ops = append(m.Ops, op)
	}
	copies := len(m.Ops)
	if err = e.code(f, now); err != nil {
		return dst, 0, false, e.broken(err)
	}
	for i := range m.Ops[copies:] {
		if o := &m.Ops[copies+i]; o.Kind != wire.OpEnd {
			e.sent(f, opRect(o), o.Kind == wire.OpJPEG || o.Kind == wire.OpVideo, now)
		}
	}
	hot := e.coder.photos
	if f != e.ref && e.videos.page() {
		hot = e.rects // the way is narrow: it would carry what goes on beside the video better in it
	}
	e.videos.observe(hot, e.dirty, now)
	out, seq = e.message(dst, now)
	if n := len(out) - len(dst) - e.videos.size(); f == e.ref {
		e.pace.learnRefresh(e.coded, n)
	} else {
		e.pace.learnUpdate(e.coded, n)
		e.strain.note(e.pace.takes(e.coded), now)
	}
	return out, seq, true, nil
}

// code appends the operations for videos, photographs and tiles to the update.
func (e *Encoder) code(f *picture.Frame, now time.Time) (err error) {
	m := &e.update
	if m.Ops, err = e.videos.code(m.Ops, f, &e.pace, now); err != nil {
		return err
	}
	pixels, size, at := 0, 0, len(m.Ops)
	for _, r := range e.coder.photos {
		pixels += r.Area()
	}
	level := e.pace.level(pixels)
	if m.Ops, err = e.photos.code(m.Ops, f, e.coder.photos, levels[level].quality); err != nil {
		return err
	}
	for i := range m.Ops[at:] {
		size += len(m.Ops[at+i].Data)
	}
	e.pace.learnPhotos(level, pixels, size)
	m.Ops = append(m.Ops, e.coder.ops...)
	if len(e.coder.blob) > 0 {
		m.BlobSize = uint32(len(e.coder.blob))
		m.BlobStream, m.Blob, err = e.blobs.compress(e.coder.blob, e.coder.rawBytes*2 > len(e.coder.blob))
	}
	return err
}

// sendSketch makes the update a sketch of f and nothing else.
func (e *Encoder) sendSketch(dst []byte, f *picture.Frame, now time.Time) (out []byte, seq uint32, ok bool, err error) {
	e.update = wire.UpdateMessage{Ops: e.update.Ops[:0]}
	if e.update.Ops, err = e.sketchOp(e.update.Ops, f); err != nil {
		return dst, 0, false, e.broken(err)
	}
	out, seq = e.message(dst, now)
	return out, seq, true, nil
}

// message appends the update, after the layout if it is new.
func (e *Encoder) message(dst []byte, now time.Time) (out []byte, seq uint32) {
	dst = e.appendLayout(dst)
	e.seq++
	m := &e.update
	m.Sequence, m.Layout, m.Time, m.Flags = e.seq, e.number, uint32(now.UnixMilli()), e.flags()
	e.sync, e.codecs = false, false
	return appendMessage(dst, wire.PictureUpdate, m.Append), e.seq
}

// sent notes that the viewers have r of f.
func (e *Encoder) sent(f *picture.Frame, r picture.Rect, loss bool, now time.Time) {
	if f != e.ref {
		takeRect(e.ref, f, r)
		e.cache.changed(r, now)
	}
	if loss {
		e.lossy.lossy(r, now)
	} else {
		e.lossy.exact(r, now)
	}
}

// broken has everything sent anew after an error in the middle of an update.
func (e *Encoder) broken(err error) error {
	e.Sync()
	return err
}

func (e *Encoder) flags() (flags uint8) {
	switch {
	case e.sync:
		flags = wire.UpdateSync
	case e.codecs:
		flags = wire.UpdateCodecs
	}
	if e.lossy.count == 0 && !e.dirty.any() {
		flags |= wire.UpdateExact
	}
	return flags
}

func (e *Encoder) appendLayout(dst []byte) []byte {
	if !e.announce {
		return dst
	}
	e.announce = false
	return appendMessage(dst, wire.PictureLayout, layoutMessage(e.number, e.layout).Append)
}

// appendMessage appends a picture message whose body fill appends.
func appendMessage(dst []byte, kind uint8, fill func([]byte) []byte) []byte {
	at := len(dst)
	dst = fill(wire.AppendPictureHeader(dst, 0, kind))
	wire.AppendPictureHeader(dst[:at], len(dst)-at-wire.PictureHeaderLen, kind)
	return dst
}
