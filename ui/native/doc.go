// Package native is what the windows need and Fyne does not give: the keyboard
// whole, with the keys a window manager would keep (Keyboard), and the mouse
// beyond its window and its third button (Mouse). It is the only package of ui
// that may use cgo; the picture's own window, in native/pane, needs none.
//
// What a system cannot do is not an error of the person: Keyboard then gives
// ErrUnsupported and WatchMouse gives nil, and the windows go on with what Fyne
// has. All methods belong to the UI goroutine unless they say otherwise.
package native

import "errors"

// ErrUnsupported says that this system, or the build, cannot do it.
var ErrUnsupported = errors.New("not supported on this system")
