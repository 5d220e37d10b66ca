package presenter

import (
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/keys"
)

// connected is a stand with one session.
func connected(t *testing.T, info guest.Info) (*stand, *fakeSession, *Live) {
	t.Helper()
	s := newStand(t, true)
	if info.Since.IsZero() {
		info.Since = s.clock.now
	}
	session := s.opens(info)
	s.desk.Connect("till-042", "", Logon{})
	s.until("session", func() bool { return len(s.windows.sessions) == 1 })
	return s, session, s.windows.sessions[0]
}

func fullControl() guest.Info {
	return guest.Info{Role: "Full control", MayControl: true, Level: "Very high"}
}

func TestFiguresOfASecond(t *testing.T) {
	s, session, l := connected(t, fullControl())
	equal(t, "delay before the first", l.Figures().Delay, "–")
	session.set(func() {
		session.stats = guest.Stats{Frames: 28, BytesIn: 600_000, BytesOut: 40_000, RoundTrip: 14200 * time.Microsecond}
	})
	s.clock.advance(time.Second)
	equal(t, "figures", l.Figures(), Figures{Rate: "28 fps", Traffic: "640 kB/s", Delay: "14 ms", Duration: "0:00:01"})
	equal(t, "traffic", l.Traffic(), "640 kB")
	s.clock.advance(time.Second)
	equal(t, "rate of a still second", l.Figures().Rate, "0 fps")
	session.set(func() { session.stats.RoundTrip = 300 * time.Microsecond })
	s.clock.advance(time.Second)
	equal(t, "delay", l.Figures().Delay, "< 1 ms")
}

func TestBannersGravestFirst(t *testing.T) {
	info := fullControl()
	info.Role, info.MayControl = "View only", false
	s, session, l := connected(t, info)
	equal(t, "banner", l.Banner().Kind, BannerViewOnly)
	session.set(func() { session.denied = 1 })
	s.clock.advance(time.Second)
	equal(t, "banner", l.Banner().Kind, BannerRefused)
	session.set(func() { session.ready, session.reason = false, "Nobody is logged on." })
	s.clock.advance(time.Second)
	equal(t, "banner", l.Banner().Kind, BannerDisplay)
	if text := l.Banner().Text.String(); !strings.Contains(text, "Nobody is logged on.") {
		t.Errorf("the Host's reason is missing: %s", text)
	}
	session.set(func() { session.ready = true })
	s.clock.advance(refusedTime)
	equal(t, "banner", l.Banner().Kind, BannerViewOnly)
}

// TestRoleThatChanges: what the Host's administrator gives or takes during a session shows within a second, and is said.
func TestRoleThatChanges(t *testing.T) {
	s, session, l := connected(t, fullControl())
	for _, c := range []struct {
		role   string
		may    bool
		status string
		banner BannerKind
	}{
		{"Full control", false, "Your role Full control does not allow keyboard and mouse any more.", BannerViewOnly},
		{"Desk", true, "Your role Desk allows keyboard and mouse now.", BannerNone},
		{"Night desk", true, "Your role is Night desk now.", BannerNone},
	} {
		session.set(func() { session.info.Role, session.info.MayControl = c.role, c.may })
		s.clock.advance(time.Second)
		equal(t, "status", l.Status().String(), c.status)
		equal(t, "may control", l.MayControl(), c.may)
		equal(t, "banner", l.Banner().Kind, c.banner)
		equal(t, "role", l.Role().String(), c.role)
	}
}

func TestKeystrokesAreTheGuidesSix(t *testing.T) {
	_, session, l := connected(t, fullControl())
	var names []string
	for _, k := range Keystrokes() {
		names = append(names, k.Name)
	}
	want := []string{"Ctrl+Esc", "Ctrl+Alt+Del", "Alt+Tab", "Alt+Shift+Tab", "Print Screen", "Alt+Print Screen"}
	if !slices.Equal(names, want) {
		t.Errorf("keystrokes are %v", names)
	}
	l.Send(CtrlAltDel())
	if want := [][]uint16{{keys.LeftControl, keys.LeftAlt, keys.Delete}}; !reflect.DeepEqual(session.pressed, want) {
		t.Errorf("sent %v", session.pressed)
	}
}

func TestWhoOnlyWatchesSendsNoKeystrokes(t *testing.T) {
	_, session, l := connected(t, guest.Info{Role: "View only", Level: "Very high"})
	l.Send(CtrlAltDel())
	equal(t, "keys sent", len(session.pressed), 0)
}

func TestSessionEndedByTheHostStays(t *testing.T) {
	s, session, l := connected(t, fullControl())
	past := s.desk.Past()
	session.end(&guest.Error{Kind: guest.KindHostUser, Target: l.Info().Target})
	s.until("the end", l.Over)
	why, ok := l.Ending()
	if !ok || why.Text.String() != "The person at till-042 ended the session." || !why.Again {
		t.Errorf("it says %v, %v", why.Text, ok)
	}
	equal(t, "banner", l.Banner().Kind, BannerNone)
	equal(t, "open sessions", s.desk.Open(), 0)
	equal(t, "listed sessions", len(s.desk.Sessions()), 1)
	if s.desk.Past() == past {
		t.Error("the list of recent Hosts is not read anew")
	}
	before := l.Figures()
	s.clock.advance(time.Minute)
	equal(t, "figures after the end", l.Figures(), before)
	l.Leave()
	equal(t, "listed sessions", len(s.desk.Sessions()), 0)
}

func TestSessionEndedHereNeedsNoWords(t *testing.T) {
	s, _, l := connected(t, fullControl())
	l.Disconnect()
	s.until("the end", l.Over)
	if _, ok := l.Ending(); ok {
		t.Error("a session that the person ended is explained")
	}
}

func TestFaultsThatAreNoErrorsOfTheEngine(t *testing.T) {
	s, session, l := connected(t, fullControl())
	session.end(errors.New("odd"))
	s.until("the end", l.Over)
	if why, ok := l.Ending(); !ok || !strings.Contains(why.Details, "odd") {
		t.Errorf("the fault is not told: %v", why)
	}
}

func TestSecondSessionWithAHostRaisesTheFirst(t *testing.T) {
	s, session, l := connected(t, fullControl())
	if s.desk.Connect("till-042", "", Logon{}) != nil {
		t.Fatal("a second attempt was started")
	}
	equal(t, "raised", len(s.windows.raised), 1)
	session.end(&guest.Error{Kind: guest.KindLost})
	s.until("the end", l.Over)
	s.fails(&guest.Error{Kind: guest.KindNobody})
	if s.desk.Connect("till-042", "", Logon{}) == nil {
		t.Error("an ended session keeps its Host from being connected to")
	}
}

func TestAgainConnectsAnew(t *testing.T) {
	s, session, l := connected(t, fullControl())
	session.end(&guest.Error{Kind: guest.KindLost})
	s.until("the end", l.Over)
	s.opens(fullControl())
	l.Again()
	s.until("the second session", func() bool { return len(s.windows.sessions) == 2 })
	equal(t, "sessions", len(s.desk.Sessions()), 1)
}

func TestScreenshot(t *testing.T) {
	s, _, l := connected(t, fullControl())
	dir := t.TempDir()
	l.Screenshot(image.NewRGBA(image.Rect(0, 0, 3, 2)), dir)
	s.until("the message", func() bool { return !l.Status().Empty() })
	path := filepath.Join(dir, "Impero till-042 2026-11-24 09.12.00.000.png")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil || img.Bounds().Dx() != 3 {
		t.Errorf("picture is %v, %v", img, err)
	}
	if info, err := f.Stat(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v, %v", info.Mode(), err)
	}
	s.clock.advance(statusTime)
	equal(t, "message after its time", l.Status().Key, "")
	l.Screenshot(image.NewRGBA(image.Rect(0, 0, 3, 2)), filepath.Join(dir, "missing"))
	s.until("the refusal", func() bool { return strings.HasPrefix(l.Status().Key, "The screenshot was not saved") })
}

func TestScreenshotNameStaysInItsFolder(t *testing.T) {
	for _, host := range []string{"../../etc/passwd", `a\b`, "c:d", strings.Repeat("x", 300), "fe80::1%eth0"} {
		name := screenshotName(host, newClock().now)
		if filepath.Base(name) != name || strings.ContainsAny(name, `/\:`) || len(name) > 200 {
			t.Errorf("%q gives %q", host, name)
		}
	}
}
