// Package pane shows a Host's picture in an X window of its own inside one of
// Fyne's, and takes keyboard and mouse there, on a connection of its own:
// neither a picture nor a key waits for Fyne's turn, of which there are 60 a
// second, and nothing is drawn by OpenGL. Without X11, or without what it needs
// of the X server (MIT-SHM, RENDER, SHAPE, pixels of 32 bits BGRX), Open gives
// ErrUnsupported and the windows draw the picture by Fyne.
//
// The picture lies in memory that is shared with the X server, as it comes from
// the Host; at its own size it is put into the window from there, only what
// changed. At another size it goes into a pixmap of the server, which scales it
// (RENDER, bilinear, halved first as often as it is more than twice too large):
// measured on a server without graphics hardware, 1920 × 1080 to 1280 × 720 takes
// 1.3 ms so and 15 to 30 ms in Go, and text looks the same.
//
// Keys: the pane listens on Fyne's window beside Fyne, so that the keyboard stays
// with that window, as window managers and Fyne expect it, and all keys come
// here however the pointer lies. A grab brings those too that the window manager
// wants.
//
// Place, Show, Busy and Times may be called from any goroutine. Take, Paint and
// SetCursor belong to one goroutine, the painter's; it is asked to call Paint by
// Events.Wake. Grab, Release and Close belong to the UI goroutine. Events are
// told on the pane's own reader.
package pane

import (
	"errors"
	"time"

	"impero/core/picture"
)

// ErrUnsupported says that this system, or the build, has no panes.
var ErrUnsupported = errors.New("not supported on this system")

// Geometry is where a picture lies. All is in pixels here, of the content of
// Fyne's window, but FrameW and FrameH.
type Geometry struct {
	FrameW, FrameH int          // the size of the frames this is meant for
	Whole          picture.Rect // where the whole picture lies, and how large it is shown
	View           picture.Rect // what may be seen of it; the pane lies where both are
	Holes          []Hole       // what lies over it
}

// Hole is a place that the pane leaves free.
type Hole struct {
	picture.Rect
	Round int // the radius of its lower corners
}

// Point is a place under the pointer: the pixel of the Host's desktop, the
// nearest one if that is outside, and the pixel of the content of Fyne's window.
type Point struct{ X, Y, WindowX, WindowY int }

// Events are what a pane tells. All functions must be set; none may wait.
type Events struct {
	// Wake asks for a Paint: something was uncovered, placed elsewhere, or the
	// server is ready for more.
	Wake func()
	// Key tells a key by its X keycode. A held key is told once.
	Key func(keycode int, down bool)
	// Button tells a button: 1 left, 2 middle, 3 right, 8 back, 9 forward; its
	// release too if that happens outside.
	Button func(button uint8, down bool, at Point)
	// Wheel tells one notch; right and down are positive.
	Wheel func(dx, dy int, at Point)
	// Moved tells the newest place of the pointer, and whether a button is down.
	Moved func(at Point, pressed bool)
	// Inside tells whether the pointer is over the pane.
	Inside func(bool)
	// Focus tells whether Fyne's window has the keyboard.
	Focus func(bool)
	// Changed tells that Fyne's window has another size or is shown anew.
	Changed func()
	// Gone comes last, once: the window or the server is gone.
	Gone func()
}

// Times are how long presenting took, from the moment the picture was taken to
// the moment the X server had it all.
type Times struct {
	Count  uint64        // presented since the pane was opened
	Median time.Duration // of the last ones
	Worst  time.Duration // of the last ones
}
