package shell

import (
	"math"

	"fyne.io/fyne/v2"
)

// decoration is what a window manager adds to the height of a window, at most,
// in pixels: a title bar and borders.
const decoration = 40

// Window makes a window whose size is remembered under key; natural is its size
// the first time, in units; no window is larger than its monitor. Its content and
// close action are the caller's: Remember must be called before it closes.
func (s *Shell) Window(key, title string, natural fyne.Size) fyne.Window {
	w := s.Small(title)
	w.Resize(s.places.size(key, natural))
	if s.room != nil {
		go s.Post(func() { s.keepIn(w) }) // once it is there: before, it does not know its scale
	}
	return w
}

// Room gives how large a window can be on its monitor, in units; zero where that
// is not known. It is asked with every picture and so looks once for each scale:
// a window does not know its own before it is there.
func (s *Shell) Room(w fyne.Window) func() fyne.Size {
	var room fyne.Size
	var density float32
	return func() fyne.Size {
		if now := w.Canvas().Scale(); now != density {
			room, density = s.measure(w), now
		}
		return room
	}
}

func (s *Shell) measure(w fyne.Window) fyne.Size {
	if s.room == nil {
		return fyne.Size{}
	}
	width, height, ok := s.room(w)
	if !ok {
		return fyne.Size{}
	}
	units := func(pixels int) float32 {
		return float32(math.Floor(float64(max(pixels, 1)) / float64(w.Canvas().Scale())))
	}
	return fyne.NewSize(units(width), units(height-decoration))
}

// keepIn makes a window smaller that has no room on its monitor.
func (s *Shell) keepIn(w fyne.Window) {
	size, room := w.Canvas().Size(), s.measure(w)
	if fits := size.Min(room); !room.IsZero() && fits != size && !w.FullScreen() {
		w.Resize(fits)
	}
}

// Small makes a window whose size follows its content and is not remembered.
func (s *Shell) Small(title string) fyne.Window {
	w := s.App.NewWindow(title)
	w.SetPadded(false)
	if s.icon != nil {
		w.SetIcon(s.icon)
	}
	return w
}

// Remember keeps the size of a window made by Window. A full screen's size is
// not one to keep.
func (s *Shell) Remember(key string, w fyne.Window) {
	if !w.FullScreen() {
		s.places.keep(key, w.Canvas().Size())
	}
}

// ShowQuietly shows a window for the first time, without taking the keyboard from the window that has it.
func (s *Shell) ShowQuietly(w fyne.Window) {
	if s.quietly == nil {
		w.Show()
		return
	}
	s.quietly(w)
}

// Above keeps a window that is shown above all others, at the top edge of the
// screen if edge is set. Where that cannot be had it is a window like others.
func (s *Shell) Above(w fyne.Window, edge bool) {
	if s.above != nil {
		s.Post(func() { s.above(w, edge) }) // once it is there
	}
}
