package remote

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"impero/core/picture"
)

// AllMonitors shows the whole desktop.
const AllMonitors = -1

// Monitors are the Host's, as far as is known.
func (s *Screen) Monitors() []picture.Monitor { return s.monitors }

// ShowMonitor shows one of Monitors alone, or AllMonitors. The pointer stays on
// what is shown. While the Host has not so many, all are shown.
func (s *Screen) ShowMonitor(n int) {
	if s.monitor == n {
		return
	}
	s.letGo()
	s.monitor = n
	s.Refresh()
	s.resized()
}

// Monitor is which one is shown, or AllMonitors.
func (s *Screen) Monitor() int {
	if s.part() == s.desktop() {
		return AllMonitors
	}
	return s.monitor
}

func (s *Screen) desktop() picture.Rect { return picture.Rect{W: s.w, H: s.h} }

// part is what is shown of the desktop.
func (s *Screen) part() picture.Rect {
	if s.monitor < 0 || s.monitor >= len(s.monitors) {
		return s.desktop()
	}
	if r := s.monitors[s.monitor].Rect.Intersect(s.desktop()); !r.Empty() {
		return r
	}
	return s.desktop()
}

// place puts what is shown of the picture into the room there is: seen is where
// that is, shown where the whole picture would be.
func (s *Screen) place(room fyne.Size) {
	part, d := s.part(), s.density()
	seen, scale := fit(part.W, part.H, room.Width, room.Height, d, s.mode)
	moved := scale != s.scale
	s.seen, s.shown, s.scale = seen, seen, scale
	whole := part == s.desktop()
	if !whole {
		unit := float32(scale) / d
		s.shown = area{seen.X - float32(part.X)*unit, seen.Y - float32(part.Y)*unit, float32(s.w) * unit, float32(s.h) * unit}
	}
	s.do(func(h *hands) { h.mouse.within = part })
	s.clip(!whole)
	s.raster.Move(s.onPicture(0, 0))
	s.raster.Resize(fyne.NewSize(s.shown.W, s.shown.H))
	if s.tint != nil {
		s.tint.place(s)
	}
	s.Arrange()
	if moved {
		s.resized()
	}
}

// onPicture is where a place of the whole picture, in units, is in what holds the
// raster.
func (s *Screen) onPicture(x, y float32) fyne.Position {
	at := fyne.NewPos(s.shown.X+x, s.shown.Y+y)
	if s.clipped != nil {
		return at.SubtractXY(s.seen.X, s.seen.Y)
	}
	return at
}

// clip has Fyne draw nothing but what is seen.
func (s *Screen) clip(on bool) {
	if !on {
		s.clipped = nil
		return
	}
	if s.clipped == nil {
		s.clipped = container.NewClip(container.NewWithoutLayout(s.drawn()...))
	}
	s.clipped.Move(fyne.NewPos(s.seen.X, s.seen.Y))
	s.clipped.Resize(fyne.NewSize(s.seen.W, s.seen.H))
}

// drawn is what Fyne draws of the picture.
func (s *Screen) drawn() []fyne.CanvasObject {
	if s.tint != nil {
		return []fyne.CanvasObject{s.raster, s.tint.raster}
	}
	return s.plain
}

// arranged takes over where the Host's monitors are now; it reports whether that
// is another place.
func (s *Screen) arranged() bool {
	s.changes.mu.Lock()
	defer s.changes.mu.Unlock()
	if slices.Equal(s.monitors, s.changes.monitors) {
		return false
	}
	s.monitors = slices.Clone(s.changes.monitors)
	return true
}

// arranged notes where the monitors are; mu is held.
func (c *changes) arranged(l *picture.Layout) {
	if l != nil && !slices.Equal(c.monitors, l.Monitors) {
		c.monitors = append(c.monitors[:0], l.Monitors...)
		c.moves++
	}
}

// state is a number that is another one when the size or the monitors are.
func (c *changes) state() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return int64(c.moves)<<32 | int64(c.w)<<16 | int64(c.h)
}
