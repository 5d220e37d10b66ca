package viewer

import (
	"context"
	"errors"
	"net"

	"impero/core/guest"
	"impero/core/picture"
	"impero/core/store"
)

// impero is a session with a Host.
type impero struct {
	stream  *counted
	session *guest.Session
}

// script answers a Host's questions.
type script struct{ password string }

func (script) Progress(guest.Step) {}

func (script) Identity(context.Context, guest.Identity) (bool, error) { return false, nil }

func (s script) Logon(_ context.Context, form guest.Form) ([]string, error) {
	if form.Failed {
		return nil, errors.New("the Host refused the password")
	}
	values := make([]string, len(form.Fields))
	for i, field := range form.Fields {
		if field.Kind == guest.FieldPassword {
			values[i] = s.password
		}
	}
	return values, nil
}

// openImpero logs on at the Host that stream leads to, whose key the known hosts in cfg.Home must have.
func openImpero(ctx context.Context, cfg Config, stream *counted) (*impero, error) {
	engine, err := guest.New(guest.Config{
		Home: store.At(cfg.Home), Order: picture.BGRX,
		Dial: func(context.Context, string) (net.Conn, error) { return stream, nil },
	})
	if err != nil {
		return nil, err
	}
	target, err := guest.ParseTarget(cfg.Address, "")
	if err != nil {
		return nil, err
	}
	s, err := engine.Connect(ctx, target, script{cfg.Password})
	if err != nil {
		return nil, err
	}
	return &impero{stream, s}, nil
}

func (i *impero) run(ctx context.Context, look func(*picture.Frame)) error {
	show := func(f *picture.Frame, _ []picture.Rect, _ *picture.Layout) { look(f) }
	i.session.Picture(show) // the first is there
	for frames := uint64(0); ; {
		select {
		case <-i.session.Updates():
		case <-i.session.Done():
			return i.session.Err()
		case <-ctx.Done():
			return ctx.Err()
		}
		// Signals come for parts of an update too; only whole ones count.
		if now := i.session.Stats().Frames; now != frames {
			frames = now
			i.session.Picture(show)
		}
	}
}

const usageA = 0x04 // USB HID keyboard page: the letter a

func (i *impero) key(down bool) error {
	i.session.Key(usageA, down, 'a')
	return nil
}

func (i *impero) received() uint64 { return i.stream.in.Load() }
func (i *impero) close()           { i.session.Close() }
