//go:build !cgo

package native

import "fyne.io/fyne/v2"

// KeepAbove cannot be asked for without cgo.
func KeepAbove(fyne.Window, bool) bool { return false }
