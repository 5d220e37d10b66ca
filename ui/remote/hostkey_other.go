//go:build !darwin && !windows

package remote

import "impero/core/keys"

// hostKey belongs to the Guest: right Ctrl.
const hostKey = keys.RightControl

// HostKeyName is how people call it.
const HostKeyName = "Right Ctrl"

// usageOf gives the usage of a scan code as Fyne tells it: an X keycode.
func usageOf(scanCode int) uint16 { return keys.FromX11(scanCode) }
