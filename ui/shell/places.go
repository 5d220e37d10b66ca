package shell

import (
	"errors"
	"io/fs"
	"math"
	"path/filepath"

	"fyne.io/fyne/v2"

	"impero/core/store"
)

// placesVersion is the version of windows.json: key of a window to its size.
const placesVersion = 1

// A remembered size outside these bounds, in units, is ignored.
const (
	leastSide = 100
	mostSide  = 16384
)

// place is the remembered size of one window, in Fyne units.
type place struct {
	Width  float32 `json:"width"`
	Height float32 `json:"height"`
}

func (p place) good() bool {
	ok := func(v float32) bool {
		return !math.IsNaN(float64(v)) && v >= leastSide && v <= mostSide
	}
	return ok(p.Width) && ok(p.Height)
}

// places remembers the sizes of windows in one file.
type places struct {
	file    string // empty: nothing is remembered
	known   map[string]place
	trouble func(error)
}

func openPlaces(dir string, trouble func(error)) *places {
	p := &places{known: map[string]place{}, trouble: trouble}
	if dir == "" {
		return p
	}
	p.file = filepath.Join(dir, "windows.json")
	if _, err := store.LoadJSON(p.file, placesVersion, &p.known); err != nil {
		p.known = map[string]place{}
		if !errors.Is(err, fs.ErrNotExist) {
			trouble(err)
		}
	}
	return p
}

// size gives the remembered size of a window, or natural.
func (p *places) size(key string, natural fyne.Size) fyne.Size {
	if known, ok := p.known[key]; ok && known.good() {
		return fyne.NewSize(known.Width, known.Height)
	}
	return natural
}

// keep remembers the size of a window.
func (p *places) keep(key string, size fyne.Size) {
	now := place{Width: size.Width, Height: size.Height}
	if p.file == "" || !now.good() || p.known[key] == now {
		return
	}
	p.known[key] = now
	if err := store.SaveJSON(p.file, placesVersion, p.known); err != nil {
		p.trouble(err)
	}
}
