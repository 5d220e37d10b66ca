package screen

import (
	"math"
	"time"
)

const (
	updateTime  = 40 * time.Millisecond  // what an update may take on its way, beyond the round trip
	firstRate   = 256 << 10              // bytes a second that a way not known yet is taken to carry
	slowestPace = 250 * time.Millisecond // between pictures of a video, to reckon with
	leastArea   = 8 * maxTileArea        // of an update
	coarsest    = 46                     // quantiser of a video on the slowest way
	manyPixels  = 32 * maxTileArea       // tell what a pixel takes; fewer tell less
	keyTime     = 200 * time.Millisecond // that the first picture of a video may take
	keyPixel    = 0.048                  // bytes a pixel of one at baseCoarse: a page of text and pictures
	keyHalf     = 11                     // steps of the quantiser that halve it
)

// levels are the qualities of photographs, and how large they are beside the best.
var levels = [...]struct {
	quality int
	size    float64
}{{maxQuality, 1}, {85, 0.45}, {70, 0.3}, {50, 0.2}, {30, 0.14}, {15, 0.09}}

// pace chooses how much an update may hold and how fine it is, so that it is not late: from the rate of the way and from
// what updates took so far. On a slow way the picture gets coarser and is sent in pieces; the refresh mends it later.
// The zero value knows no bound.
type pace struct {
	rate  float64   // bytes a second; 0: any
	wide  float64   // the most that may be; 0: any
	pixel float64   // bytes a pixel that photographs took at the best level
	plain float64   // bytes a changed pixel that updates took, videos left out
	best  float64   // and would have taken with photographs at the best level
	saved int       // bytes of the update being made that photographs would take beyond what they do
	exact float64   // bytes a tile that refreshes took
	video int       // how much coarser a video is than baseCoarse
	film  time.Time // a picture of a video was coded last
	every time.Duration
	tight bool // something was coarser or smaller than it might have been
}

func newPace() pace { return pace{pixel: 0.27, plain: 0.2, best: 0.2, exact: 6000} }

// budget is the bytes of an update.
func (p *pace) budget() float64 { return p.rate * updateTime.Seconds() }

// area is how many changed pixels an update may hold.
func (p *pace) area() int { return p.fit(p.plain, leastArea, maxUpdateTiles*maxTileArea) }

// takes is how long so many changed pixels would keep the way busy, photographs at the best level.
func (p *pace) takes(pixels int) time.Duration {
	if p.wide == 0 {
		return 0
	}
	return time.Duration(float64(pixels) * p.best / p.wide * float64(time.Second))
}

// refresh is how many tiles a refresh of at most so many may hold. It goes when nothing waits on the way, so what the way may
// carry counts, not what a film left of it: the viewer's computer was busy with that.
func (p *pace) refresh(most int) int { return fit(max(p.rate, p.wide), p.exact, 1, most) }

func (p *pace) fit(each float64, least, most int) int { return fit(p.rate, each, least, most) }

// fit is how much of each size a way of a rate, 0 for any, carries in the time of an update.
func fit(rate, each float64, least, most int) int {
	if rate == 0 {
		return most
	}
	return max(least, min(most, int(rate*updateTime.Seconds()/max(each, 0.01))))
}

// level is the best level at which photographs of so many pixels keep within the budget.
func (p *pace) level(pixels int) (level int) {
	if p.rate == 0 {
		return 0
	}
	for level < len(levels)-1 && float64(pixels)*p.pixel*levels[level].size > p.budget() {
		level++
	}
	p.tight = p.tight || level > 0
	return level
}

// learnPhotos notes what photographs took.
func (p *pace) learnPhotos(level, pixels, bytes int) {
	p.saved = int(float64(bytes) * (1/levels[level].size - 1))
	if pixels > 0 {
		p.pixel += (float64(bytes)/(float64(pixels)*levels[level].size) - p.pixel) / 4
	}
}

// learnUpdate notes that so many changed pixels took so many bytes.
func (p *pace) learnUpdate(pixels, bytes int) {
	if pixels > 0 {
		share := min(0.5, float64(pixels)/manyPixels)
		p.plain += (float64(bytes)/float64(pixels) - p.plain) * share
		p.best += (float64(bytes+p.saved)/float64(pixels) - p.best) * share
	}
}

// learnRefresh notes that so many tiles took so many bytes without loss.
func (p *pace) learnRefresh(tiles, bytes int) {
	if tiles > 0 {
		p.exact += (float64(bytes)/float64(tiles) - p.exact) / 2
	}
}

// coarse is the quantiser of the next pictures of videos.
func (p *pace) coarse() int { return baseCoarse + p.video }

// key makes the first picture of a video of so many pixels coarse enough to be there within keyTime.
func (p *pace) key(pixels int) {
	if p.wide > 0 {
		p.coarser(float64(pixels)*keyPixel*math.Pow(2, -float64(p.video+keyCoarser)/keyHalf), p.wide*keyTime.Seconds(), keyHalf)
	}
}

// coarser makes pictures of n bytes fit into room, if steps of the quantiser halve them.
func (p *pace) coarser(n, room float64, steps float64) {
	if over := n / max(room, 1); over > 1 {
		p.video = min(coarsest-baseCoarse, p.video+max(1, int(steps*math.Log2(over))))
	}
}

// learnVideo notes a picture of a video of n bytes, and makes the next one coarser or finer: six steps of the quantiser
// halve it. A key is larger, and may take longer.
func (p *pace) learnVideo(n int, key bool, now time.Time) {
	if since := now.Sub(p.film); since > 0 {
		if p.every == 0 || since > slowestPace {
			since = time.Second / 30
			p.every = since
		}
		p.every += (since - p.every) / 8
	}
	p.film = now
	if p.wide == 0 {
		p.video = 0
		return
	}
	if key {
		p.coarser(float64(n), p.wide*keyTime.Seconds(), keyHalf)
	} else {
		room := p.wide * min(p.every, updateTime).Seconds() * 0.6
		p.coarser(float64(n), room, 6)
		if float64(n) < 0.7*room && p.video > 0 {
			p.video--
		}
	}
	p.tight = p.tight || p.video > 0
}
