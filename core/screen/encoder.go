package screen

import (
	"fmt"
	"runtime"
	"time"

	"impero/core/picture"
	"impero/core/wire"
)

// Codecs is the set of codecs beyond the baseline (fill, copy, palette, raw) that all viewers of an Encoder have.
type Codecs uint8

const (
	CodecJPEG Codecs = 1 // baseline JPEG; without it photographs go without loss
	CodecH264 Codecs = 2 // video in H.264; without any, videos go as photographs
	CodecVP8  Codecs = 4 // video in VP8
)

// EncoderConfig tunes an Encoder; zero values mean the defaults.
type EncoderConfig struct {
	Codecs       Codecs
	Quality      int           // of JPEG, 1 … maxQuality; 92
	RefreshAfter time.Duration // calm after which a tile with loss goes again without; 250 ms
	RefreshTiles int           // of one such update, at most; 24
	Workers      int           // goroutines that code at once; GOMAXPROCS, at most 4
	Cache        int           // bytes of tiles that the viewers keep, at most wire.MaxPictureCache; 0: none
	Video        []VideoFormat // formats of this build, the best first; those among Codecs are used
}

func (c EncoderConfig) withDefaults() EncoderConfig {
	if c.Quality < 1 || c.Quality > maxQuality {
		c.Quality = 92
	}
	if c.RefreshAfter <= 0 {
		c.RefreshAfter = 250 * time.Millisecond
	}
	if c.RefreshTiles <= 0 {
		c.RefreshTiles = 24
	}
	if c.Workers <= 0 {
		c.Workers = min(4, runtime.GOMAXPROCS(0))
	}
	return c
}

// maxUpdateTiles bounds one update to the area of a 4K screen, so that its body stays below wire.MaxPictureBody even if
// nothing in it can be compressed; what changed beyond goes with the next one.
const maxUpdateTiles = 2048

// maxQuality is the best quality of which that holds for JPEG too: at 95, noise takes below 3.5 bytes a pixel.
const maxQuality = 95

// Encoder makes the picture messages of one group of viewers that are in step: all get the same bytes. Not for
// concurrent use. Its memory is two frames, about 12 MiB for compression, its viewers' tiles, and what its videos take. Close frees those.
type Encoder struct {
	cfg      EncoderConfig
	seq      uint32 // of the last update
	number   uint32 // of the layout
	layout   picture.Layout
	announce bool // the layout goes before the next update
	sync     bool // the next update is a sync point
	codecs   bool // the next update starts the codecs anew

	ref     *picture.Frame // what the viewers have, but for the loss of lossy tiles
	grid    grid
	dirty   mask // tiles that may differ from the screen and were not compared yet
	damaged mask // those that Damage was told of last
	plain   mask // changed tiles that are of one colour now, as far as that was looked for
	lossy   lossyTiles
	differ  differ
	mover   mover
	rects   []picture.Rect
	copies  []picture.Move
	tiles   []int
	coder   tileCoder
	photos  photoCoder
	videos  videoRegions
	cache   tileCache
	pace    pace
	strain  strain
	coded   int            // changed pixels of this update, of a refresh its tiles
	small   *picture.Frame // the last sketch
	sketch  []byte         // and its JPEG
	hits    []int          // tiles that the viewers keep
	blobs   blobWriter
	update  wire.UpdateMessage
}

// NewEncoder makes an Encoder whose first update is a sync point.
func NewEncoder(cfg EncoderConfig) *Encoder {
	cfg = cfg.withDefaults()
	return &Encoder{cfg: cfg, sync: true, announce: true, coder: tileCoder{workers: cfg.Workers, slots: newSlotTable()},
		photos: photoCoder{codec: newJPEG(), quality: cfg.Quality, workers: cfg.Workers},
		videos: videoRegions{format: chooseFormat(cfg.Video, cfg.Codecs)}, pace: newPace()}
}

// Pace says how many bytes a second the way to the viewers carries, so that updates come in time: they are coarser, and
// hold less, on a slow way. wide is the most that it may carry for all that is known: what would take long even then is
// shown coarse first. 0 means any, for both, as at first.
func (e *Encoder) Pace(rate, wide float64) {
	e.pace.rate, e.pace.wide, e.pace.tight = rate, wide, false
}

// Tight says that since Pace something was sent coarser, or left for later, because the way carries no more.
func (e *Encoder) Tight() bool { return e.pace.tight }

// Close frees what the Encoder holds outside Go's memory; it is the last call.
func (e *Encoder) Close() { e.videos.close() }

// SetLayout says which monitors the frames from now on show. The next Encode sends it and is a sync point.
// Without it, a frame of a new size is one monitor.
func (e *Encoder) SetLayout(l picture.Layout) { e.setLayout(l, max(1, e.number+1)) }

func (e *Encoder) setLayout(l picture.Layout, number uint32) {
	e.layout, e.number = l, number
	e.Sync()
}

// Sync makes the next Encode a sync point: a viewer that knows nothing can begin there.
func (e *Encoder) Sync() { e.announce, e.sync = true, true }

// Pending says that there is something to encode that no update has taken up: a sync point, damage, or what the last
// update could not hold. Encode again as soon as the viewers can take it.
func (e *Encoder) Pending() bool { return e.sync || e.dirty.any() }

// Damage notes that the frame changed in these places without encoding it now: nothing is kept but which tiles.
func (e *Encoder) Damage(changed []picture.Rect) {
	if e.ref == nil {
		return // the first update holds all
	}
	clear(e.damaged)
	for _, r := range changed {
		e.grid.each(r, e.damaged.set)
	}
	for i := e.damaged.next(0); i >= 0; i = e.damaged.next(i + 1) {
		if e.dirty.has(i) && !e.sync {
			e.videos.again(i)
		}
		e.dirty.set(i)
	}
}

// Encode compares f under changed with what the viewers have and appends the picture messages that make up the
// difference to dst: Layout if it is new, and one Update. seq is the Update's number. If nothing differs, nothing is
// appended and ok is false. moves are hints: each is checked against the pixels. f is only read, and not kept.
//
// It panics if f is not a picture that picture.CheckSize accepts, or lacks bytes: a programming error.
func (e *Encoder) Encode(dst []byte, f *picture.Frame, changed []picture.Rect, moves []picture.Move, now time.Time) (out []byte, seq uint32, ok bool, err error) {
	e.prepare(f)
	e.Damage(changed)
	sync := e.sync
	e.coder.begin()
	e.cache.begin()
	if e.sketched(f) {
		return e.sendSketch(dst, f, now)
	}
	e.move(f, moves, now)
	e.outline(f, now)
	e.coder.add(f, e.rects, e.cfg.Codecs&CodecJPEG != 0)
	if !sync && len(e.copies) == 0 && len(e.rects) == 0 && len(e.hits) == 0 && e.videos.dueTiles() == 0 {
		return dst, 0, false, nil
	}
	return e.finish(dst, f, now)
}

// prepare meets a frame of a new size, and a sync point.
func (e *Encoder) prepare(f *picture.Frame) {
	if e.ref == nil || e.ref.W != f.W || e.ref.H != f.H || e.ref.Order != f.Order {
		if err := picture.CheckSize(f.W, f.H); err != nil || len(f.Pix) != f.W*f.H*4 {
			panic(fmt.Sprintf("screen: frame of %d × %d pixels in %d bytes", f.W, f.H, len(f.Pix)))
		}
		e.ref = picture.NewFrame(f.W, f.H, f.Order)
		e.grid = newGrid(f.W, f.H)
		e.dirty, e.damaged, e.plain = newMask(e.grid.tiles()), newMask(e.grid.tiles()), newMask(e.grid.tiles())
		e.differ.reset(e.grid)
		e.Sync()
	}
	if e.layout.W != f.W || e.layout.H != f.H {
		e.SetLayout(wholeLayout(f))
	}
	if e.sync {
		blacken(e.ref)
		e.lossy.reset(e.grid)
		e.dirty.fill(e.grid.tiles())
		e.mover.reset()
		e.videos.reset(e.grid)
		e.codecs = true
	}
	if e.codecs {
		e.coder.slots.reset()
		e.photos.tables.reset()
		e.blobs.reset()
		e.videos.restart()
		e.cache.reset(e.grid, e.cfg.Cache)
	}
}

// move compares f with ref and does in ref all moves that help.
func (e *Encoder) move(f *picture.Frame, hints []picture.Move, now time.Time) {
	e.copies = e.copies[:0]
	clear(e.plain)
	do := func(m picture.Move) {
		e.grid.each(m.Dst, func(i int) { e.keep(i, now) })
		copyRect(e.ref, m.Dst, m.FromX, m.FromY)
		e.lossy.moved(m.Dst, m.FromX, m.FromY, now)
		e.cache.changed(m.Dst, now)
		e.grid.each(m.Dst, e.dirty.set)
	}
	if !e.sync {
		e.copies = e.mover.hinted(e.ref, f, hints, e.copies, do)
	}
	e.compare(f, now)
	e.search(f, now, do)
	if e.videos.claim(ContentPage, &e.differ, &e.pace, now) {
		e.differ.lookAgain(f, e.ref, e.grid)
	}
}

// search looks for scrolls, also in a page that is shown as a video, and has do do them in ref.
func (e *Encoder) search(f *picture.Frame, now time.Time, do func(picture.Move)) {
	if e.sync {
		return
	}
	for range maxSearches {
		box := e.differ.box(e.grid)
		if e.mostlyPlain(f) || !e.mover.worth(e.differ.changed.count(), box, movedArea(e.copies), now) {
			return
		}
		before := len(e.copies)
		if e.copies = e.mover.search(e.ref, f, box, e.copies, do, now); len(e.copies) == before {
			return
		}
		e.compare(f, now)
	}
}

// mostlyPlain finds which of the changed tiles are of one colour now, and says whether they hold half of what changed:
// nothing moved there.
func (e *Encoder) mostlyPlain(f *picture.Frame) bool {
	clear(e.plain)
	changed, of := 0, 0
	for i := e.differ.changed.next(0); i >= 0; i = e.differ.changed.next(i + 1) {
		t := e.grid.tile(i)
		n := e.differ.area(i, t)
		changed += n
		if _, ok := plain(f, t); ok {
			e.plain.set(i)
			of += n
		}
	}
	return of*2 > changed
}

func movedArea(moves []picture.Move) (n int) {
	for _, m := range moves {
		n += m.Dst.Area()
	}
	return n
}

// maxSearches bounds the scrolls that are looked for in one update.
const maxSearches = 2

// compare looks for what differs in the dirty tiles; the films take what is theirs.
func (e *Encoder) compare(f *picture.Frame, now time.Time) {
	page := e.videos.page() // of a page it matters how much changed
	for first := e.dirty.next(0); first >= 0; first = e.dirty.next(first) {
		n, film := 1, e.videos.covered.has(first)
		e.dirty.clear(first)
		for (first+n)%e.grid.cols != 0 && e.dirty.has(first+n) && e.videos.covered.has(first+n) == film {
			e.dirty.clear(first + n)
			n++
		}
		if film && !page {
			e.differ.glance(f, e.ref, e.grid, first, n)
		} else {
			e.differ.run(f, e.ref, e.grid, first, n)
		}
	}
	if e.videos.claim(ContentFilm, &e.differ, &e.pace, now) {
		e.differ.lookAgain(f, e.ref, e.grid)
	}
}

// keep has the viewers keep tile i of ref, which is about to change.
func (e *Encoder) keep(i int, now time.Time) {
	if e.lossy.since[i].IsZero() && !e.sync && e.known(i) {
		e.cache.keep(e.ref, i, now)
	}
}

// outline fills hits with changed tiles that the viewers keep and rects with what else changed, as much as the pace
// allows; the others are dirty again.
func (e *Encoder) outline(f *picture.Frame, now time.Time) {
	e.rects, e.hits = e.rects[:0], e.hits[:0]
	for i := e.differ.changed.next(0); i >= 0; i = e.differ.changed.next(i + 1) {
		e.keep(i, now)
	}
	e.hasten(f, now)
	n, most := e.videos.dueTiles(), e.pace.area()
	e.coded = 0
	for i := e.differ.changed.next(0); i >= 0; i = e.differ.changed.next(i + 1) {
		t := e.grid.tile(i)
		switch {
		case n >= maxUpdateTiles || e.coded >= most:
			e.dirty.set(i)
			e.pace.tight = true
		case !e.cached(f, i, t) && !e.patched(f, i):
			e.rects = e.differ.rects(i, t, e.rects)
			e.coded += e.differ.area(i, t)
			n++
		}
		e.differ.forget(i)
	}
	e.rects = joinRects(e.rects)
}

// cached says whether so much of tile i changed that it is worth a look, and the viewers keep it.
func (e *Encoder) cached(f *picture.Frame, i int, t picture.Rect) bool {
	if e.plain.has(i) || e.differ.area(i, t)*keepShare < t.Area() {
		return false
	}
	slot, ok := e.cache.find(f, i)
	if ok {
		e.hits = append(e.hits, i)
		e.coder.ops = appendSlot(e.coder.ops, wire.OpCached, t, slot)
	}
	return ok
}

// patched takes off what the viewers keep of what changed in tile i, and says whether that was all.
func (e *Encoder) patched(f *picture.Frame, i int) bool {
	before := len(e.coder.ops)
	e.coder.ops = e.cache.patch(f, i, &e.differ.cols[i], e.coder.ops)
	if len(e.coder.ops) == before {
		return false
	}
	e.hits = append(e.hits, i)
	return e.differ.empty(i)
}
