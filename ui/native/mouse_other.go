//go:build !cgo

package native

import "fyne.io/fyne/v2"

// WatchMouse cannot without cgo.
func WatchMouse(fyne.Window, Mouse) (again func()) { return nil }
