package widgets

import (
	"time"

	"fyne.io/fyne/v2"
)

// clock is time as the widgets see it; tests set their own.
type clock struct {
	now func() time.Time
	// after runs f on the UI goroutine when d is over, unless stopped before.
	after func(d time.Duration, f func()) (stop func())
}

func wallClock() clock { return clock{now: time.Now, after: afterFrames} }

// afterFrames waits on the driver's frames instead of on a goroutine: Fyne ticks
// an animation on the UI goroutine, and one that draws nothing repaints
// nothing. A driver without frames, such as the one of tests, ticks once at the
// start, which does not count: there f never runs.
func afterFrames(d time.Duration, f func()) func() {
	starting, over := true, false
	wait := &fyne.Animation{Duration: d, Curve: fyne.AnimationLinear}
	wait.Tick = func(done float32) {
		if starting || over || done < 1 {
			return
		}
		over = true
		f()
	}
	wait.Start()
	starting = false
	return func() {
		over = true
		wait.Stop()
	}
}
