package host

import (
	"strings"
	"testing"
	"time"

	fynetheme "fyne.io/fyne/v2/theme"

	engine "impero/core/host"
	"impero/ui/shell/level"
)

// away is a Guest whose connection was lost 8 seconds ago. An activity that is still noted must not count.
func away(g engine.Session) engine.Session {
	g.Lost = now.Add(-8 * time.Second)
	g.Until = g.Lost.Add(time.Minute)
	return g
}

func TestLostGuests(t *testing.T) {
	for _, tc := range []struct {
		name          string
		list          []engine.Session
		sign          Sign
		title, detail string
	}{
		{"one", []engine.Session{away(anna())}, SignAway, "Anna Berg has lost the connection", "Nobody sees this screen now. Anna Berg can come back until 09:30:52."},
		{"both", []engine.Session{away(anna()), away(ben())}, SignAway, "2 Guests have lost the connection", "Nobody sees this screen now."},
		{"one of two", []engine.Session{away(anna()), ben()}, SignWatched, "1 Guests are connected",
			"See the screen: 1. Control it: 0. Connection lost: 1. You can end it at any time."},
	} {
		s := withGuests(tc.list...)
		m := Describe(s, now)
		if m.Block.Sign != tc.sign || m.Block.Title.String() != tc.title || m.Block.Detail.String() != tc.detail {
			t.Errorf("%s: %d, %q, %q", tc.name, m.Block.Sign, m.Block.Title, m.Block.Detail)
		}
		if want := map[int]string{1: "1 of 8", 2: "2 of 8"}[len(tc.list)]; m.Count.String() != want || !m.Connected() {
			t.Errorf("%s: %s are counted, connected: %t", tc.name, m.Count, m.Connected())
		}
		if g := m.Guests[0]; !g.Lost || g.Activity.String() != "Lost 8 s ago, kept until 09:30:52" {
			t.Errorf("%s: the row says %q", tc.name, g.Activity)
		}
	}
}

func TestWordsOfALostConnectionCount(t *testing.T) {
	e := newFake(withGuests(away(anna())))
	present(t, e, func(p *Presenter, s *screen) {
		newest(t, s)
		time.Sleep(time.Second)
		if got := newest(t, s).Guests[0].Activity.String(); !strings.HasPrefix(got, "Lost 9 s ago") {
			t.Errorf("a second later it says %q", got)
		}
	})
}

func TestLostGuestIsDisconnected(t *testing.T) {
	e := newFake(withGuests(away(anna())))
	w := open(t, e, fynetheme.VariantLight)
	w.guests.cell(0, columnEnd).OnButton()
	settle(w)
	if got := strings.Join(e.calls(), ", "); got != "disconnect 1" {
		t.Errorf("the engine was asked: %s", got)
	}
}

func TestLevelsThatAreNotTheUsualOnes(t *testing.T) {
	m := Describe(ready(), now)
	if !m.Levels.Empty() || m.Banner != nil || !m.Weakest.Name.Empty() {
		t.Errorf("the usual levels are spoken of: %q", m.Levels)
	}
	s := withGuests(anna())
	s.Sessions[0].Level = "Keyboard"
	s.Levels = []string{"Very high", "Keyboard"}
	m = Describe(s, now)
	if m.Levels.String() != "Very high and Keyboard" || m.Allowed.Strength != level.Part || m.Weakest.Name.String() != "Keyboard" {
		t.Errorf("it says %q, strength %d, in use %q", m.Levels, m.Allowed.Strength, m.Weakest.Name)
	}
	if m.Banner == nil || m.Banner.Act != ActNone || m.Banner.Text.String() != "This Host also allows sessions that others on the way can read." {
		t.Errorf("the banner is %+v", m.Banner)
	}
	s.Levels = []string{"High"}
	if m = Describe(s, now); m.Levels.String() != "High" || m.Banner != nil {
		t.Errorf("with High alone it says %q, banner %v", m.Levels, m.Banner)
	}
	s.Levels = []string{"No encryption"}
	if got := Describe(s, now).Banner.Text.String(); got != "This Host allows only sessions that others on the way can read." {
		t.Errorf("the banner says %q", got)
	}
	s.PasswordSet = false
	if Describe(s, now).Banner.Act != ActPassword {
		t.Error("that there is no password is less grave")
	}
	w := open(t, newFake(withWeak()), fynetheme.VariantLight)
	if !w.facts.levelRow.Visible() || w.facts.levels.Text() != "Very high and No encryption" {
		t.Errorf("the window says %q", w.facts.levels.Text())
	}
}

// withWeak is a Host that allows a level without encryption, and has a Guest with it.
func withWeak() engine.State {
	s := withGuests(away(anna()), ben())
	s.Levels = []string{"Very high", "No encryption"}
	s.Sessions[1].Level = "No encryption"
	return s
}
