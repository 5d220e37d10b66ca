package core_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"impero/core/host"
	"impero/core/inject"
	"impero/core/inject/injecttest"
	"impero/core/role"
	"impero/core/session"
	"impero/core/wire"
)

// These tests say every message that there is at a Host, in every role that has one permission alone or all but one: each
// has the effect that the role allows, or none and the right answer. A message that is added to the protocol needs a row.

// kindTunnel is an activity that only these tests have, for the permission Tunnel.
const kindTunnel wire.StreamKind = 0x7003

// maySay is what a Guest's messages of an open session need, and what of them a Host that has all activities takes.
var maySay = map[string][]said{
	"Close":        {{m: &wire.Close{}, ends: true}},
	"Ping":         {{m: &wire.Ping{Token: 9}}},
	"Pong":         {{m: &wire.Pong{Token: 9}}},
	"Received":     {{m: &wire.Received{}}},
	"Skip":         {{m: &wire.Skip{Count: 1}}},
	"StreamAccept": {{m: &wire.StreamAccept{}, on: 1, code: wire.CloseProtocol, need: role.SeeScreen}},
	"StreamData":   {{m: &wire.StreamData{Data: []byte("x")}, on: 1, need: role.SeeScreen}},
	"StreamCredit": {{m: &wire.StreamCredit{Limit: 2 << 20}, on: 1, need: role.SeeScreen}},
	"StreamEnd":    {{m: &wire.StreamEnd{}, on: 1, need: role.SeeScreen}},
	"StreamReset":  {{m: &wire.StreamReset{}, on: 1, need: role.SeeScreen}},
	"StreamOpen": {
		{m: &wire.StreamOpen{Kind: wire.KindScreen, Credit: 1 << 16}, on: 3, need: role.SeeScreen, opens: true},
		{m: &wire.StreamOpen{Kind: kindTunnel}, on: 3, need: role.Tunnel, opens: true},
		{m: &wire.StreamOpen{Kind: 2}, on: 3, reset: wire.CloseNotSupported},
		{m: &wire.StreamOpen{Kind: 0x6fff}, on: 3, reset: wire.CloseNotSupported},
	},
	"ScreenAck":     {{m: &wire.ScreenAck{Sequence: 1}, on: 1, need: role.SeeScreen}},
	"ScreenRefresh": {{m: &wire.ScreenRefresh{}, on: 1, need: role.SeeScreen}},
	"Key":           {{m: &wire.Key{Usage: 4, Down: true, Character: 'a'}, on: 1, need: role.UseKeyboardMouse}},
	"Pointer":       {{m: &wire.Pointer{Layout: 1, X: 3, Y: 4}, on: 1, need: role.UseKeyboardMouse}},
	"Button":        {{m: &wire.Button{Button: 1, Down: true}, on: 1, need: role.UseKeyboardMouse}},
	"Wheel":         {{m: &wire.Wheel{DY: 1}, on: 1, need: role.UseKeyboardMouse}},
	"Text":          {{m: &wire.Text{Text: "a"}, on: 1, need: role.UseKeyboardMouse}},
	"ReleaseAll":    {{m: &wire.ReleaseAll{}, on: 1, need: role.UseKeyboardMouse}},
}

// said is one message, and what comes of it.
type said struct {
	m     wire.Message
	on    uint32          // the stream: 1 is a screen if the role allows one, 3 a new one
	need  role.Permission // 0 for none
	opens bool            // without the permission the stream is reset (Denied)
	reset wire.CloseCode  // the stream is reset, whatever the role says
	code  wire.CloseCode  // the session ends with it, if the stream is there
	ends  bool            // the session ends without an answer
}

// messagesOf are the rows of a message; of one that a Guest must not say now the row is that the session ends.
func messagesOf(t *testing.T, spec wire.Spec) []said {
	if spec.From&wire.FromGuest == 0 || spec.States&wire.StateOpen == 0 {
		on := uint32(0)
		if spec.OnStream {
			on = 1
		}
		return []said{{m: spec.New(), on: on, code: wire.CloseProtocol}}
	}
	rows := maySay[spec.Name]
	if len(rows) == 0 {
		t.Fatalf("%s needs a row: which permission does it need?", spec.Name)
	}
	return rows
}

func matrixRoles() (roles []role.Role) {
	for _, p := range role.Permissions() {
		roles = append(roles, role.New(fmt.Sprintf("only %d", p), p), role.Combine(fmt.Sprintf("but %d", p), role.FullControl().Deny(p)))
	}
	return append(roles, role.New("nothing"))
}

func TestEveryPermissionAndEveryMessage(t *testing.T) {
	roles := matrixRoles()
	s := newSuite(t, "", false, granting(new(people), roles...), func(s *suite) {
		s.typing = func() (inject.Injector, error) { return untiring{s.hands}, nil }
		s.cfg.Limits = host.Limits{Handshakes: 1 << 20, HandshakesOf: 1 << 20}
		s.cfg.Activities = map[wire.StreamKind]host.Activity{kindTunnel: {Permission: role.Tunnel, Serve: func(ctx context.Context, st *session.Stream) {
			if st.Accept() == nil {
				<-ctx.Done()
			}
		}}}
	})
	slices.SortStableFunc(roles, func(a, b role.Role) int { // those without keyboard and mouse first
		return int(a.Answer(role.UseKeyboardMouse)%2) - int(b.Answer(role.UseKeyboardMouse)%2)
	})
	cells := 0
	for i, r := range roles {
		if r.Allows(role.UseKeyboardMouse) && !roles[max(0, i-1)].Allows(role.UseKeyboardMouse) {
			if lines := s.hands.Lines(); len(lines) > 0 {
				t.Errorf("roles without keyboard and mouse did %q", lines)
			}
		}
		for _, spec := range wire.Specs() {
			for i, row := range messagesOf(t, spec) {
				cells++
				s.say(r, spec, row, fmt.Sprintf("%s: %s %d", r.Name, spec.Name, i))
			}
		}
	}
	if lines := s.hands.Lines(); len(lines) == 0 {
		t.Error("roles with keyboard and mouse did nothing")
	}
	if want := len(roles) * len(wire.Specs()); cells < want {
		t.Errorf("%d cells for %d", cells, want)
	}
}

// untiring are hands that many Guests use, one after the other.
type untiring struct{ *injecttest.Recorder }

// Close lets go and stays.
func (u untiring) Close() error { return u.ReleaseAll() }

// say says one message in a session of its own, and looks at what comes of it.
func (s *suite) say(r role.Role, spec wire.Spec, row said, name string) {
	s.t.Helper()
	g := dialRaw(s.t, s.address).logOn(r.Name, "secret")
	defer g.c.Close()
	screen := false
	if row.on == 1 {
		g.say(wire.ChannelControl, 1, &wire.StreamOpen{Kind: wire.KindScreen, Credit: 1 << 20})
		screen = s.screenCame(g, r, name)
	}
	ch := spec.Channel
	if ch == 0 {
		ch = wire.ChannelScreen
	}
	lines := len(s.hands.Lines())
	g.say(ch, row.on, row.m)
	if row.ends {
		return
	}
	all, ended := g.hear()
	switch forbidden := row.code != 0 && row.need == 0; {
	case forbidden, row.code != 0 && screen:
		if ended == nil || ended.Code != row.code {
			s.t.Errorf("%s: ended with %+v, want %s", name, ended, row.code)
		}
		return
	case ended != nil:
		s.t.Errorf("%s: ended with %+v", name, ended)
		return
	}
	var want []wire.Message
	switch lacks := row.need != 0 && !r.Allows(row.need); {
	case row.reset != 0:
		want = []wire.Message{&wire.StreamReset{Code: row.reset}}
	case lacks && row.opens:
		want = []wire.Message{&wire.Denied{Permission: uint16(row.need)}, &wire.StreamReset{Code: wire.CloseDenied}}
	case lacks && screen:
		want = []wire.Message{&wire.Denied{Permission: uint16(row.need)}}
	}
	if !slices.EqualFunc(all, want, sameMessage) {
		s.t.Errorf("%s: answered %s, want %s", name, list(all), list(want))
	}
	if _, typed := row.m.(*wire.Text); typed && screen && r.Allows(role.UseKeyboardMouse) {
		s.awaitDone(lines+1, name)
	}
}

// awaitDone waits until the Host's keyboard and mouse have done so much.
func (s *suite) awaitDone(n int, name string) {
	s.t.Helper()
	limit := time.After(20 * time.Second)
	for len(s.hands.Lines()) < n {
		select {
		case <-s.hands.Changed():
		case <-limit:
			s.t.Fatalf("%s: nothing reached the Host's keyboard and mouse", name)
		}
	}
}

// screenCame says whether the screen that was asked for came, and that it did as the role says.
func (s *suite) screenCame(g *raw, r role.Role, name string) bool {
	s.t.Helper()
	all, ended := g.hear()
	allowed := r.Allows(role.SeeScreen)
	want := []wire.Message{&wire.Denied{Permission: uint16(role.SeeScreen)}, &wire.StreamReset{Code: wire.CloseDenied}}
	if ended != nil || allowed && len(all) > 0 || !allowed && !slices.EqualFunc(all, want, sameMessage) {
		s.t.Errorf("%s: the screen is answered %s, %+v", name, list(all), ended)
	}
	return allowed
}

func sameMessage(a, b wire.Message) bool {
	return string(wire.AppendMessage(nil, 0, a)) == string(wire.AppendMessage(nil, 0, b))
}

func list(all []wire.Message) string {
	text := ""
	for _, m := range all {
		text += fmt.Sprintf("%T%+v ", m, m)
	}
	return "[" + text + "]"
}
