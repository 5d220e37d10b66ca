package core_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"impero/core/daemon"
	"impero/core/directory"
	"impero/core/host"
	"impero/core/role"
	"impero/core/seam"
	"impero/core/seat"
	"impero/core/store"
	"impero/core/wire"
)

// onPorts has the Host listen where its profiles say.
func onPorts(k *kept) { k.o.Command.Listen = nil }

// exits says whether the Host ends by itself.
func exits(k *kept) bool {
	select {
	case <-k.over:
		return true
	case <-time.After(2500 * time.Millisecond):
		return false
	}
}

// told says whether the computer is told something.
func told(what string) func(*kept) bool {
	return func(k *kept) bool {
		return k.soon(func() bool { return k.computer.has(what) })
	}
}

func called(name string) func(*kept) bool {
	return func(k *kept) bool {
		r, _ := k.knock()
		return r != nil && r.conn.Peer().HostName == name
	}
}

func protects(s host.Scope) func(*kept) bool {
	return func(k *kept) bool {
		return k.h.CheckMaintenance(s, "a wrong password") != nil && k.h.CheckMaintenance(s, goodPassword) == nil
	}
}

// lockedFor makes a wrong try, and says for how long the Host then takes none.
func lockedFor(k *kept) time.Duration {
	_, m := k.enter("anna", "wrong")
	failed, ok := m.(*wire.LogonFailed)
	if !ok {
		k.t.Fatalf("a wrong try is answered %+v", m)
	}
	return time.Duration(failed.Wait) * time.Second
}

func inSession(ok func(host.Session) bool) func(*kept) bool {
	return func(k *kept) bool {
		k.enter("anna", "secret")
		return k.soon(func() bool {
			s := k.h.State().Sessions
			return len(s) == 1 && ok(s[0])
		})
	}
}

// loseThePatience says whether a Guest that does not log on is sent away within half a minute.
func loseThePatience(k *kept) bool {
	r, _ := k.knock()
	r.d.Receive(k.t.Context()) // the offer
	ctx, cancel := context.WithTimeout(k.t.Context(), 32*time.Second)
	defer cancel()
	_, err := r.d.Receive(ctx)
	return codeOf(err) == wire.CloseLogonTime
}

// watches says whether anna gets to see the screen, in a session that is over then; she also clicks.
func watches(k *kept) bool {
	r, _ := k.enter("anna", "secret")
	if r.done == nil {
		k.t.Fatal("anna is not let in")
	}
	r.say(wire.ChannelControl, 1, &wire.StreamOpen{Kind: wire.KindScreen, Credit: 1 << 20})
	r.say(wire.ChannelInput, 1, &wire.Button{Button: 1, Down: true})
	seen := k.soon(func() bool {
		s := k.h.State().Sessions
		return len(s) == 1 && s[0].Activity != ""
	})
	if seen {
		r.hear()
	}
	r.say(wire.ChannelControl, 0, &wire.Close{})
	k.soon(func() bool { return len(k.h.State().Sessions) == 0 })
	return seen
}

// mayDo says whether anna is told that she may do something.
func mayDo(k *kept, p role.Permission) bool {
	r, _ := k.enter("anna", "secret")
	defer r.c.Close()
	defer r.say(wire.ChannelControl, 0, &wire.Close{})
	return slices.Contains(r.done.Permissions, uint16(p))
}

func annaIs(roleName string) func(*kept) bool { return is("anna", roleName) }

func is(user, roleName string) func(*kept) bool {
	return func(k *kept) bool {
		r, _ := k.enter(user, "secret")
		return r.done != nil && r.done.Role == roleName
	}
}

func turnedAway(k *kept) bool {
	_, code := k.knock()
	return code == wire.CloseAddress
}

// withPassword logs on with the password, and gives the role.
func withPassword(k *kept) string {
	turns <- struct{}{}
	defer func() { <-turns }()
	g, err := k.connect(k.engine(store.At(k.t.TempDir())), &person{passwords: []string{goodPassword}})
	if err != nil {
		k.t.Log(err)
		return ""
	}
	defer g.Close()
	return g.Info().Role
}

// hides says whether a line of a level does not come to a log.
func hides(file string, level slog.Level) func(*kept) bool {
	return func(k *kept) bool {
		k.k.Log().Log(context.Background(), level, "the mark")
		return !k.holds(file, "the mark")
	}
}

func shows(file string) func(*kept) bool {
	return func(k *kept) bool {
		k.k.Log().Info("the mark")
		return k.holds(file, "the mark")
	}
}

// watched logs a line of the service.
func watched(ok func(*kept) bool) func(*kept) bool {
	return func(k *kept) bool {
		k.k.Service().Info("the mark")
		return ok(k)
	}
}

func log(k *kept) *slog.Logger     { return k.k.Log() }
func service(k *kept) *slog.Logger { return k.k.Service() }

// fill logs so many megabytes, and a little more.
func fill(log *slog.Logger, megabytes int) {
	text := strings.Repeat("x", 512)
	for range megabytes * 2100 {
		log.Info(text)
	}
}

// setAside says whether a log of a good megabyte is set aside.
func setAside(pattern string, of func(*kept) *slog.Logger) func(*kept) bool {
	return func(k *kept) bool {
		fill(of(k), 1)
		names, _ := filepath.Glob(filepath.Join(k.dir, pattern))
		return len(names) > 0
	}
}

// stops says whether a log gets nothing any more: how much is free it looks at once a second.
func stops(file string, of func(*kept) *slog.Logger) func(*kept) bool {
	return func(k *kept) bool {
		n := 0
		return k.soon(func() bool {
			n++
			mark := fmt.Sprintf("mark %d.", n)
			of(k).Info(mark)
			return !k.holds(file, mark)
		})
	}
}

// bounded says whether five megabytes take three at most.
func bounded(pattern string, of func(*kept) *slog.Logger) func(*kept) bool {
	return func(k *kept) bool {
		fill(of(k), 5)
		var sum int64
		for _, p := range []string{pattern, pattern + "/*"} {
			names, _ := filepath.Glob(filepath.Join(k.dir, p))
			for _, name := range names {
				if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && (of(k) == k.k.Log()) != strings.Contains(name, "_daemon") {
					sum += info.Size()
				}
			}
		}
		return sum <= 3<<20
	}
}

// hearSyslog stands for the system's log.
func hearSyslog(k *kept) {
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(k.dir, "dev-log"), Net: "unixgram"})
	if err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(func() { conn.Close() })
	k.syslog = conn
}

// syslogged says whether a line comes to the system's log.
func syslogged(k *kept) bool {
	k.k.Log().Info("the mark")
	k.syslog.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
	b := make([]byte, 4096)
	for {
		n, err := k.syslog.Read(b)
		if err != nil {
			return false
		}
		if strings.Contains(string(b[:n]), "the mark") {
			return true
		}
	}
}

// events says whether the event log has a text after a session.
func events(file, text string) func(*kept) bool {
	return func(k *kept) bool {
		k.visit()
		k.stop()
		return k.holds(file, text)
	}
}

func lacks(file, text string) func(*kept) bool {
	has := events(file, text)
	return func(k *kept) bool { return !has(k) }
}

// notice waits for a notice.
func (u *witnessOfUser) notice(k *kept, p seam.Phase) {
	k.soon(func() bool { return slices.Contains(u.phases(), p) })
}

func count(list []seam.Phase, p seam.Phase) (n int) {
	for _, x := range list {
		if x == p {
			n++
		}
	}
	return n
}

// sharesDisplay77 says whether the service looks at display :77. What it says of it shows that: it is root's, or it is shared.
func sharesDisplay77(k *kept) bool {
	k.stop()
	sockets := filepath.Join(k.dir, "sockets")
	if err := os.MkdirAll(sockets, 0o700); err != nil {
		k.t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(sockets, "X77"))
	if err != nil {
		k.t.Fatal(err)
	}
	defer l.Close()
	k.o.Host.Agent = nil // agents come and go
	k.open()
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() {
		over <- daemon.Run(ctx, daemon.Config{Keeper: k.k, Display: seat.X{Sockets: sockets, Proc: k.dir}, Program: []string{"/bin/false"}, Accounts: strangers{}})
	}()
	found := k.soon(func() bool {
		return strings.Contains(k.h.State().Display.Reason, ":77") || k.holds("logs/Impero_host.log", "display=:77")
	})
	cancel()
	<-over
	if err := k.k.Close(); err != nil {
		k.t.Error(err)
	}
	return found
}

// strangers are the accounts of a system without any.
type strangers struct{}

func (strangers) Check(context.Context, string, string, string) (directory.Verdict, error) {
	return directory.Unknown, nil
}
func (strangers) Find(context.Context, string) (directory.Account, error) {
	return directory.Account{}, directory.ErrUnknown
}
func (strangers) FindID(context.Context, string) (directory.Account, error) {
	return directory.Account{}, directory.ErrUnknown
}
