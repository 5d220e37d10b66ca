package agent

import (
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"impero/core/inject"
	"impero/core/wire"
)

// complainEvery is how often a fault of injection is logged.
const complainEvery = 10 * time.Second

// hands are the viewers' keyboards and mice. Owned by useHands's goroutine.
type hands struct {
	open   func() (inject.Injector, error)
	log    *slog.Logger
	layout *atomic.Uint32 // number of the layout shown now
	of     map[uint32]inject.Injector
	said   time.Time
}

// use does one message of input.
func (h *hands) use(viewer uint32, m wire.Message) {
	in := h.of[viewer]
	if in == nil {
		var err error
		if in, err = h.open(); err != nil {
			h.complain("keyboard and mouse cannot be used", err)
			return
		}
		h.of[viewer] = in
	}
	var err error
	switch m := m.(type) {
	case *wire.Key:
		err = in.Key(m.Usage, m.Down, m.Character)
	case *wire.Pointer:
		if m.Layout == h.layout.Load() {
			err = in.MoveAbs(int(m.X), int(m.Y))
		}
	case *wire.Button:
		err = in.Button(int(m.Button), m.Down)
	case *wire.Wheel:
		err = in.Wheel(int(m.DX), int(m.DY))
	case *wire.Text:
		err = in.Text(m.Text)
	case *wire.ReleaseAll:
		err = in.ReleaseAll()
	}
	switch {
	case errors.Is(err, inject.ErrNoKey), errors.Is(err, inject.ErrBadInput):
		h.complain("input was left out", err)
	case err != nil:
		h.complain("input could not be injected", err)
		in.Close()
		delete(h.of, viewer) // the display may have gone; the next input opens it anew
	}
}

// recover lets go of what an agent that was killed may have left held.
func (h *hands) recover() {
	in, err := h.open()
	if err == nil {
		err = errors.Join(in.Recover(), in.Close())
	}
	if err != nil {
		h.complain("keys that were held before may still be held", err)
	}
}

func (h *hands) complain(what string, err error) {
	if now := time.Now(); now.Sub(h.said) > complainEvery {
		h.said = now
		h.log.Error(what, "reason", err)
	}
}

func (h *hands) close(viewer uint32) {
	if in := h.of[viewer]; in != nil {
		if err := in.Close(); err != nil {
			h.complain("keys may still be held", err)
		}
		delete(h.of, viewer)
	}
}

func (h *hands) closeAll() {
	for viewer := range h.of {
		h.close(viewer)
	}
}
