package agent

import "golang.org/x/sys/windows"

// perMonitor is DPI_AWARENESS_CONTEXT_PER_MONITOR_AWARE_V2.
const perMonitor = ^uintptr(3) // -4

// seePixels has Windows show this process the monitors' own pixels. Without it a program sees a desktop of 96 dots an inch:
// on a monitor with a larger scale a smaller one, enlarged. It fails where that is decided already, and before Windows 10.
func seePixels() {
	set := windows.NewLazySystemDLL("user32.dll").NewProc("SetProcessDpiAwarenessContext")
	if set.Find() == nil {
		set.Call(perMonitor)
	}
}
