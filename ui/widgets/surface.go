package widgets

import (
	"time"

	"fyne.io/fyne/v2"
)

// guard is a surface that ignores keys for its first moments.
type guard interface{ ignoresKeys() bool }

// guarded tells whether the surface o stands in ignores keys now: a prompt that
// appeared by itself must not be answered by what somebody was typing.
func guarded(o fyne.CanvasObject) bool {
	g, ok := surfaceOf(canvasOf(o)).(guard)
	return ok && g.ignoresKeys()
}

// promptGuard is how long prompts that appear by themselves ignore keys.
const promptGuard = 700 * time.Millisecond
