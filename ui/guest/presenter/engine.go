package presenter

import (
	"context"
	"time"

	"impero/core/guest"
	"impero/core/picture"
	"impero/core/role"
)

// Engine is what the presenters need of core/guest; FromEngine makes one.
type Engine interface {
	Connect(ctx context.Context, t guest.Target, p guest.Prompter) (Session, error)
	// Target takes what a person types, for a communication profile.
	Target(typed, profile string) (guest.Target, error)
	Profiles() []guest.Profile
	SaveProfile(old string, p guest.Profile) error
	DeleteProfile(name string) error
	Recent() []guest.Record
	Unlist(...guest.Target) error
	Known() []guest.KnownHost
	Forget(guest.KnownHost) error
}

// Session is a session of core/guest.
type Session interface {
	Info() guest.Info
	Stats() guest.Stats
	Statistics() guest.Statistics
	Trace(on bool)
	Traced(out []guest.Painted) []guest.Painted
	Done() <-chan struct{}
	Err() error
	Close()
	Updates() <-chan struct{}
	Picture(func(f *picture.Frame, changed []picture.Rect, layout *picture.Layout))
	Cursor() (picture.Cursor, uint64)
	Display() (ready bool, reason string)
	DeniedCount(role.Permission) uint64
	Key(usage uint16, down bool, char rune)
	Press(usages ...uint16)
	Move(x, y int)
	Button(b uint8, down bool)
	Wheel(dx, dy int)
	ReleaseAll()
	Lost() (guest.Lost, bool)
	TryNow()
}

// FromEngine adapts the engine of core/guest.
func FromEngine(e *guest.Engine) Engine { return engine{e} }

type engine struct{ *guest.Engine }

// Connect gives a nil Session with every error, not a nil *guest.Session in it.
func (e engine) Connect(ctx context.Context, t guest.Target, p guest.Prompter) (Session, error) {
	s, err := e.Engine.Connect(ctx, t, p)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Clock is time as the presenters see it.
type Clock interface {
	Now() time.Time
	// After runs f on the UI goroutine when d is over, unless stopped before.
	After(d time.Duration, f func()) (stop func())
}

// WallClock is the real time; post brings its calls to the UI goroutine.
func WallClock(post func(func())) Clock { return wallClock{post} }

type wallClock struct{ post func(func()) }

func (wallClock) Now() time.Time { return time.Now() }

func (c wallClock) After(d time.Duration, f func()) func() {
	t := time.AfterFunc(d, func() { c.post(f) })
	return func() { t.Stop() }
}
