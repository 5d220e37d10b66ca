package core_test

import (
	"bytes"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/host"
	"impero/core/keys"
	"impero/core/picture"
	"impero/core/role"
	"impero/core/store"
)

func TestPictureEqualsTheHostsByteForByte(t *testing.T) {
	s := newSuite(t, "Full control", false)
	g := s.mustConnect()
	for range 60 {
		s.display.steps <- struct{}{}
	}
	s.awaitEqual(g)
	now := g.Statistics()
	if now.Frames == 0 || now.DecodeWorst == 0 || now.DecodeMedian > now.DecodeWorst {
		t.Errorf("the statistics say %+v", now)
	}
	sent := guest.Share{}
	for _, c := range now.Codecs {
		sent.Ops, sent.Bytes = sent.Ops+c.Ops, sent.Bytes+c.Bytes
	}
	if sent.Ops == 0 || sent.Bytes == 0 || sent.Bytes > now.BytesIn {
		t.Errorf("%d rectangles of %d bytes, of %d received", sent.Ops, sent.Bytes, now.BytesIn)
	}
	limit := time.After(20 * time.Second)
	for now.Host.Updates == 0 {
		select {
		case <-g.Updates():
			now = g.Statistics()
		case <-limit:
			t.Fatal("the Host never told what its pictures took")
		}
	}
	if h := now.Host; h.Encode == 0 || h.Encode95 < h.Encode/2 || h.Queue == 0 || h.Queue95 == 0 {
		t.Errorf("the Host tells %+v", h)
	}
}

func (s *suite) awaitEqual(g *guest.Session) {
	s.t.Helper()
	limit := time.After(20 * time.Second)
	for {
		same := false
		g.Picture(func(f *picture.Frame, _ []picture.Rect, _ *picture.Layout) {
			s.display.mu.Lock()
			defer s.display.mu.Unlock()
			same = equal(f, s.display.g.Truth())
		})
		if same {
			return
		}
		select {
		case <-g.Updates():
		case <-limit:
			s.t.Fatal("the Guest's picture never became the Host's")
		}
	}
}

// equal compares an RGBX frame with a BGRX one.
func equal(rgb, bgr *picture.Frame) bool {
	if rgb.W != bgr.W || rgb.H != bgr.H {
		return false
	}
	swapped := bytes.Clone(bgr.Pix)
	for i := 0; i < len(swapped); i += 4 {
		swapped[i], swapped[i+2] = swapped[i+2], swapped[i]
	}
	return bytes.Equal(rgb.Pix, swapped)
}

func TestSeveralViewersSeeTheSame(t *testing.T) {
	s := newSuite(t, "Full control", false)
	var all []*guest.Session
	for range 3 {
		all = append(all, s.mustConnect())
		for range 5 {
			s.display.steps <- struct{}{}
		}
	}
	for _, g := range all {
		s.awaitEqual(g)
	}
}

func TestInputArrives(t *testing.T) {
	s := newSuite(t, "Full control", false)
	g := s.mustConnect()
	g.Key(4, true, 'a')
	g.Key(4, false, 0)
	g.Move(50, 60)
	g.Button(1, true)
	g.Button(1, false)
	g.Wheel(0, -2)
	g.Text("Grüße")
	s.awaitLines("text")
	got := strings.Join(s.hands.Lines(), "\n")
	for _, want := range []string{"key", "move 50 60", "button 1", "wheel 0 -2", "Grüße"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q was not injected; injected was\n%s", want, got)
		}
	}
}

// TestPressesFollowOneAnother: a window manager must see each step of a combination before the next.
func TestPressesFollowOneAnother(t *testing.T) {
	s := newSuite(t, "Full control", false)
	g := s.mustConnect()
	start := time.Now()
	g.Press(keys.LeftAlt, keys.Tab)
	g.Press(keys.F12)
	s.awaitLines("F12 up")
	var got []string
	for _, l := range s.hands.Lines() {
		if strings.HasPrefix(l, "key ") {
			got = append(got, strings.TrimPrefix(l, "key "))
		}
	}
	want := []string{"LeftAlt down", "Tab down", "Tab up", "LeftAlt up", "F12 down", "F12 up"}
	if !slices.Equal(got, want) {
		t.Errorf("injected was %q, want %q", got, want)
	}
	if took := time.Since(start); took < 5*60*time.Millisecond {
		t.Errorf("six steps took %v: too quick for a window manager", took)
	}
}

func (s *suite) awaitLines(last string) {
	s.t.Helper()
	limit := time.After(20 * time.Second)
	for {
		changed := s.hands.Changed()
		for _, l := range s.hands.Lines() {
			if strings.Contains(l, last) {
				return
			}
		}
		select {
		case <-changed:
		case <-limit:
			s.t.Fatalf("%q was not injected; injected was %q", last, s.hands.Lines())
		}
	}
}

func TestHeldKeysGoUpWhenTheGuestLeaves(t *testing.T) {
	s := newSuite(t, "Full control", false)
	g := s.mustConnect()
	g.Key(0xe0, true, 0)
	s.awaitLines("key")
	g.Close()
	s.awaitLines("LeftControl up")
}

func TestViewOnlyRefusesInputOnTheHost(t *testing.T) {
	s := newSuite(t, "View only", false)
	g := s.mustConnect()
	if g.Info().MayControl || g.Info().Role != "View only" {
		t.Errorf("the session says %+v", g.Info())
	}
	g.Key(4, true, 'a') // the engine sends what it is told: the Host refuses
	g.Button(1, true)
	limit := time.After(20 * time.Second)
	for g.DeniedCount(role.UseKeyboardMouse) == 0 {
		select {
		case <-g.Updates():
		case <-limit:
			t.Fatal("the Host did not say that it refuses")
		}
	}
	if lines := s.hands.Lines(); len(lines) > 0 {
		t.Errorf("a view-only Guest injected %q", lines)
	}
}

func TestWrongPassword(t *testing.T) {
	s := newSuite(t, "Full control", false)
	e := s.engine(store.At(t.TempDir()))
	p := &person{passwords: []string{"wrong", goodPassword}}
	g, err := s.connect(e, p)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.forms) != 2 || p.forms[0].Failed || !p.forms[1].Failed || p.forms[1].Left != 2 {
		t.Errorf("the person was shown %+v", p.forms)
	}
	g.Close()
	_, err = s.connect(e, &person{passwords: []string{"wrong"}})
	if kind := kindOf(t, err); kind != guest.KindLockedOut {
		t.Errorf("three wrong passwords give kind %d: %v", kind, err)
	}
	_, err = s.connect(e, &person{passwords: []string{goodPassword}})
	if kind := kindOf(t, err); kind != guest.KindLockedOut {
		t.Errorf("the right password while locked out gives kind %d: %v", kind, err)
	}
	if recent := e.Recent(); len(recent) != 3 || recent[0].Result != guest.ResultWrongPassword || recent[2].Result != guest.ResultYou {
		t.Errorf("the history is %+v", recent)
	}
}

func TestFirstContactAsksAndThenKnows(t *testing.T) {
	s := newSuite(t, "Full control", false)
	e := s.engine(store.At(t.TempDir()))
	p := &person{passwords: []string{goodPassword}}
	for range 2 {
		g, err := s.connect(e, p)
		if err != nil {
			t.Fatal(err)
		}
		g.Close()
	}
	if len(p.asked) != 1 || p.asked[0].Fingerprint != s.h.State().Fingerprint || p.asked[0].HostName != "till-042" {
		t.Errorf("the person was asked %+v", p.asked)
	}
	if known := e.Known(); len(known) != 1 || known[0].Used != 2 {
		t.Errorf("known hosts: %+v", known)
	}
	if _, err := s.connect(s.engine(store.At(t.TempDir())), &person{refuse: true}); kindOf(t, err) != guest.KindNotTrusted {
		t.Errorf("an identity that is not accepted gives %v", err)
	}
}

func TestChangedKeyStops(t *testing.T) {
	one, other := newSuite(t, "Full control", false), newSuite(t, "Full control", false)
	e := one.engine(store.At(t.TempDir()))
	target, _ := guest.ParseTarget(one.address, "")
	if err := e.Remember(target, other.h.PublicKey()); err != nil {
		t.Fatal(err)
	}
	p := &person{passwords: []string{goodPassword}}
	_, err := one.connect(e, p)
	var ge *guest.Error
	if !errors.As(err, &ge) || ge.Kind != guest.KindChangedKey || ge.Changed.Known != other.h.State().Fingerprint || ge.Changed.Shown != one.h.State().Fingerprint {
		t.Errorf("a changed key gives %v", err)
	}
	if len(p.forms)+len(p.asked) > 0 {
		t.Error("the person was asked something although the key changed")
	}
}

func TestNoDisplayIsSaidWithItsReason(t *testing.T) {
	s := newSuite(t, "Full control", true)
	_, err := s.connect(s.engine(store.At(t.TempDir())), &person{passwords: []string{goodPassword}})
	var ge *guest.Error
	if !errors.As(err, &ge) || ge.Kind != guest.KindNoDisplay || !strings.Contains(ge.Detail, "no display") {
		t.Errorf("a Host without a display gives %v", err)
	}
}

func TestNinthSessionIsRefused(t *testing.T) {
	s := newSuite(t, "Full control", false)
	for range host.MaxSessions {
		s.mustConnect()
	}
	s.await("eight sessions", func(st host.State) bool { return len(st.Sessions) == host.MaxSessions })
	_, err := s.connect(s.engine(store.At(t.TempDir())), &person{passwords: []string{goodPassword}})
	if kind := kindOf(t, err); kind != guest.KindFull {
		t.Errorf("the ninth session gives kind %d: %v", kind, err)
	}
}

func TestHostEndsSessions(t *testing.T) {
	s := newSuite(t, "Full control", false)
	g := s.mustConnect()
	s.await("the session to be listed", func(st host.State) bool {
		return len(st.Sessions) == 1 && st.Sessions[0].Activity == "Remote control" && st.Sessions[0].Computer == "ops-laptop"
	})
	s.h.Disconnect(s.h.State().Sessions[0].ID)
	<-g.Done()
	if kind := kindOf(t, g.Err()); kind != guest.KindHostUser {
		t.Errorf("Disconnect at the Host gives kind %d", kind)
	}
	g = s.mustConnect()
	s.h.Stop()
	<-g.Done()
	if kind := kindOf(t, g.Err()); kind != guest.KindHostStopping {
		t.Errorf("stopped communication gives kind %d", kind)
	}
	_, err := s.connect(s.engine(store.At(t.TempDir())), &person{passwords: []string{goodPassword}})
	if kind := kindOf(t, err); kind != guest.KindNobody {
		t.Errorf("a Host that does not listen gives kind %d: %v", kind, err)
	}
}

func TestAnotherProgramOnThePort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Write([]byte("SSH-2.0-OpenSSH_9.2\r\n"))
		}
	}()
	s := &suite{t: t, address: l.Addr().String()}
	if _, err := s.connect(s.engine(store.At(t.TempDir())), &person{}); kindOf(t, err) != guest.KindNotImpero {
		t.Errorf("an SSH server gives %v", err)
	}
}
