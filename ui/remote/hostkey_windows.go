package remote

import "impero/core/keys"

// hostKey belongs to the Guest: right Ctrl.
const hostKey = keys.RightControl

// HostKeyName is how people call it.
const HostKeyName = "Right Ctrl"

// usageOf gives the usage of a scan code as Fyne tells it: of set 1, 0x100
// added for extended keys.
func usageOf(scanCode int) uint16 { return keys.FromWindows(scanCode) }
