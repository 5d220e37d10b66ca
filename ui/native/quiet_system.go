//go:build windows || darwin

package native

import "fyne.io/fyne/v2"

// declineFocus has nothing to do: a window that does not ask for the focus does not get it.
func declineFocus(fyne.Window) bool { return true }
