package start

import (
	"context"
	"os"
	"slices"
	"time"

	"github.com/godbus/dbus/v5"
)

// notifies says whether this desktop shows notifications: whether something takes them, or is started for them.
func notifies() bool {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		return false // asking would start a bus
	}
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		return false
	}
	defer bus.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	for _, list := range []string{"org.freedesktop.DBus.ListNames", "org.freedesktop.DBus.ListActivatableNames"} {
		var names []string
		if err := bus.BusObject().CallWithContext(ctx, list, 0).Store(&names); err == nil && slices.Contains(names, "org.freedesktop.Notifications") {
			return true
		}
	}
	return false
}
