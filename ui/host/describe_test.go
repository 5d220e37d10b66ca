package host

import (
	"testing"
	"time"

	engine "impero/core/host"
)

var (
	zone    = time.FixedZone("here", 3600)
	morning = time.Date(2026, 11, 24, 6, 2, 0, 0, zone)
	now     = time.Date(2026, 11, 24, 9, 30, 0, 0, zone)
)

// ready is a Host that listens, with a display and nobody connected.
func ready() engine.State {
	return engine.State{
		Name: "till-042", Addresses: []string{"10.20.4.17", "fe80::1c2:44ff:fe1a:90b"}, Port: 6502, Profiles: []string{"TCP 1"},
		Fingerprint: "7K2M Q4TX 9HDA R3WC VB6N 1YEP J8SG 5LZF", Running: true, Since: morning, PasswordSet: true,
		Role: "Full control", Levels: []string{"Very high", "High"}, Display: engine.Display{Ready: true},
	}
}

func anna() engine.Session {
	return engine.Session{
		ID: 1, User: "Anna Berg", Computer: "ops-laptop", From: "10.20.4.90", Role: "Full control", Level: "Very high",
		Activity: "Remote control", MayControl: true, Since: time.Date(2026, 11, 24, 9, 12, 0, 0, zone),
	}
}

func ben() engine.Session {
	b := anna()
	b.ID, b.User, b.Role, b.MayControl = 2, "Ben Koch", "View only", false
	return b
}

func TestBlockOfEachState(t *testing.T) {
	with := func(change func(*engine.State)) engine.State {
		s := ready()
		change(&s)
		return s
	}
	waiting := anna()
	waiting.Activity = ""
	tests := []struct {
		name   string
		state  engine.State
		sign   Sign
		act    Act
		title  string
		detail string
	}{
		{"ready", ready(), SignReady, ActStop, "Ready for Guests", "Listening on port 6502. Nobody can see this screen now."},
		{"one controls", with(func(s *engine.State) { s.Sessions = []engine.Session{anna()} }), SignWatched, ActDisconnect,
			"Anna Berg sees and controls this computer", "From 10.20.4.90 since 09:12. You can end it at any time."},
		{"one watches", with(func(s *engine.State) { s.Sessions = []engine.Session{ben()} }), SignWatched, ActDisconnect,
			"Ben Koch sees this computer", "From 10.20.4.90 since 09:12. You can end it at any time."},
		{"one without the screen", with(func(s *engine.State) { s.Sessions = []engine.Session{waiting} }), SignWatched, ActDisconnect,
			"Anna Berg is connected", "From 10.20.4.90 since 09:12, without the screen."},
		{"one, no display", with(func(s *engine.State) {
			s.Sessions = []engine.Session{anna()}
			s.Display = engine.Display{Reason: "gone"}
		}), SignWatched, ActDisconnect, "Anna Berg is connected", "From 10.20.4.90 since 09:12. There is no display to share now."},
		{"two control", with(func(s *engine.State) { s.Sessions = []engine.Session{anna(), anna()} }), SignWatched, ActDisconnectAll,
			"2 Guests see and control this computer", "You can end it at any time."},
		{"two watch", with(func(s *engine.State) { s.Sessions = []engine.Session{ben(), ben()} }), SignWatched, ActDisconnectAll,
			"2 Guests see this computer", "You can end it at any time."},
		{"two of both kinds", with(func(s *engine.State) { s.Sessions = []engine.Session{anna(), ben()} }), SignWatched, ActDisconnectAll,
			"2 Guests are connected", "See the screen: 2. Control it: 1. You can end it at any time."},
		{"two, no display", with(func(s *engine.State) {
			s.Sessions = []engine.Session{anna(), ben()}
			s.Display.Ready = false
		}), SignWatched, ActDisconnectAll, "2 Guests are connected", "There is no display to share now."},
		{"no password", with(func(s *engine.State) { s.PasswordSet, s.Running = false, false }), SignStopped, ActStart,
			"Communication is stopped", "This Host starts to listen as soon as it has a password."},
		{"stopped", with(func(s *engine.State) { s.Running = false }), SignStopped, ActStart,
			"Communication is stopped", "Nobody can connect until it is started."},
		{"port in use", with(func(s *engine.State) {
			s.Running = false
			s.Problem = "Another program already uses port 6502. End it, or give this Host another port."
		}), SignProblem, ActStart, "Communication could not start", "Another program already uses port 6502. End it, or give this Host another port."},
		{"other problem", with(func(s *engine.State) {
			s.Running, s.Problem = false, "Port 80 cannot be listened on: permission denied"
		}), SignProblem, ActStart, "Communication could not start", "Port 80 cannot be listened on: permission denied"},
		{"port in use, another listens", with(func(s *engine.State) {
			s.Problem = "Another program already uses port 6502. End it, or give this Host another port."
		}), SignProblem, ActStop, "Guests cannot use every address yet", "Another program already uses port 6502. End it, or give this Host another port."},
		{"no display", with(func(s *engine.State) { s.Display = engine.Display{Reason: "There is no desktop."} }), SignProblem, ActStop,
			"No display to share", "There is no desktop."},
		{"no display, no reason", with(func(s *engine.State) { s.Display = engine.Display{} }), SignProblem, ActStop,
			"No display to share", "This Host runs where there is no desktop. Start it in a desktop session."},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			b := Describe(tc.state, now).Block
			if b.Sign != tc.sign || b.Act != tc.act {
				t.Errorf("sign %d, act %d; want %d, %d", b.Sign, b.Act, tc.sign, tc.act)
			}
			if b.Title.String() != tc.title || b.Detail.String() != tc.detail {
				t.Errorf("says %q, %q\nwant %q, %q", b.Title, b.Detail, tc.title, tc.detail)
			}
			if b.Label.Empty() {
				t.Error("the button has no words")
			}
			if b.Why.Empty() == (tc.name == "no password") {
				t.Errorf("why the button cannot be used: %q", b.Why)
			}
		})
	}
}

func TestProblemKeepsItsPlaces(t *testing.T) {
	p := problem("Another program already uses port 6502. End it, or give this Host another port.")
	if p.Verbatim || p.Args["Port"] != "6502" {
		t.Errorf("the port in use is %+v, which no language file can know", p)
	}
}

func TestFactsAndStatus(t *testing.T) {
	s := ready()
	s.Sessions = []engine.Session{anna(), ben()}
	m := Describe(s, now)
	for _, tc := range []struct{ what, got, want string }{
		{"name", m.Name, "till-042"},
		{"addresses", m.Addresses.String(), "10.20.4.17   ·   fe80::1c2:44ff:fe1a:90b   ·   port 6502"},
		{"fingerprint", m.Fingerprint, "7K2M Q4TX 9HDA R3WC VB6N 1YEP J8SG 5LZF"},
		{"log on", m.LogOn.String(), "Impero password, role Full control"},
		{"count", m.Count.String(), "2 of 8"},
		{"status", m.Status.String(), "Communication started"},
		{"profiles", m.Profiles, "TCP 1"},
		{"since", m.Since.String(), "since 06:02"},
		{"first row", m.Guests[0].Name + "|" + m.Guests[0].Activity.String() + "|" + m.Guests[0].From + "|" + m.Guests[0].Since.String(),
			"Anna Berg|Remote control|10.20.4.90|09:12"},
		{"second row", m.Guests[1].Name + "|" + m.Guests[1].Activity.String() + "|" + m.Guests[1].Role.String() + "|" + m.Guests[1].Level.Name.String(),
			"Ben Koch|Remote control, view only|View only|Very high"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s is %q, want %q", tc.what, tc.got, tc.want)
		}
	}
	if m.Banner != nil {
		t.Errorf("a banner says %q though nothing is wrong", m.Banner.Text)
	}
	if m.CanStart() || !m.Connected() {
		t.Error("a Host that runs with Guests can start or is alone")
	}
}

func TestWithoutPasswordABannerSaysSo(t *testing.T) {
	m := Describe(engine.State{Name: "till-042", Port: 6502, Display: engine.Display{Ready: true}}, now)
	if m.Banner == nil || m.Banner.Act != ActPassword {
		t.Fatalf("banner is %+v, want one that opens the password dialog", m.Banner)
	}
	if m.CanStart() {
		t.Error("communication can be started without a password")
	}
	if got := m.LogOn.String(); got != "Nothing yet: no password is set" {
		t.Errorf("log on with %q", got)
	}
	if got := m.Status.String(); got != "Communication stopped" || !m.Since.Empty() || m.Profiles != "" {
		t.Errorf("status is %q, %q, %q", got, m.Profiles, m.Since)
	}
}

func TestEmptySentenceFollowsTheState(t *testing.T) {
	if got := Describe(ready(), now).Empty.String(); got != "A Guest needs the name or address above, and the password." {
		t.Errorf("ready: %q", got)
	}
	s := ready()
	s.Running = false
	if got := Describe(s, now).Empty.String(); got != "Nobody can connect while communication is stopped." {
		t.Errorf("stopped: %q", got)
	}
}

func TestUnknownNamesAreShownAsTheyAre(t *testing.T) {
	if p := roleName("Support desk"); !p.Verbatim || p.String() != "Support desk" {
		t.Errorf("role is %+v", p)
	}
	if l := levelOf("Level 9"); !l.Name.Verbatim || l.Name.String() != "Level 9" {
		t.Errorf("level is %+v", l)
	}
}
