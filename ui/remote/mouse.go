package remote

import (
	"fyne.io/fyne/v2"

	"impero/core/picture"
)

// unitsANotch is what Fyne makes of one notch of a wheel.
const unitsANotch = 25

// mouse sends the mouse to the Host. It knows which buttons are down there.
type mouse struct {
	input Input // nil sends nothing
	held  [10]bool
	// within is the part of the desktop that the pointer stays on; all of it if empty.
	within picture.Rect
	// inside tells that the pointer is over the widget, watched that others tell
	// what happens outside.
	inside, watched bool
	// at is where the pointer moved to last, in the widget.
	at fyne.Position
	// ours tells that a button went down here and did not yet go up here.
	ours bool
	// parts of notches that are not yet whole, in Fyne's units
	dx, dy float32
}

func (m *mouse) move(x, y int) {
	if r := m.within; !r.Empty() {
		x, y = max(r.X, min(x, r.X+r.W-1)), max(r.Y, min(y, r.Y+r.H-1))
	}
	if m.input != nil {
		m.input.Move(x, y)
	}
}

// button presses or releases; what is so already is not sent again, so that it
// does not matter how often a release is told.
func (m *mouse) button(b uint8, down bool) {
	if m.input == nil || b == 0 || int(b) >= len(m.held) || m.held[b] == down {
		return
	}
	m.held[b] = down
	m.input.Button(b, down)
}

// down tells whether any button is.
func (m *mouse) down() bool {
	for _, h := range m.held {
		if h {
			return true
		}
	}
	return false
}

func (m *mouse) letGo() {
	for b := range m.held {
		m.button(uint8(b), false)
	}
	m.dx, m.dy = 0, 0
}

// wheel takes units as Fyne gives them: up and left are positive.
func (m *mouse) wheel(dx, dy float32) {
	if m.input == nil {
		return
	}
	m.dx, m.dy = m.dx-dx, m.dy-dy
	nx, ny := int(m.dx/unitsANotch), int(m.dy/unitsANotch)
	if nx == 0 && ny == 0 {
		return
	}
	m.dx, m.dy = m.dx-float32(nx)*unitsANotch, m.dy-float32(ny)*unitsANotch
	m.input.Wheel(nx, ny)
}
