package core_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"impero/core/secure"
	"impero/core/session"
	"impero/core/wire"
)

// knock makes a connection until the logon, or says why there is none.
func (k *kept) knock(levels ...wire.Level) (*raw, wire.CloseCode) {
	k.t.Helper()
	if levels == nil {
		levels = secure.DefaultLevels()
	}
	c, err := net.Dial("tcp", k.address)
	if err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(func() { c.Close() })
	conn, err := secure.Guest(k.t.Context(), c, secure.GuestConfig{
		Target: "host", Levels: levels, Verify: func(context.Context, secure.HostID) error { return nil },
	})
	var refused *secure.RefusedError
	if errors.As(err, &refused) {
		return nil, refused.Code
	}
	if err != nil {
		k.t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(50 * time.Second))
	return &raw{t: k.t, c: c, conn: conn, d: session.NewDialogue(conn, wire.FromHost)}, 0
}

// enter tries to log on with an account, and gives what the Host answers first: a *wire.LogonDone to who is let in.
func (k *kept) enter(user, pw string) (*raw, wire.Message) {
	k.t.Helper()
	r, code := k.knock()
	if r == nil {
		return nil, &wire.Close{Code: code}
	}
	if m, err := r.d.Receive(k.t.Context()); err != nil || m.Type() != wire.TypeLogonOffer {
		k.t.Fatalf("the Host offers %+v, %v", m, err)
	}
	if err := r.d.Send((&wire.SystemLogon{User: user, Password: []byte(pw)}).Start("raw")); err != nil {
		k.t.Fatal(err)
	}
	m, err := r.d.Receive(k.t.Context())
	var closed *wire.Closed
	if errors.As(err, &closed) {
		return r, &wire.Close{Code: closed.Code}
	}
	if err != nil {
		k.t.Fatal(err)
	}
	r.done, _ = m.(*wire.LogonDone)
	return r, m
}

// visit is a session of anna's that is over.
func (k *kept) visit() {
	k.t.Helper()
	r, _ := k.enter("anna", "secret")
	if r == nil || r.done == nil {
		k.t.Fatal("anna is not let in")
	}
	k.soon(func() bool { return len(k.h.State().Sessions) > 0 })
	r.say(wire.ChannelControl, 0, &wire.Close{})
	k.soon(func() bool { return len(k.h.State().Sessions) == 0 })
}

// soon says whether something comes to be within a moment.
func (k *kept) soon(ok func() bool) bool {
	tick, limit := time.NewTicker(10*time.Millisecond), time.After(1500*time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-limit:
			return ok()
		}
	}
	return true
}

// listens says whether somebody listens on a port.
func listens(port string) bool {
	c, err := net.DialTimeout("tcp", "127.0.0.1:"+port, time.Second)
	if err != nil {
		return false
	}
	c.Close()
	return true
}

// holds says whether files whose name matches hold a text.
func (k *kept) holds(pattern, text string) bool {
	names, err := filepath.Glob(filepath.Join(k.dir, pattern))
	if err != nil {
		k.t.Fatal(err)
	}
	for _, name := range names {
		if b, err := os.ReadFile(name); err == nil && strings.Contains(string(b), text) {
			return true
		}
	}
	return false
}
