//go:build windows || darwin

package pane

import (
	"fmt"

	"fyne.io/fyne/v2"

	"impero/core/picture"
)

// Order is the order of pixels that needs no work here: that of the windows.
const Order = picture.RGBX

// Pane is a picture in a window of its own, where there can be one.
type Pane struct{}

// Open fails with ErrUnsupported.
func Open(fyne.Window, Events) (*Pane, error) {
	return nil, fmt.Errorf("open a window for the picture: %w", ErrUnsupported)
}

// Place does nothing.
func (*Pane) Place(Geometry) {}

// Show does nothing.
func (*Pane) Show(bool) {}

// Busy is false.
func (*Pane) Busy() bool { return false }

// Times are none.
func (*Pane) Times() Times { return Times{} }

// Take fails with ErrUnsupported.
func (*Pane) Take(*picture.Frame, []picture.Rect) error { return ErrUnsupported }

// Paint does nothing.
func (*Pane) Paint() {}

// SetCursor does nothing.
func (*Pane) SetCursor(*picture.Cursor) {}

// Grab fails with ErrUnsupported.
func (*Pane) Grab() error { return ErrUnsupported }

// Release does nothing.
func (*Pane) Release() {}

// Grabbed is false.
func (*Pane) Grabbed() bool { return false }

// Close does nothing.
func (*Pane) Close() {}
