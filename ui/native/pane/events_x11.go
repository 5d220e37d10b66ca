//go:build !windows && !darwin

package pane

import (
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"impero/core/picture"
	"impero/ui/native/xlink"
)

// reader is what belongs to the reading goroutine.
type reader struct {
	repeats xlink.Repeats
	motion  xproto.MotionNotifyEvent
	moving  bool // motion is not yet told
	focused bool
	gone    bool // told
}

// buttons are the bits of the buttons 1 to 3 in an event's state.
const buttons = xproto.KeyButMaskButton1 | xproto.KeyButMaskButton2 | xproto.KeyButMaskButton3

// read tells what happens until the connection ends. Moves that wait are told as
// one; whatever else happens is told after the move before it.
func (p *Pane) read() {
	defer close(p.done)
	for {
		event, err := p.conn.WaitForEvent()
		if event == nil && err == nil {
			p.tellGone()
			return
		}
		for event != nil || err != nil {
			p.take(event, err)
			event, err = p.conn.PollForEvent()
		}
		p.tellMotion()
	}
}

func (p *Pane) take(event xgb.Event, err error) {
	if err != nil {
		p.arrived(false) // what was in flight may have failed
		return
	}
	if m, ok := event.(xproto.MotionNotifyEvent); ok {
		p.reader.motion, p.reader.moving = m, true
		return
	}
	p.tellMotion()
	switch e := event.(type) {
	case xproto.KeyPressEvent, xproto.KeyReleaseEvent:
		if keycode, down, ok := p.reader.repeats.Take(event); ok {
			p.events.Key(keycode, down)
		}
	case xproto.ButtonPressEvent:
		p.pressed(e)
	case xproto.ButtonReleaseEvent:
		if isButton(e.Detail) {
			p.events.Button(uint8(e.Detail), false, p.point(e.EventX, e.EventY))
		}
	case xproto.EnterNotifyEvent:
		p.events.Inside(true)
		p.events.Moved(p.point(e.EventX, e.EventY), e.State&buttons != 0)
	case xproto.LeaveNotifyEvent:
		p.events.Inside(false)
	case xproto.FocusInEvent:
		p.focus(true, e.Detail)
	case xproto.FocusOutEvent:
		if e.Mode != xproto.NotifyModeGrab || !p.taking.Load() { // whoever takes it itself goes on having it
			p.focus(false, e.Detail)
		}
	case xproto.ExposeEvent:
		p.expose(picture.Rect{X: int(e.X), Y: int(e.Y), W: int(e.Width), H: int(e.Height)})
		p.events.Wake()
	case xlink.Event:
		if e.Number() == p.completion {
			p.arrived(true)
		}
	default:
		p.windows(event)
	}
}

// windows takes what becomes of the windows.
func (p *Pane) windows(event xgb.Event) {
	switch e := event.(type) {
	case xproto.DestroyNotifyEvent:
		if e.Window == p.window || e.Window == p.parent {
			p.tellGone()
		}
	case xproto.ConfigureNotifyEvent:
		if e.Window == p.parent {
			p.events.Changed()
		}
	case xproto.MapNotifyEvent:
		if e.Window == p.parent {
			p.events.Changed()
		}
	}
}

// isButton tells whether a Host takes a button of this number.
func isButton(b xproto.Button) bool { return b >= 1 && b <= 3 || b == 8 || b == 9 }

// pressed tells a button or a turn of a wheel. A click takes the keyboard where
// no window manager gives it to the window.
func (p *Pane) pressed(e xproto.ButtonPressEvent) {
	at := p.point(e.EventX, e.EventY)
	switch e.Detail {
	case 4:
		p.events.Wheel(0, -1, at)
	case 5:
		p.events.Wheel(0, 1, at)
	case 6:
		p.events.Wheel(-1, 0, at)
	case 7:
		p.events.Wheel(1, 0, at)
	}
	if !isButton(e.Detail) {
		return
	}
	if !p.reader.focused {
		xproto.SetInputFocus(p.conn, xproto.InputFocusParent, p.parent, e.Time)
	}
	p.events.Button(uint8(e.Detail), true, at)
}

// focus tells who has the keyboard. What was held is forgotten with it: its
// release goes elsewhere.
func (p *Pane) focus(on bool, detail byte) {
	if detail == xproto.NotifyDetailInferior {
		return
	}
	p.reader.focused = on
	if !on {
		p.reader.repeats = xlink.Repeats{}
	}
	p.events.Focus(on)
}

func (p *Pane) tellMotion() {
	if m := p.reader.motion; p.reader.moving {
		p.reader.moving = false
		p.events.Moved(p.point(m.EventX, m.EventY), m.State&buttons != 0)
	}
}

func (p *Pane) tellGone() {
	if !p.reader.gone && !p.closing.Load() {
		p.events.Gone()
	}
	p.reader.gone = true
}

// point gives what lies at a place of the window.
func (p *Pane) point(x, y int16) Point {
	p.mu.Lock()
	defer p.mu.Unlock()
	window := p.applied.window()
	at := Point{WindowX: window.X + int(x), WindowY: window.Y + int(y)}
	at.X, at.Y = p.applied.pixel(at.WindowX, at.WindowY)
	return at
}

// arrived says that the server has what was in flight; whole tells that it said
// so.
func (p *Pane) arrived(whole bool) {
	p.mu.Lock()
	flew, since := p.inFlight, p.since
	p.inFlight = false
	p.mu.Unlock()
	if flew && whole {
		p.times.add(time.Since(since))
	}
	if flew {
		p.events.Wake()
	}
}
