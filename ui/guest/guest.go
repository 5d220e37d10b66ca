package guest

import (
	"os"
	"os/user"

	"fyne.io/fyne/v2"

	"impero/ui/guest/presenter"
	"impero/ui/shell"
)

// Options are what a Guest is made of.
type Options struct {
	Shell  *shell.Shell
	Engine presenter.Engine
	// Pictures is the folder for screenshots; empty for the person's own.
	Pictures string
	// Clock is time as the windows see it; nil for the real one.
	Clock presenter.Clock
	// Who is the account and the computer in the main window; empty for this one's.
	Who Who
	// Profile is the communication profile to offer first; empty for that of the
	// last session.
	Profile string
	// Direct is for a Guest that was started with the Host it connects to: it has
	// no main window, sessions start in full screen, and errors stand in the
	// window of the attempt.
	Direct bool
}

// Guest is all windows of a Guest.
type Guest struct {
	o        Options
	sh       *shell.Shell
	desk     *presenter.Desk
	main     *mainWindow // nil if there is none
	attempts map[*presenter.Attempt]*attemptWindow
	sessions map[*presenter.Live]*sessionWindow
}

// New makes a Guest; Open or Connect shows a window.
func New(o Options) *Guest {
	if o.Who == (Who{}) {
		o.Who = whoAmI()
	}
	if o.Pictures == "" {
		o.Pictures = presenter.PictureFolder()
	}
	g := &Guest{o: o, sh: o.Shell,
		attempts: map[*presenter.Attempt]*attemptWindow{}, sessions: map[*presenter.Live]*sessionWindow{}}
	g.desk = presenter.NewDesk(presenter.Config{Engine: o.Engine, Post: o.Shell.Post, Clock: o.Clock, Windows: g, FieldErrors: !o.Direct})
	return g
}

// Open shows the main window.
func (g *Guest) Open() {
	if g.main == nil {
		g.main = newMainWindow(g)
	}
	g.main.win.Show()
	g.main.quick.focus()
}

func (g *Guest) firstProfile() string {
	if g.o.Profile != "" {
		return g.o.Profile
	}
	return g.desk.FirstProfile()
}

// Connect starts an attempt, with what is known of the logon.
func (g *Guest) Connect(typed, profile string, logon presenter.Logon) {
	g.desk.Connect(typed, profile, logon)
}

// Close ends all attempts and sessions and returns when they are gone. It comes
// after the windows.
func (g *Guest) Close() { g.desk.Close() }

// Changed implements presenter.Windows.
func (g *Guest) Changed() {
	if g.main != nil {
		g.main.update()
	}
}

// Attempt implements presenter.Windows.
func (g *Guest) Attempt(a *presenter.Attempt) { g.attempts[a] = newAttemptWindow(g, a) }

// Session implements presenter.Windows.
func (g *Guest) Session(l *presenter.Live) { g.sessions[l] = newSessionWindow(g, l) }

// Raise implements presenter.Windows.
func (g *Guest) Raise(l *presenter.Live) {
	if w := g.sessions[l]; w != nil {
		w.win.RequestFocus()
	}
}

// density is how many pixels a unit has, as far as a window that is shown tells:
// one that is not shown yet does not know.
func (g *Guest) density() float32 {
	for _, w := range g.attempts {
		return w.win.Canvas().Scale()
	}
	return 1
}

// openKnownHosts shows the known hosts, in the main window if there is one.
func (g *Guest) openKnownHosts() {
	if g.main != nil {
		g.main.win.Show()
		g.main.win.RequestFocus()
		g.main.openKnownHosts()
		return
	}
	newKnownWindow(g)
}

// Who is an account on a computer.
type Who struct{ User, Computer string }

// whoAmI is the account this program runs as. What the system does not tell is
// left out.
func whoAmI() Who {
	var w Who
	if u, err := user.Current(); err == nil {
		w.User = u.Username
	}
	if name, err := os.Hostname(); err == nil {
		w.Computer = name
	}
	return w
}

// primary is Ctrl, Cmd on macOS.
const primary = fyne.KeyModifierShortcutDefault
