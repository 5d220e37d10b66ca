package presenter

import (
	"testing"
	"time"

	"impero/core/guest"
)

// lose has the session's connection lost since a moment ago.
func lose(s *stand, session *fakeSession, ago time.Duration) {
	since := s.clock.now.Add(-ago)
	session.set(func() { session.lost = guest.Lost{Since: since, Until: since.Add(time.Minute)} })
}

func TestShortOutageIsNotSpokenOf(t *testing.T) {
	s, session, l := connected(t, fullControl())
	lose(s, session, 0)
	l.Heard()
	s.clock.advance(900 * time.Millisecond)
	if _, lost := l.Outage(); lost || l.Stale() || !l.MayControl() {
		t.Error("it is told within the first second")
	}
	session.set(func() { session.lost = guest.Lost{} })
	l.Heard()
	s.clock.advance(5 * time.Second)
	if _, lost := l.Outage(); lost || l.Stale() {
		t.Error("it is told although the connection is there again")
	}
}

func TestOutageInWords(t *testing.T) {
	s, session, l := connected(t, fullControl())
	session.set(func() {
		session.stats = guest.Stats{Frames: 7, Shown: s.clock.now.Add(-3 * time.Second), RoundTrip: 14 * time.Millisecond}
	})
	lose(s, session, 0)
	changes := 0
	l.OnChange = func() { changes++ }
	l.Heard()
	s.clock.advance(time.Second)
	if _, lost := l.Outage(); !lost || !l.Stale() || l.MayControl() {
		t.Fatal("it is not told after a second")
	}
	l.Send(CtrlAltDel())
	equal(t, "keys sent", len(session.pressed), 0)
	s.clock.advance(7 * time.Second)
	session.set(func() { session.lost.Tries, session.lost.Next = 2, s.clock.now.Add(3200*time.Millisecond) })
	l.Heard()
	o, _ := l.Outage()
	equal(t, "title", o.Title.String(), "Reconnecting to till-042")
	equal(t, "line", o.Line.String(), "The network was lost 8 seconds ago; this picture is from 09:11:57.")
	equal(t, "text", o.Text.String(), "The network was lost 8 seconds ago; this picture is from 09:11:57. The Host keeps the session for another 0:52. Keyboard and mouse are off.")
	equal(t, "attempt", o.Attempt.String(), "Attempt 3, in 4 s")
	equal(t, "left", o.Left, 52.0/60)
	equal(t, "delay", l.Figures().Delay, "–")
	if words, mood := l.State(); words.String() != "Connection lost" || mood != Doubtful {
		t.Errorf("the list says %s", words)
	}
	before := changes
	s.clock.advance(3 * time.Second)
	if changes-before < 3 {
		t.Errorf("in three seconds the words changed %d times", changes-before)
	}
	session.set(func() { session.lost.Next = time.Time{} })
	l.Heard()
	o, _ = l.Outage()
	equal(t, "attempt", o.Attempt.String(), "Attempt 3 is under way")
	l.TryNow()
	equal(t, "tries", session.tries, 1)
}

// TestPictureIsAsFreshAsTheLastSignOfLife: a desktop where nothing changes is not old.
func TestPictureIsAsFreshAsTheLastSignOfLife(t *testing.T) {
	s, session, l := connected(t, fullControl())
	lose(s, session, 5*time.Second)
	for _, c := range []struct {
		shown, heard time.Duration // ago
		want         string
	}{
		{10 * time.Minute, 8 * time.Second, "The network was lost 5 seconds ago; this picture is from 09:11:52."},
		{7 * time.Second, 9 * time.Second, "The network was lost 5 seconds ago; this picture is from 09:11:53."},
	} {
		session.set(func() {
			session.stats.Shown, session.lost.Heard = s.clock.now.Add(-c.shown), s.clock.now.Add(-c.heard)
		})
		l.Heard()
		o, _ := l.Outage()
		equal(t, "line", o.Line.String(), c.want)
	}
}

func TestWhoOnlyWatchesIsNotToldOfKeys(t *testing.T) {
	s, session, l := connected(t, guest.Info{Role: "View only", Level: "Very high"})
	lose(s, session, 2*time.Second)
	l.Heard()
	o, _ := l.Outage()
	equal(t, "text", o.Text.String(), "The network was lost 2 seconds ago; this picture is from 09:11:58. The Host keeps the session for another 0:58.")
}

// TestPictureIsOldUntilTheNextOne: with the connection back, nobody is to click into what was there before.
func TestPictureIsOldUntilTheNextOne(t *testing.T) {
	s, session, l := connected(t, fullControl())
	session.set(func() { session.stats.Frames = 7 })
	lose(s, session, 2*time.Second)
	l.Heard()
	session.set(func() { session.lost = guest.Lost{} })
	l.Heard()
	if _, lost := l.Outage(); lost {
		t.Error("the card stays")
	}
	if !l.Stale() || l.MayControl() {
		t.Error("an old picture takes clicks")
	}
	session.set(func() { session.stats.Frames = 8 })
	l.Heard()
	if l.Stale() || !l.MayControl() {
		t.Error("the new picture takes no clicks")
	}
	for _, timer := range s.clock.timers {
		if !timer.done && timer.at.Sub(s.clock.now) > time.Second {
			t.Error("a clock still runs")
		}
	}
}

func TestLostAgainWhileOld(t *testing.T) {
	s, session, l := connected(t, fullControl())
	lose(s, session, 2*time.Second)
	l.Heard()
	session.set(func() { session.lost = guest.Lost{} })
	l.Heard()
	lose(s, session, 0)
	l.Heard()
	if _, lost := l.Outage(); !lost {
		t.Error("the second loss is kept secret for a second, with the picture old")
	}
}

func TestLostForGood(t *testing.T) {
	s, session, l := connected(t, fullControl())
	lose(s, session, 59*time.Second)
	l.Heard()
	session.end(&guest.Error{Kind: guest.KindLost, Target: l.Info().Target, Silent: time.Minute})
	s.until("the end", l.Over)
	if _, lost := l.Outage(); lost || l.Stale() {
		t.Error("an ended session is lost")
	}
	why, _ := l.Ending()
	equal(t, "words", why.Text.String(), "till-042 could not be reached for 60 seconds, so the session has ended. Connect again when the Host and the network are back.")
	equal(t, "again", why.Again, true)
}
