package screen

import (
	"math"
	"time"
)

const (
	updateTime  = 40 * time.Millisecond  // what an update may take on its way, beyond the round trip
	firstRate   = 256 << 10              // bytes a second that a way not known yet is taken to carry
	slowestPace = 250 * time.Millisecond // between pictures of a video, to reckon with
	leastTiles  = 24                     // of an update
	coarsest    = 46                     // quantiser of a video on the slowest way
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
	pixel float64   // bytes a pixel that photographs took at the best level
	tile  float64   // bytes a tile that updates took, videos left out
	exact float64   // bytes a tile that refreshes took
	video int       // how much coarser a video is than baseCoarse
	film  time.Time // a picture of a video was coded last
	every time.Duration
	tight bool // something was coarser or smaller than it might have been
}

func newPace() pace { return pace{pixel: 0.27, tile: 800, exact: 6000} }

// budget is the bytes of an update.
func (p *pace) budget() float64 { return p.rate * updateTime.Seconds() }

// tiles is how many tiles an update may hold.
func (p *pace) tiles() int { return p.fit(p.tile, leastTiles, maxUpdateTiles) }

// refresh is how many tiles a refresh of at most so many may hold.
func (p *pace) refresh(most int) int { return p.fit(p.exact, 1, most) }

func (p *pace) fit(each float64, least, most int) int {
	if p.rate == 0 {
		return most
	}
	return max(least, min(most, int(p.budget()/max(each, 1))))
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
	if pixels > 0 {
		p.pixel += (float64(bytes)/(float64(pixels)*levels[level].size) - p.pixel) / 4
	}
}

// learnTiles notes what tiles took.
func (p *pace) learnTiles(tiles, bytes int, refresh bool) {
	if tiles == 0 {
		return
	}
	each := float64(bytes) / float64(tiles)
	if refresh {
		p.exact += (each - p.exact) / 2
	} else {
		p.tile += (each - p.tile) / 2
	}
}

// coarse is the quantiser of the next pictures of videos.
func (p *pace) coarse() int { return baseCoarse + p.video }

// learnVideo notes a picture of a video of n bytes, and makes the next one coarser or finer: six steps of the quantiser
// halve it. A key is coarser than others anyway and larger all the same: it counts half.
func (p *pace) learnVideo(n int, key bool, now time.Time) {
	if since := now.Sub(p.film); since > 0 {
		if p.every == 0 || since > slowestPace {
			since = time.Second / 30
			p.every = since
		}
		p.every += (since - p.every) / 8
	}
	p.film = now
	if p.rate == 0 {
		p.video = 0
		return
	}
	if key {
		n /= 2
	}
	room := p.rate * min(p.every, updateTime).Seconds() * 0.8
	switch over := float64(n) / max(room, 1); {
	case over > 1:
		p.video = min(coarsest-baseCoarse, p.video+max(1, int(6*math.Log2(over))))
	case over < 0.7 && p.video > 0:
		p.video--
	}
	p.tight = p.tight || p.video > 0
}
