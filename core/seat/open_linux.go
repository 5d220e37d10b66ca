package seat

import (
	"context"

	"github.com/godbus/dbus/v5"
)

// DefaultDisplay is looked at where nothing else says which.
const DefaultDisplay = ":0"

// Open gives the Watcher for this system: the display that is named, if one is; else what logind says, if there is one; else display :0.
func Open(ctx context.Context, cfg X) Watcher {
	if cfg.Display != "" {
		return &cfg
	}
	if conn, err := dbus.ConnectSystemBus(); err == nil {
		l := &Logind{Bus: conn}
		if l.there(ctx) {
			return l
		}
		conn.Close()
	}
	cfg.Display = DefaultDisplay
	return &cfg
}
