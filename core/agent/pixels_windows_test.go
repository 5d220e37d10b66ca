package agent

import (
	"testing"

	"golang.org/x/sys/windows"
)

func TestSeesPixels(t *testing.T) {
	seePixels()
	user := windows.NewLazySystemDLL("user32.dll")
	now, _, _ := user.NewProc("GetThreadDpiAwarenessContext").Call()
	const each = 2 // DPI_AWARENESS_PER_MONITOR_AWARE
	if aware, _, _ := user.NewProc("GetAwarenessFromDpiAwarenessContext").Call(now); aware != each {
		t.Errorf("Windows may show this process another desktop than there is (awareness %d)", aware)
	}
}
