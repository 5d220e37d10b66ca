package host

import (
	"context"

	"impero/core/role"
	"impero/core/session"
	"impero/core/wire"
)

// Activity is what a Host does with the streams of one kind that its Guests open, besides the screen.
type Activity struct {
	// Permission is what a Guest's role must allow.
	Permission role.Permission
	// Serve carries one stream, on a goroutine of its own: it accepts or resets the stream, and sees to its end. ctx
	// ends with the session, and the stream with it; Serve returns soon then. A session has at most wire.MaxStreams
	// streams at once.
	Serve func(ctx context.Context, st *session.Stream)
}

// needs gives the permission a message needs, and whether it needs one.
func (h *Host) needs(m wire.Message) (role.Permission, bool) {
	switch m := m.(type) {
	case *wire.Key, *wire.Pointer, *wire.Button, *wire.Wheel, *wire.Text, *wire.ReleaseAll:
		return role.UseKeyboardMouse, true
	case *wire.ScreenAck, *wire.ScreenRefresh:
		return role.SeeScreen, true
	case *wire.StreamOpen:
		if m.Kind == wire.KindScreen {
			return role.SeeScreen, true
		}
		a, known := h.cfg.Activities[m.Kind]
		return a.Permission, known
	}
	return 0, false
}
