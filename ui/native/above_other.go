//go:build !cgo

package native

import "fyne.io/fyne/v2"

// KeepAbove cannot be asked for without cgo.
func KeepAbove(fyne.Window, bool) bool { return false }

// ShowQuietly is as good as it can be without cgo: the window may get the keyboard.
func ShowQuietly(w fyne.Window) { w.Show() }
