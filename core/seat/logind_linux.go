package seat

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/godbus/dbus/v5"
)

// Names of logind's interface, org.freedesktop.login1(5).
const (
	logindName    = "org.freedesktop.login1"
	seatName      = "seat0"
	seatPath      = "/org/freedesktop/login1/seat/seat0"
	seatFace      = "org.freedesktop.login1.Seat"
	sessionFace   = "org.freedesktop.login1.Session"
	propertyFace  = "org.freedesktop.DBus.Properties"
	logindPath    = "/org/freedesktop/login1"
	busTime       = 5 * time.Second
	logindLookFor = 5 * time.Second // a display that is not known yet
)

// Logind watches the seat seat0 of systemd-logind or elogind.
type Logind struct {
	Bus  *dbus.Conn // the system's bus; Watch closes it
	Proc string     // folder of the processes; empty for the system's

	known  *Desktop    // whose display was found
	nobody atomic.Bool // no user has a session on the seat, as it was seen last
}

// Nobody says whether it is known that no user is logged in on the seat, be it behind a login screen or a text console.
func (l *Logind) Nobody() bool { return l.nobody.Load() }

// there says whether logind answers.
func (l *Logind) there(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, busTime)
	defer cancel()
	return l.Bus.Object(logindName, seatPath).CallWithContext(ctx, propertyFace+".Get", 0, seatFace, "ActiveSession").Err == nil
}

// Watch implements Watcher.
func (l *Logind) Watch(ctx context.Context, tell func(*Desktop, string)) error {
	defer l.Bus.Close()
	defer l.nobody.Store(false)
	signals := make(chan *dbus.Signal, 64)
	l.Bus.Signal(signals)
	for _, match := range [][]dbus.MatchOption{
		{dbus.WithMatchSender(logindName), dbus.WithMatchInterface(propertyFace), dbus.WithMatchMember("PropertiesChanged"), dbus.WithMatchPathNamespace(logindPath)},
		{dbus.WithMatchSender(logindName), dbus.WithMatchInterface(logindName + ".Manager"), dbus.WithMatchObjectPath(logindPath)},
	} {
		if err := l.Bus.AddMatchSignalContext(ctx, match...); err != nil {
			return fmt.Errorf("listen to logind: %w", err)
		}
	}
	t := time.NewTicker(logindLookFor)
	defer t.Stop()
	for {
		d, reason, err := l.look(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil:
			l.nobody.Store((d == nil || d.Greeter) && !l.users(ctx))
			tell(d, reason)
		case !l.Bus.Connected():
			return fmt.Errorf("logind is gone: %w", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case _, ok := <-signals:
			if !ok {
				return fmt.Errorf("listen to logind: the bus is gone")
			}
			drain(signals)
		case <-t.C:
		}
	}
}

// drain takes what came together with a signal.
func drain(signals <-chan *dbus.Signal) {
	for {
		select {
		case _, ok := <-signals:
			if !ok {
				return
			}
		default:
			return
		}
	}
}

// activeSession is the seat's property: the session's name and path.
type activeSession struct {
	ID   string
	Path dbus.ObjectPath
}

// look asks which session is on the screen.
func (l *Logind) look(ctx context.Context) (*Desktop, string, error) {
	ctx, cancel := context.WithTimeout(ctx, busTime)
	defer cancel()
	var v dbus.Variant
	if err := l.Bus.Object(logindName, seatPath).CallWithContext(ctx, propertyFace+".Get", 0, seatFace, "ActiveSession").Store(&v); err != nil {
		return nil, "", err
	}
	var active activeSession
	if err := v.Store(&active); err != nil {
		return nil, "", err
	}
	if active.ID == "" {
		return nil, NobodyHere, nil
	}
	var p map[string]dbus.Variant
	if err := l.Bus.Object(logindName, active.Path).CallWithContext(ctx, propertyFace+".GetAll", 0, sessionFace).Store(&p); err != nil {
		return nil, "", err
	}
	d, reason := l.desktop(active.ID, p)
	return d, reason, nil
}

// listedSession is an element of what ListSessions gives.
type listedSession struct {
	ID   string
	UID  uint32
	User string
	Seat string
	Path dbus.ObjectPath
}

// users says whether a user has a session on the seat that is not closing, or it is not known.
func (l *Logind) users(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, busTime)
	defer cancel()
	var list []listedSession
	if err := l.Bus.Object(logindName, logindPath).CallWithContext(ctx, logindName+".Manager.ListSessions", 0).Store(&list); err != nil {
		return true
	}
	for _, s := range list {
		if s.Seat != seatName {
			continue
		}
		var p map[string]dbus.Variant
		if err := l.Bus.Object(logindName, s.Path).CallWithContext(ctx, propertyFace+".GetAll", 0, sessionFace).Store(&p); err != nil {
			return true
		}
		class, _ := p["Class"].Value().(string)
		state, _ := p["State"].Value().(string)
		if class != "greeter" && class != "lock-screen" && state != "closing" {
			return true
		}
	}
	return false
}

// sessionUser is the session's property: number and path of its user.
type sessionUser struct {
	UID  uint32
	Path dbus.ObjectPath
}

// desktop makes a Desktop of a session's properties.
func (l *Logind) desktop(id string, p map[string]dbus.Variant) (*Desktop, string) {
	text := func(name string) string { s, _ := p[name].Value().(string); return s }
	var user sessionUser
	if v, ok := p["User"]; !ok || v.Store(&user) != nil {
		return nil, NobodyHere
	}
	kind := text("Type")
	switch {
	case text("State") == "closing":
		return nil, NobodyHere
	case kind != "x11" && kind != "wayland" && kind != "mir":
		return nil, TextScreen
	}
	d := &Desktop{ID: id, User: strconv.FormatUint(uint64(user.UID), 10), Greeter: text("Class") == "greeter", Display: text("Display")}
	if k := l.known; k != nil && k.ID == d.ID && k.User == d.User {
		return k, ""
	}
	env := environmentOf(l.Proc, d.User, "XDG_SESSION_ID", id)
	if d.Display == "" {
		d.Display = env["DISPLAY"]
	}
	if env == nil && d.Display != "" {
		env = environmentOf(l.Proc, d.User, "DISPLAY", d.Display)
	}
	d.Authority, d.Runtime, d.Bus = env["XAUTHORITY"], env["XDG_RUNTIME_DIR"], env["DBUS_SESSION_BUS_ADDRESS"]
	if kind != "x11" {
		d.Display, d.Wayland = "", "wayland-0" // what X there is shows little of the desktop
		if env["WAYLAND_DISPLAY"] != "" {
			d.Wayland = env["WAYLAND_DISPLAY"]
		}
	}
	d.check()
	if d.Display == "" && d.Wayland == "" {
		return nil, Starting // it is looked at again
	}
	l.known = d
	return d, ""
}
