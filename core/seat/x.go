//go:build !windows

package seat

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"impero/core/directory"
)

// lookEvery is how often what tells nothing by itself is looked at.
const lookEvery = 2 * time.Second

// X watches one X display of this computer, by its socket. Its user is the one who is named, else the owner of the socket: an X
// server that runs as root tells nothing about who is at it.
type X struct {
	Display   string // as DISPLAY wants it
	User      string // name of its user; empty for the owner
	Authority string // XAUTHORITY; empty for what the user's programs there have
	Accounts  directory.Accounts

	Sockets string // folder of the sockets; empty for the system's
	Proc    string // folder of the processes; empty for the system's

	known *Desktop  // as it was when it was seen first: its programs come and go
	since time.Time // of the socket then
}

// Watch implements Watcher.
func (x *X) Watch(ctx context.Context, tell func(*Desktop, string)) error {
	if !displayName.MatchString(x.Display) {
		return fmt.Errorf("%q is no display of this computer: give it as :0", x.Display)
	}
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	for {
		tell(x.look(ctx))
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}

// look sees who is at the display now.
func (x *X) look(ctx context.Context) (*Desktop, string) {
	number, _, _ := strings.Cut(x.Display[1:], ".")
	sockets := x.Sockets
	if sockets == "" {
		sockets = "/tmp/.X11-unix"
	}
	info, err := os.Lstat(filepath.Join(sockets, "X"+number))
	if err != nil {
		return nil, NobodyHere
	}
	d := &Desktop{User: owner(info), Display: x.Display}
	if x.User != "" {
		who, err := x.Accounts.Find(ctx, x.User)
		if err != nil {
			return nil, "The user " + x.User + " of this computer's display cannot be found."
		}
		d.User = who.ID
	}
	if d.User == "0" {
		return nil, "The display " + x.Display + " of this computer is served by root, which does not say whose desktop it is. Start the service with --display-user."
	}
	if k := x.known; k != nil && k.User == d.User && x.since.Equal(info.ModTime()) {
		return k, ""
	}
	x.fill(d)
	x.known, x.since = d, info.ModTime()
	return d, ""
}

// fill adds what the user's programs at the display know of it.
func (x *X) fill(d *Desktop) {
	env := environmentOf(x.Proc, d.User, "DISPLAY", x.Display)
	d.Authority, d.Runtime, d.Bus = env["XAUTHORITY"], env["XDG_RUNTIME_DIR"], env["DBUS_SESSION_BUS_ADDRESS"]
	if x.Authority != "" {
		d.Authority = x.Authority
	}
	d.check()
}
