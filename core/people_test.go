package core_test

import (
	"context"
	"crypto/subtle"
	"errors"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"impero/core/host"
	"impero/core/role"
	"impero/core/secure"
	"impero/core/session"
	"impero/core/wire"
)

// people are the accounts of a made-up system.
type people struct {
	mu     sync.Mutex
	of     map[string]account
	seen   [][]byte // passwords that were asked about, which the Host has to clear
	broken error    // of every question
}

type account struct {
	password string
	outcome  host.Outcome // if the password is right; 0 for right
	called   string       // by the system; empty for as it was typed
	groups   []string
}

func (p *people) Check(_ context.Context, user string, password []byte, _ netip.Addr) (host.Result, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = append(p.seen, password)
	a, ok := p.of[user]
	switch {
	case p.broken != nil:
		return host.Result{}, p.broken
	case !ok:
		return host.Result{Outcome: host.Unknown}, nil
	case subtle.ConstantTimeCompare(password, []byte(a.password)) != 1:
		return host.Result{Outcome: host.Wrong}, nil
	case a.outcome != 0:
		return host.Result{Outcome: a.outcome}, nil
	}
	return host.Result{Outcome: host.Right, User: a.called}, nil
}

func (p *people) Groups(user string) ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for name, a := range p.of {
		if name == user || a.called == user {
			return slices.Clone(a.groups), p.broken
		}
	}
	return nil, host.ErrNoAccount
}

func (p *people) remove(user string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.of, user)
}

// granting has a suite's Host take accounts of a system, each role's name an account with the password "secret".
func granting(p *people, roles ...role.Role) func(*suite) {
	return func(s *suite) {
		s.cfg.Access.Mode, s.cfg.Access.System.Accounts = host.ModeSystem, p
		s.cfg.Access.Roles = append(s.cfg.Access.Roles, roles...)
		if p.of == nil {
			p.of = map[string]account{}
		}
		for _, r := range append([]role.Role{role.FullControl(), role.ViewOnly()}, roles...) {
			p.of[r.Name] = account{password: "secret"}
			s.cfg.Access.System.Users = append(s.cfg.Access.System.Users, host.Assignment{Name: r.Name, Role: r.Name})
		}
		s.starts = func(func() error) error { return nil } // no password is needed
	}
}

// raw is a Guest that says what it is told to.
type raw struct {
	t    testing.TB
	c    net.Conn
	conn *secure.Conn
	d    *session.Dialogue
	done *wire.LogonDone
}

// dialRaw gives a Guest whose logon begins.
func dialRaw(t testing.TB, address string) *raw {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	conn, err := secure.Guest(t.Context(), c, secure.GuestConfig{
		Target: "host", Levels: secure.DefaultLevels(), Verify: func(context.Context, secure.HostID) error { return nil },
		Capabilities: []wire.Capability{{Number: wire.CapabilityJPEG}, {Number: wire.CapabilityLossless}, {Number: wire.CapabilityScreen}},
	})
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &raw{t: t, c: c, conn: conn, d: session.NewDialogue(conn, wire.FromHost)}
}

// logOn logs on with a system account.
func (r *raw) logOn(user, password string) *raw {
	r.t.Helper()
	if m, err := r.d.Receive(r.t.Context()); err != nil || !slices.Equal(m.(*wire.LogonOffer).Methods, []wire.Method{wire.MethodSystem}) {
		r.t.Fatalf("the Host offers %+v, %v", m, err)
	}
	if err := r.d.Send((&wire.SystemLogon{User: user, Password: []byte(password)}).Start("raw")); err != nil {
		r.t.Fatal(err)
	}
	m, err := r.d.Receive(r.t.Context())
	done, ok := m.(*wire.LogonDone)
	if !ok {
		r.t.Fatalf("%s is answered %+v, %v", user, m, err)
	}
	r.done = done
	return r
}

func (r *raw) say(ch wire.Channel, stream uint32, m wire.Message) {
	r.t.Helper()
	if err := r.conn.WriteRecord(ch, wire.AppendMessage(nil, stream, m)); err != nil {
		r.t.Fatal(err)
	}
}

// ends waits until the Host closes, and gives with what; nil if it does not.
func (r *raw) ends() (ended *wire.Close) {
	r.t.Helper()
	for limit := time.Now().Add(20 * time.Second); ended == nil && time.Now().Before(limit); {
		_, ended = r.hear()
	}
	return ended
}

// hear gives what the Host answered to what was said so far, but for pictures and credit; ended says that it closed.
func (r *raw) hear() (all []wire.Message, ended *wire.Close) {
	r.t.Helper()
	for token := uint64(1); token <= 2; token++ { // the first Pong may overtake
		if err := r.conn.WriteRecord(wire.ChannelControl, wire.AppendMessage(nil, 0, &wire.Ping{Token: token})); err != nil && !closedBy(err) {
			r.t.Fatal(err)
		}
		for pong := false; !pong; {
			_, plain, err := r.conn.ReadRecord()
			if err != nil {
				r.t.Fatalf("the connection ended without a Close: %v", err)
			}
			for len(plain) > 0 {
				f, rest, err := wire.NextFrame(plain)
				if err != nil {
					r.t.Fatal(err)
				}
				plain = rest
				m, err := wire.Parse(f.Type, slices.Clone(f.Body))
				if err != nil {
					r.t.Fatal(err)
				}
				switch m := m.(type) {
				case *wire.Pong:
					pong = pong || m.Token == token
				case *wire.Close:
					return all, m
				case *wire.StreamData, *wire.StreamCredit, *wire.Ping, *wire.Received, *wire.DisplayState, *wire.StreamAccept:
				default:
					all = append(all, m)
				}
			}
		}
	}
	return all, nil
}

func closedBy(err error) bool {
	var op *net.OpError
	return errors.As(err, &op)
}
