package presenter

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"impero/core/guest"
	"impero/ui/shell/phrase"
)

func target(host string) guest.Target {
	return guest.Target{Host: host, Port: guest.DefaultPort, Profile: guest.ProfileInternet}
}

func TestRecentListsEachHostOnce(t *testing.T) {
	s := newStand(t, true)
	now := s.clock.now
	s.engine.recent = []guest.Record{
		{Target: target("till-042"), Address: "10.20.4.17:6502", Start: now.Add(-time.Minute), Duration: 24*time.Minute + 10*time.Second, Result: guest.ResultYou},
		{Target: target("till-042"), Start: now.Add(-time.Hour), Result: guest.ResultLost},
		{Target: guest.Target{Host: "build", Port: 6510, Profile: guest.ProfileInternet}, Address: "[fe80::1]:6510", Start: now.AddDate(0, 0, -1), Result: guest.ResultWrongPassword},
	}
	rows := s.desk.Recent()
	equal(t, "rows", len(rows), 2)
	equal(t, "address", rows[0].Address, "10.20.4.17")
	equal(t, "when", rows[0].When.String(), "Today 09:11")
	equal(t, "length", rows[0].Length, "0:24:10")
	equal(t, "mood", rows[0].Mood, Good)
	equal(t, "host with port", rows[1].Host, "build:6510")
	equal(t, "address with port", rows[1].Address, "[fe80::1]:6510")
	equal(t, "when", rows[1].When.String(), "Yesterday 09:12")
	equal(t, "length of nothing", rows[1].Length, "–")
	equal(t, "result", rows[1].Result.Key, "Wrong password")
}

// TestRecentListsAComputerOnce: one row a Host and profile, however its name was typed.
func TestRecentListsAComputerOnce(t *testing.T) {
	s := newStand(t, true)
	for _, h := range []string{"till-042", "TILL-042", "till-042.", "till-042", "shop"} {
		s.engine.recent = append(s.engine.recent, guest.Record{Target: target(h), Result: guest.ResultLost})
	}
	s.engine.recent[0].Result = guest.ResultYou
	other := target("till-042")
	other.Profile = "Branch"
	s.engine.recent = append(s.engine.recent, guest.Record{Target: other})
	rows := s.desk.Recent()
	equal(t, "rows", len(rows), 3)
	equal(t, "host", rows[0].Host, "till-042")
	equal(t, "count", rows[0].Count, 4)
	equal(t, "result", rows[0].Result.Key, "Ended by you")
	equal(t, "another profile", rows[2].Profile, "Branch")
	equal(t, "matches", len(s.desk.Matches("till", "")), 1)
}

func TestUnlist(t *testing.T) {
	s := newStand(t, true)
	s.engine.recent = []guest.Record{{Target: target("till")}, {Target: target("TILL")}, {Target: target("shop")}}
	past, rows := s.desk.Past(), s.desk.Recent()
	s.engine.refuse = errors.New("disk full")
	if wrong := s.desk.Unlist(rows[:1]); wrong.Empty() || s.desk.Past() != past {
		t.Errorf("a list that cannot be kept is spoken of as %q", wrong)
	}
	s.engine.refuse = nil
	equal(t, "wrong", s.desk.Unlist(rows[:1]).String(), "")
	equal(t, "status", s.desk.Status().String(), "till is off the list.")
	rows = s.desk.Recent()
	if len(rows) != 1 || rows[0].Host != "shop" || s.desk.Past() == past || len(s.desk.Matches("till", "")) != 0 {
		t.Errorf("listed are %v", rows)
	}
	equal(t, "Hosts by the profile", s.desk.Profiles()[0].Used, 2)
}

func TestBadPortIsSaidUnderTheField(t *testing.T) {
	s := newStand(t, true)
	for typed, want := range map[string]string{
		"till:99999":                      "\"99999\" is not a port. Use 1 to 65535.",
		"till:abc":                        "\"abc\" is not a port. Use 1 to 65535.",
		"[fe80::1]:0":                     "\"0\" is not a port. Use 1 to 65535.",
		"till:":                           "There is no port after the colon. Use 1 to 65535, or leave the colon out.",
		"till:" + strings.Repeat("9", 99): "\"99999999999999999999…\" is not a port. Use 1 to 65535.",
	} {
		if a := s.desk.Connect(typed, "", Logon{}); a != nil {
			t.Errorf("%q is tried", typed)
		}
		equal(t, typed, s.desk.FieldError().String(), want)
	}
}

func TestEveryResultHasWords(t *testing.T) {
	for r := guest.ResultYou; r <= guest.ResultOther; r++ {
		if words, mood := resultWords(r); words.Empty() || mood == 0 {
			t.Errorf("result %d has no words or no mood", r)
		}
	}
}

func TestMatchesBeginFirst(t *testing.T) {
	s := newStand(t, true)
	for _, h := range []string{"old-till", "till-2", "shop", "till-1", "till-2"} {
		s.engine.recent = append(s.engine.recent, guest.Record{Target: target(h)})
	}
	if got := s.desk.Matches("TILL", ""); !slices.Equal(got, []string{"till-2", "till-1", "old-till"}) {
		t.Errorf("matches are %v", got)
	}
	equal(t, "matches of nothing", len(s.desk.Matches("", "")), 4)
}

func TestForget(t *testing.T) {
	s := newStand(t, true)
	s.engine.known = []guest.KnownHost{{Target: target("till"), Fingerprint: "A", Since: s.clock.now, Last: s.clock.now, Used: 3}}
	row := s.desk.Known()[0]
	equal(t, "since", row.Since.String() != "", true)
	s.engine.forget = errors.New("disk full")
	if wrong := s.desk.Forget(row); wrong.Empty() {
		t.Error("a failure is not told")
	}
	s.engine.forget = nil
	if wrong := s.desk.Forget(row); !wrong.Empty() {
		t.Error(wrong)
	}
	equal(t, "known hosts", len(s.desk.Known()), 0)
	equal(t, "status", s.desk.Status().String(), "The key of till is forgotten.")
	s.clock.advance(statusTime)
	equal(t, "status", s.desk.Status().Key, "Ready")
}

func TestMoments(t *testing.T) {
	now := time.Date(2026, 11, 24, 0, 5, 0, 0, time.UTC)
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{now.Add(-time.Minute), "Today {{.Time}}"},
		{now.Add(-6 * time.Minute), "Yesterday {{.Time}}"},
		{now.AddDate(0, 0, -5), "{{.Weekday}} {{.Day}} {{.Month}}, {{.Time}}"},
		{now.AddDate(-1, 0, 0), "{{.Day}} {{.Month}} {{.Year}}, {{.Time}}"},
		{time.Time{}, "–"},
	} {
		equal(t, c.at.String(), moment(c.at, now).Key, c.want)
	}
}

func TestAmounts(t *testing.T) {
	for n, want := range map[float64]string{0: "0 B", 999: "999 B", 640_000: "640 kB", 999_600: "1.0 MB", 12_340_000: "12.3 MB", 123e6: "123 MB", 5e12: "5.0 TB", 5e15: "5000 TB"} {
		equal(t, want, amount(n), want)
	}
}

func TestPhraseInEnglish(t *testing.T) {
	equal(t, "text", phrase.With("{{.A}} and {{.B}}", phrase.Args{"A": phrase.New("x"), "B": 2}).String(), "x and 2")
	equal(t, "verbatim", phrase.Plain("{{.A}}").String(), "{{.A}}")
}
