package remote

import "impero/core/keys"

// hostKey belongs to the Guest: right Option.
const hostKey = keys.RightAlt

// HostKeyName is how people call it.
const HostKeyName = "Right Option"

// usageOf gives the usage of a scan code as Fyne tells it: a virtual key code.
func usageOf(scanCode int) uint16 { return keys.FromMac(scanCode) }
