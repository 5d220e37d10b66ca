//go:build !cgo

package native

import "fyne.io/fyne/v2"

// WorkArea is not known without cgo.
func WorkArea(fyne.Window) (width, height int, ok bool) { return 0, 0, false }
