// Package seat follows who sits at the computer's screen, and keeps the Host's agent running there as that user: it starts it
// with the user's rights and nothing of the daemon's, starts it again when it ends, and moves it to whoever comes next, the login
// screen among them.
//
// A Watcher says which desktop is on the screen; there are two, one that asks logind and one that looks at an X display. What
// the processes of a user say of their display is that user's word: it goes to that user's agent alone, bounded and checked.
// Keeper.Run owns its goroutines and processes.
package seat

import (
	"context"
	"regexp"
	"strings"
)

// Desktop is the session on the computer's screen. Values are equal if the same agent serves both.
type Desktop struct {
	ID        string // of the session; empty where the system has none
	User      string // number of its user, on Windows the SID
	Display   string // as DISPLAY wants it; empty on a Wayland desktop
	Authority string // XAUTHORITY; empty for the user's default
	Runtime   string // XDG_RUNTIME_DIR
	Bus       string // DBUS_SESSION_BUS_ADDRESS
	Wayland   string // WAYLAND_DISPLAY
	Greeter   bool   // the login screen of the display manager
}

// Watcher says which desktop is on the screen.
type Watcher interface {
	// Watch calls tell with the desktop on the screen now, and at each change; with nil and why, in words for a Guest, while
	// there is none. It returns when ctx ends, or with the reason why it cannot watch.
	Watch(ctx context.Context, tell func(d *Desktop, reason string)) error
}

// Reasons why there is no desktop, for Guests.
const (
	NobodyHere = "Nobody is logged on at this computer's screen, and no login screen is shown there. Log in to a desktop there."
	TextScreen = "This computer's screen shows a text console, which cannot be shared. Log in to a desktop there."
	RootHere   = "The desktop of this computer is root's, and the service shares no desktop of root. Log in as another user."
)

// maxValue bounds a value of the environment.
const maxValue = 1024

var displayName = regexp.MustCompile(`^:[0-9]{1,5}(\.[0-9]{1,2})?$`)

// local drops what cannot be of a desktop on this computer, or would mean something else to an agent.
func (d *Desktop) check() {
	if !displayName.MatchString(d.Display) {
		d.Display = ""
	}
	for _, path := range []*string{&d.Authority, &d.Runtime} {
		if !strings.HasPrefix(*path, "/") || !plain(*path) {
			*path = ""
		}
	}
	if !strings.HasPrefix(d.Bus, "unix:") || !plain(d.Bus) {
		d.Bus = ""
	}
	if !plain(d.Wayland) {
		d.Wayland = ""
	}
}

func plain(s string) bool {
	return len(s) <= maxValue && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// environment is what the agent at d gets: nothing of the daemon's but what more names.
func (d *Desktop) environment(name, home, shell string, more []string) []string {
	env := []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + home, "USER=" + name, "LOGNAME=" + name}
	for _, v := range [][2]string{
		{"SHELL", shell}, {"DISPLAY", d.Display}, {"XAUTHORITY", d.Authority}, {"XDG_RUNTIME_DIR", d.Runtime},
		{"DBUS_SESSION_BUS_ADDRESS", d.Bus}, {"WAYLAND_DISPLAY", d.Wayland}, {"XDG_SESSION_ID", d.ID},
	} {
		if v[1] != "" {
			env = append(env, v[0]+"="+v[1])
		}
	}
	return append(env, more...)
}
