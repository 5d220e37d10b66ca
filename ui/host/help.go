package host

// keyboard lists the keys of the window.
func (w *Window) keyboard() { w.sh.KeyboardHelp(w.win, w.menus) }

// about says which release this is.
func (w *Window) about() { w.sh.About(w.win) }
