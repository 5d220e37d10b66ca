//go:build !windows

package seat

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"impero/core/directory"
	"impero/core/local"
)

// lookEvery is how often what tells nothing by itself is looked at; betterEvery, whether there is a better Watcher now.
const (
	lookEvery   = 2 * time.Second
	betterEvery = 30 * time.Second
)

// X watches one X display of this computer, by its socket. Its user is the one who is named, else the one whose process
// listens there: an X server that runs as root tells nothing about who is at it.
//
// Everybody can start an X server, or something like one, at a number that is free. Whoever names a display takes what is
// there for the screen; where nobody did, the process must have a screen: a terminal or a graphics card, which the system
// gives to nobody who does not sit at the computer.
type X struct {
	Display   string // as DISPLAY wants it
	User      string // name of its user; empty for the owner
	Authority string // XAUTHORITY; empty for what the user's programs there have
	Accounts  directory.Accounts
	Guessed   bool // nobody named Display

	better func(context.Context) bool // says whether Open would give another Watcher now; nil: never

	Sockets string // folder of the sockets; empty for the system's
	Proc    string // folder of the processes; empty for the system's

	known  *Desktop // as it was when it was seen first: its programs come and go
	server int      // the process of the X server then
}

// Watch implements Watcher. It returns too when the system has something better to ask.
func (x *X) Watch(ctx context.Context, tell func(*Desktop, string)) error {
	if !displayName.MatchString(x.Display) {
		return fmt.Errorf("%q is no display of this computer: give it as :0", x.Display)
	}
	t, again := time.NewTicker(lookEvery), time.NewTicker(betterEvery)
	defer t.Stop()
	defer again.Stop()
	for {
		tell(x.look(ctx))
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		case <-again.C:
			if x.better != nil && x.better(ctx) {
				return nil
			}
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
	path := filepath.Join(sockets, "X"+number)
	if info, err := os.Lstat(path); err != nil || info.Mode().Type() != fs.ModeSocket {
		return nil, NobodyHere
	}
	c, err := local.Dial(ctx, path)
	if err != nil {
		return nil, NobodyHere
	}
	defer c.Close()
	d := &Desktop{User: c.Peer.User, Display: x.Display}
	if x.Guessed && !hasScreen(x.Proc, c.Peer.Process) {
		return nil, "The display " + x.Display + " of this computer is not on its screen. Start the service with --display " + x.Display + " and --display-user if it is to be shared."
	}
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
	if k := x.known; k != nil && k.User == d.User && x.server == c.Peer.Process {
		return k, ""
	}
	x.fill(d)
	x.known, x.server = d, c.Peer.Process
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
