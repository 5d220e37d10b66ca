package screen

import (
	"fmt"
	"slices"
	"time"

	"impero/core/picture"
	"impero/core/wire"
)

const (
	hotUpdates  = 8                      // times that a tile changed and was a photograph: it shows a video
	minVideo    = 16                     // tiles; smaller videos go as photographs
	videoFill   = 60                     // per cent of its box that a video must fill
	coolTiles   = 8                      // so few changed tiles, or one in coolShare, …
	coolShare   = 16                     // …
	coolUpdates = 8                      // … so often in a row end a video
	keyCoarser  = 7                      // the first picture is so much coarser, the next ones less and less: no burst
	finerStep   = 3                      // a picture
	baseCoarse  = 32                     // quantiser of a video on a way that carries it: 37 dB, and exact as soon as it stops
	hotPause    = 250 * time.Millisecond // after so long without a change the count begins anew
)

// videoRegions finds where on the screen a video plays and codes these regions. It is the Host's half of videoDecoders.
type videoRegions struct {
	format  *VideoFormat // nil: no video
	grid    grid
	heat    []heat // a tile
	hot     mask
	stack   []int
	open    [wire.MaxVideoRegions]videoRegion
	covered mask             // tiles inside open
	ended   []wire.PictureOp // to be told with the next update
}

// heat is how often a tile changed lately. Whether it was a photograph is known only of what was sent: what waits for its
// turn, on a way that carries less, counts too once it is.
type heat struct {
	count, waited uint8
	at            time.Time // it was sent as a photograph last
}

// videoRegion is one video; without an encoder there is none.
type videoRegion struct {
	rect    picture.Rect
	content VideoContent
	tiles   int
	enc     VideoEncoder
	told    bool      // the viewers have it open
	key     bool      // the next picture needs none before it
	due     bool      // it changed
	coarser int       // than the base, for now
	cool    int       // updates in a row that changed little
	at      time.Time // it changed last
	out     []byte
}

// chooseFormat is the first of the formats that all viewers have.
func chooseFormat(formats []VideoFormat, codecs Codecs) *VideoFormat {
	for i := range formats {
		if formats[i].Codec()&codecs != 0 {
			return &formats[i]
		}
	}
	return nil
}

// reset forgets all videos, for a picture of a new grid that the viewers begin anew.
func (v *videoRegions) reset(g grid) {
	v.close()
	v.grid, v.heat, v.hot, v.covered = g, make([]heat, g.tiles()), newMask(g.tiles()), newMask(g.tiles())
	v.ended = v.ended[:0]
}

// restart has every video go on with a key, for viewers that forgot them.
func (v *videoRegions) restart() {
	v.ended = v.ended[:0]
	for i := range v.open {
		r := &v.open[i]
		r.told, r.key, r.due = false, true, r.enc != nil
	}
}

// close frees the encoders.
func (v *videoRegions) close() {
	for i := range v.open {
		if v.open[i].enc != nil {
			v.open[i].enc.Close()
		}
		v.open[i] = videoRegion{}
	}
	clear(v.covered)
}

// share gives regions like v's with encoders of their own. One that cannot start is left out.
func (v *videoRegions) share() videoRegions {
	c := videoRegions{format: v.format}
	c.reset(v.grid)
	copy(c.heat, v.heat)
	for i, r := range v.open {
		if r.enc == nil {
			continue
		}
		if enc, err := v.format.NewEncoder(r.rect.W, r.rect.H, r.content); err == nil {
			c.open[i] = videoRegion{rect: r.rect, content: r.content, tiles: r.tiles, enc: enc, key: true, due: true, at: r.at}
			c.inside(&c.open[i], c.covered.set)
		}
	}
	return c
}

// claim takes the tiles that changed inside videos of a content out of d: their regions are due. A video that changes little
// ends, and leaves its tiles, and so does a page whose changes the way carries as tiles: one that is scrolled since it is there.
func (v *videoRegions) claim(content VideoContent, d *differ, p *pace, now time.Time) (ended bool) {
	for i := range v.open {
		r := &v.open[i]
		if r.enc == nil || r.content != content {
			continue
		}
		n, area := 0, 0
		v.inside(r, func(t int) {
			if d.changed.has(t) {
				n, area = n+1, area+d.area(t, v.grid.tile(t))
			}
		})
		if n == 0 {
			continue
		}
		carried := r.content == ContentPage && float64(p.takes(area)) < easyShare*float64(now.Sub(r.at))
		if r.cool++; n > max(coolTiles, r.tiles/coolShare) && !carried {
			r.cool = 0
		}
		if r.cool >= coolUpdates {
			v.end(i)
			ended = true
			continue
		}
		r.due, r.at = true, now
		v.inside(r, d.forget)
	}
	return ended
}

// inside calls f for the tiles that lie in r as a whole.
func (v *videoRegions) inside(r *videoRegion, f func(i int)) {
	v.grid.each(r.rect, func(i int) {
		if r.rect.Contains(v.grid.tile(i)) {
			f(i)
		}
	})
}

// dueTiles is how many tiles the next pictures hold.
func (v *videoRegions) dueTiles() (n int) {
	for i := range v.open {
		if v.open[i].due {
			n += v.open[i].tiles
		}
	}
	return n
}

// end ends the video of a region.
func (v *videoRegions) end(i int) {
	if v.open[i].told {
		op := operation(wire.OpEnd, v.open[i].rect)
		op.Region = uint8(i)
		v.ended = append(v.ended, op)
	}
	v.open[i].enc.Close()
	v.inside(&v.open[i], v.covered.clear)
	v.open[i] = videoRegion{}
}

// endCalm ends videos that have not changed since t.
func (v *videoRegions) endCalm(t time.Time) {
	for i := range v.open {
		if r := &v.open[i]; r.enc != nil && !r.due && !r.at.After(t) {
			v.end(i)
		}
	}
}

// code appends the ends to tell and a picture of every region that is due, as fine as p has it.
func (v *videoRegions) code(ops []wire.PictureOp, f *picture.Frame, p *pace, now time.Time) ([]wire.PictureOp, error) {
	ops = append(ops, v.ended...)
	v.ended = v.ended[:0]
	for i := range v.open {
		r := &v.open[i]
		if r.out = r.out[:0]; !r.due {
			continue
		}
		if err := r.code(f, p, now); err != nil {
			v.format = nil // tiles do it
			return ops, fmt.Errorf("encode video: %w", err)
		}
		op := operation(wire.OpVideo, r.rect)
		op.Region, op.Format, op.Key, op.Data = uint8(i), v.format.Number, r.key, r.out
		ops = append(ops, op)
		r.told, r.key, r.due, r.coarser = true, false, false, max(0, r.coarser-finerStep)
	}
	return ops, nil
}

// code makes the next picture, a key once more if it is much larger than the way wants it.
func (r *videoRegion) code(f *picture.Frame, p *pace, now time.Time) (err error) {
	if r.key {
		r.coarser = keyCoarser
	}
	base := p.coarse()
	r.out, r.key, err = r.enc.Encode(r.out, f, r.rect, r.key, base+r.coarser)
	if err != nil {
		return err
	}
	p.learnVideo(len(r.out), r.key, now)
	if again := p.coarse(); r.key && again >= base+keyHalf {
		if r.out, r.key, err = r.enc.Encode(r.out[:0], f, r.rect, true, again+r.coarser); err != nil {
			return err
		}
	}
	if len(r.out) > wire.MaxPictureVideo {
		return fmt.Errorf("picture of %d bytes", len(r.out))
	}
	return nil
}

// size is the bytes of the pictures that code appended last.
func (v *videoRegions) size() (n int) {
	for i := range v.open {
		n += len(v.open[i].out)
	}
	return n
}

// again notes that tile i changed once more before it was sent.
func (v *videoRegions) again(i int) { v.heat[i].waited = min(v.heat[i].waited+1, hotUpdates) }

// page says whether a page is shown as a video.
func (v *videoRegions) page() bool {
	return slices.ContainsFunc(v.open[:], func(r videoRegion) bool { return r.enc != nil && r.content == ContentPage })
}

// observe counts what an update sent as photographs, or whatever else shall count, and begins videos where that goes on. waiting are the tiles that it
// could not hold.
func (v *videoRegions) observe(photos []picture.Rect, waiting mask, now time.Time) {
	if v.format == nil {
		return
	}
	clear(v.hot)
	for _, r := range photos {
		v.grid.each(r, v.hot.set)
	}
	any := false
	for i := range v.heat {
		h := &v.heat[i]
		if hot := v.hot.has(i); hot {
			h.sent(now)
		} else if !waiting.has(i) {
			h.waited = 0
		}
		switch {
		case h.count >= hotUpdates && (v.hot.has(i) || now.Sub(h.at) <= hotPause):
			v.hot.set(i)
			any = true
		case h.waited >= hotUpdates:
			v.hot.set(i)
		default:
			v.hot.clear(i)
		}
	}
	for i := v.hot.next(0); any && i >= 0; i = v.hot.next(i) {
		if box, tiles := v.cluster(i); tiles >= minVideo && tiles*maxTileArea*100 >= box.Area()*videoFill {
			v.begin(box, ContentFilm, now)
		}
	}
}

// sent counts a photograph and what came before it while it waited.
func (h *heat) sent(now time.Time) {
	if h.waited == 0 && now.Sub(h.at) > hotPause {
		h.count = 0
	}
	h.count = min(h.count+1+h.waited, hotUpdates)
	h.waited, h.at = 0, now
}

// cluster takes the tiles that hang together with tile i out of hot, and gives their box and their number.
func (v *videoRegions) cluster(i int) (box picture.Rect, tiles int) {
	v.stack = append(v.stack[:0], i)
	v.hot.clear(i)
	for len(v.stack) > 0 {
		i = v.stack[len(v.stack)-1]
		v.stack = v.stack[:len(v.stack)-1]
		t := v.grid.tile(i)
		box = box.Union(t)
		tiles++
		v.grid.each(picture.Rect{X: t.X - 1, Y: t.Y - 1, W: t.W + 2, H: t.H + 2}, func(j int) {
			if v.hot.has(j) {
				v.hot.clear(j)
				v.stack = append(v.stack, j)
			}
		})
	}
	return box, tiles
}

// begin begins a video in box, which takes up those it touches, and what they have still to show.
func (v *videoRegions) begin(box picture.Rect, content VideoContent, now time.Time) {
	box, content = v.union(box, content)
	box.W, box.H = box.W&^1, box.H&^1
	at := slices.IndexFunc(v.open[:], func(r videoRegion) bool { return r.enc == nil || touch(r.rect, box) })
	if at < 0 {
		return
	}
	enc, err := v.format.NewEncoder(box.W, box.H, content)
	if err != nil {
		return // too small or too large: tiles do it
	}
	due := false
	for i := range v.open {
		if r := &v.open[i]; r.enc != nil && touch(r.rect, box) {
			due = due || r.due
			v.end(i)
		}
	}
	r := &v.open[at]
	*r = videoRegion{rect: box, content: content, enc: enc, key: true, due: due, at: now}
	v.inside(r, func(t int) {
		r.tiles, v.heat[t] = r.tiles+1, heat{}
		v.covered.set(t)
	})
}

// union is what box and the videos it touches take together, and those that touch it then.
func (v *videoRegions) union(box picture.Rect, content VideoContent) (picture.Rect, VideoContent) {
	for again := true; again; {
		again = false
		for i := range v.open {
			if r := &v.open[i]; r.enc != nil && touch(r.rect, box) && !box.Contains(r.rect) {
				box, again = box.Union(r.rect), true
			}
		}
	}
	for i := range v.open {
		if r := &v.open[i]; r.enc != nil && touch(r.rect, box) {
			content = max(content, r.content)
		}
	}
	return box, content
}

// touch says whether two rectangles overlap or are neighbours.
func touch(a, b picture.Rect) bool {
	return !a.Intersect(picture.Rect{X: b.X - 1, Y: b.Y - 1, W: b.W + 2, H: b.H + 2}).Empty()
}
