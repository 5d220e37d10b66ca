package presenter

import (
	"image"
	"image/color"
	"time"

	"impero/core/guest"
	"impero/core/picture"
	"impero/ui/shell/phrase"
)

// HeatKind is a way in which a part of the picture came, as the heat map tells
// them apart.
type HeatKind uint8

// The kinds; HeatKinds is how many there are.
const (
	HeatMoved   HeatKind = 0 // from another place of the picture
	HeatCached  HeatKind = 1 // tiles that were kept
	HeatExact   HeatKind = 2 // palettes, raw pixels, plain colours
	HeatJPEG    HeatKind = 3
	HeatVideo   HeatKind = 4
	HeatSketch  HeatKind = 5
	HeatRefined HeatKind = 6 // exact where it was with loss, once that was calm
	HeatKinds            = 7
)

// Name says a kind.
func (k HeatKind) Name() phrase.Phrase {
	return [HeatKinds]phrase.Phrase{
		phrase.New("Moved"), phrase.New("Seen before"), phrase.New("Exact"), phrase.Plain("JPEG"), phrase.New("Video"), phrase.New("Sketch"), phrase.New("Refinement"),
	}[k]
}

// HeatCell is the side of the squares of the map, in pixels of the picture.
const HeatCell = 8

const (
	heatFade = time.Second
	// heatCalm is how long what came with loss must be unchanged for what is exact to
	// be its refinement: the Host waits 250 ms, and pictures are not on the way
	// equally long.
	heatCalm = 150 * time.Millisecond
	// heatMost is how much of the picture a fresh colour hides.
	heatMost = 0.6
)

// heatCell is what came to a square last.
type heatCell struct {
	at    time.Time // zero if nothing did
	kind  HeatKind
	lossy bool
}

// Heat is a map of how each part of the picture came, fading. It costs 32 bytes for
// 64 pixels of the picture. It belongs to one goroutine.
type Heat struct {
	session Session
	clock   Clock
	traced  []guest.Painted
	cols    int
	cells   []heatCell
	faded   bool // the image shows nothing
	img     *image.RGBA
}

// Heat begins to watch how the picture comes, until Close.
func (l *Live) Heat() *Heat {
	l.session.Trace(true)
	return &Heat{session: l.session, clock: l.desk.clock, img: &image.RGBA{}, faded: true}
}

// Close ends it.
func (h *Heat) Close() { h.session.Trace(false) }

// Image is the map as Look left it, a pixel for a square; empty before the first.
func (h *Heat) Image() *image.RGBA { return h.img }

// Look takes what came since the last time, in a picture of width × height, and
// paints the map in the colours of the kinds. It reports whether the image is
// another one.
func (h *Heat) Look(width, height int, colours [HeatKinds]color.NRGBA) bool {
	h.resize((width+HeatCell-1)/HeatCell, (height+HeatCell-1)/HeatCell)
	h.traced = h.session.Traced(h.traced[:0])
	for i := range h.traced {
		h.add(&h.traced[i])
	}
	if h.faded && len(h.traced) == 0 {
		return false
	}
	h.paint(colours)
	return true
}

func (h *Heat) resize(cols, rows int) {
	if h.img.Rect.Dx() == cols && h.img.Rect.Dy() == rows {
		return
	}
	h.cols, h.cells = cols, make([]heatCell, cols*rows)
	h.img = image.NewRGBA(image.Rect(0, 0, cols, rows))
}

// kindOf gives the kind of a codec, and whether it loses something.
func kindOf(c guest.Codec) (k HeatKind, lossy bool) {
	switch c {
	case guest.Copy:
		return HeatMoved, false
	case guest.Cached:
		return HeatCached, false
	case guest.JPEG:
		return HeatJPEG, true
	case guest.Video:
		return HeatVideo, true
	case guest.Sketch:
		return HeatSketch, true
	}
	return HeatExact, false
}

// add notes a rectangle in the squares that it touches.
func (h *Heat) add(p *guest.Painted) {
	kind, lossy := kindOf(p.As)
	all := picture.Rect{W: h.img.Rect.Dx() * HeatCell, H: h.img.Rect.Dy() * HeatCell}
	r := p.Rect.Intersect(all)
	if r.Empty() {
		return
	}
	for y := r.Y / HeatCell; y <= (r.Y+r.H-1)/HeatCell; y++ {
		for x := r.X / HeatCell; x <= (r.X+r.W-1)/HeatCell; x++ {
			c := &h.cells[y*h.cols+x]
			as := kind
			if kind == HeatExact && c.lossy && p.At.Sub(c.at) >= heatCalm {
				as = HeatRefined
			}
			*c = heatCell{at: p.At, kind: as, lossy: lossy || kind == HeatMoved && c.lossy}
		}
	}
}

// paint paints the map anew: the older, the fainter.
func (h *Heat) paint(colours [HeatKinds]color.NRGBA) {
	now := h.clock.Now()
	h.faded = true
	for i := range h.cells {
		c, px := &h.cells[i], h.img.Pix[4*i:4*i+4]
		age := heatFade
		if !c.at.IsZero() {
			age = max(0, now.Sub(c.at))
		}
		if age >= heatFade {
			px[0], px[1], px[2], px[3] = 0, 0, 0, 0
			continue
		}
		h.faded = false
		share, is := heatMost*(1-float64(age)/float64(heatFade)), colours[c.kind]
		px[0], px[1], px[2] = uint8(float64(is.R)*share), uint8(float64(is.G)*share), uint8(float64(is.B)*share)
		px[3] = uint8(255 * share)
	}
}
