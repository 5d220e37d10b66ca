package agent

import "golang.org/x/sys/windows"

// The contexts that see each monitor as it is, the better one first: DPI_AWARENESS_CONTEXT_PER_MONITOR_AWARE_V2 is -4 and
// not known to the first releases of Windows 10, DPI_AWARENESS_CONTEXT_PER_MONITOR_AWARE is -3.
var perMonitor = [...]uintptr{^uintptr(3), ^uintptr(2)}

// seePixels has Windows show this process the monitors' own pixels. Without it a program sees a desktop of 96 dots an inch:
// on a monitor with a larger scale a smaller one, enlarged. It fails where that is decided already, and before Windows 10.
func seePixels() {
	set := windows.NewLazySystemDLL("user32.dll").NewProc("SetProcessDpiAwarenessContext")
	if set.Find() != nil {
		return
	}
	for _, context := range perMonitor {
		if done, _, _ := set.Call(context); done != 0 {
			return
		}
	}
}
