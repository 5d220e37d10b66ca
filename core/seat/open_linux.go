package seat

import (
	"context"

	"github.com/godbus/dbus/v5"
)

// DefaultDisplay is looked at where nothing else says which.
const DefaultDisplay = ":0"

// Open gives the Watcher for this system: the display that is named, if one is; else what logind says, if there is one; else
// display :0, until there is a logind.
func Open(ctx context.Context, cfg X) Watcher {
	if cfg.Display != "" {
		return &cfg
	}
	if l := openLogind(ctx); l != nil {
		return l
	}
	cfg.Display, cfg.Guessed = DefaultDisplay, true
	cfg.better = func(ctx context.Context) bool {
		l := openLogind(ctx)
		if l != nil {
			l.Bus.Close()
		}
		return l != nil
	}
	return &cfg
}

// openLogind connects to logind; nil if there is none.
func openLogind(ctx context.Context) *Logind {
	conn, err := dbus.ConnectSystemBus()
	if err != nil {
		return nil
	}
	l := &Logind{Bus: conn}
	if !l.there(ctx) {
		conn.Close()
		return nil
	}
	return l
}
