package shell

import "fyne.io/fyne/v2"

// Window makes a window whose size is remembered under key; natural is its size
// the first time, in units. Its content and close action are the caller's:
// Remember must be called before it closes.
func (s *Shell) Window(key, title string, natural fyne.Size) fyne.Window {
	w := s.Small(title)
	w.Resize(s.places.size(key, natural))
	return w
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
