package seat

import (
	"bufio"
	"context"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

// bus starts a private D-Bus and gives its address.
func bus(t *testing.T) string {
	t.Helper()
	c := exec.Command("dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address")
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address)
}

func connect(t *testing.T, address string) *dbus.Conn {
	t.Helper()
	c, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// logind is one of the test's.
type logind struct {
	t    *testing.T
	c    *dbus.Conn
	seat *prop.Properties

	mu   sync.Mutex
	list []listedSession
}

// ListSessions is the Manager's method.
func (l *logind) ListSessions() ([]listedSession, *dbus.Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list), nil
}

func newLogind(t *testing.T, address string) *logind {
	t.Helper()
	l := &logind{t: t, c: connect(t, address)}
	var err error
	l.seat, err = prop.Export(l.c, seatPath, prop.Map{seatFace: {"ActiveSession": {Value: activeSession{Path: "/"}, Emit: prop.EmitTrue}}})
	if err == nil {
		err = l.c.Export(l, logindPath, logindName+".Manager")
	}
	if err == nil {
		_, err = l.c.RequestName(logindName, dbus.NameFlagDoNotQueue)
	}
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// session adds one.
func (l *logind) session(id string, uid uint32, kind, class, display string) {
	l.t.Helper()
	constant := func(v any) *prop.Prop { return &prop.Prop{Value: v, Emit: prop.EmitTrue} }
	_, err := prop.Export(l.c, path(id), prop.Map{sessionFace: {
		"User": constant(sessionUser{uid, "/org/freedesktop/login1/user/_1"}), "Type": constant(kind), "Class": constant(class),
		"Display": constant(display), "State": constant("active"),
	}})
	if err != nil {
		l.t.Fatal(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, listedSession{ID: id, UID: uid, Seat: seatName, Path: path(id)})
}

// end takes a session away.
func (l *logind) end(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = slices.DeleteFunc(l.list, func(s listedSession) bool { return s.ID == id })
}

func path(id string) dbus.ObjectPath { return dbus.ObjectPath("/org/freedesktop/login1/session/" + id) }

// activate puts a session on the screen.
func (l *logind) activate(id string) {
	if id == "" {
		l.seat.SetMust(seatFace, "ActiveSession", activeSession{Path: "/"})
		return
	}
	l.seat.SetMust(seatFace, "ActiveSession", activeSession{id, path(id)})
}

func TestLogindIsFollowed(t *testing.T) {
	address := bus(t)
	watching := connect(t, address)
	proc := t.TempDir()
	l := &Logind{Bus: watching, Proc: proc}
	if l.there(t.Context()) {
		t.Error("there is a logind before it started")
	}
	system := newLogind(t, address)
	system.session("c1", 1234, "x11", "greeter", ":0")
	system.session("s2", 1235, "x11", "user", "")
	system.session("s3", 1236, "wayland", "user", "")
	system.session("s4", 1237, "tty", "user", "")
	put(t, 1234, filepath.Join(proc, "11", "environ"), "XDG_SESSION_ID=c1\x00XAUTHORITY=/var/lib/greeter/key\x00")
	put(t, 1235, filepath.Join(proc, "12", "environ"), "XDG_SESSION_ID=s2\x00DISPLAY=:1\x00XAUTHORITY=/home/ann/.key\x00")
	if !l.there(t.Context()) {
		t.Fatal("logind is not found")
	}
	news := make(chan notice, 64)
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- l.Watch(ctx, func(d *Desktop, reason string) { news <- notice{d, reason} }) }()
	await := func(want notice) {
		t.Helper()
		var last notice
		for limit := time.After(patience); ; {
			select {
			case last = <-news:
				if same(last, want) {
					return
				}
			case <-limit:
				t.Fatalf("waited for %+v %q; told last was %+v %q", want.desktop, want.reason, last.desktop, last.reason)
			}
		}
	}
	await(notice{nil, NobodyHere})
	system.activate("c1")
	await(notice{&Desktop{ID: "c1", User: "1234", Display: ":0", Authority: "/var/lib/greeter/key", Greeter: true}, ""})
	if l.Nobody() {
		t.Error("behind the login screen users are logged in")
	}
	system.activate("s2")
	await(notice{&Desktop{ID: "s2", User: "1235", Display: ":1", Authority: "/home/ann/.key"}, ""})
	system.activate("s3")
	await(notice{&Desktop{ID: "s3", User: "1236", Wayland: "wayland-0"}, ""})
	system.activate("s4")
	await(notice{nil, TextScreen})
	for _, id := range []string{"s2", "s3", "s4"} {
		system.end(id)
	}
	system.activate("c1")
	await(notice{&Desktop{ID: "c1", User: "1234", Display: ":0", Authority: "/var/lib/greeter/key", Greeter: true}, ""})
	if !l.Nobody() {
		t.Error("somebody is logged in though there is a login screen alone")
	}
	system.activate("")
	await(notice{nil, NobodyHere})
	cancel()
	if err := <-over; err != nil {
		t.Error(err)
	}
	if l.Nobody() {
		t.Error("it is known that nobody is there, though nobody looks any more")
	}
}
