package presenter

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"impero/core/guest"
	"impero/ui/shell/level"
)

// branch is a profile with another port.
func branch() guest.Profile {
	return guest.Profile{Name: "Branch", Port: 7000, Levels: []string{"Keyboard", "Very high"}, Preferred: "Very high"}
}

// TestLevelsAgreeWithTheEngine: what is said of a level must be what it does.
func TestLevelsAgreeWithTheEngine(t *testing.T) {
	for _, l := range guest.Levels() {
		want := level.Nothing
		switch {
		case l.Full:
			want = level.Full
		case l.Some:
			want = level.Part
		}
		of := level.Of(l.Name)
		if l.Reason == "" && (of.Strength != want || of.Name.Verbatim) {
			t.Errorf("%s has strength %d, want %d, or no words", l.Name, of.Strength, want)
		}
		if changed := strings.Contains(of.Line.String(), "changed") && !strings.Contains(of.Line.String(), "not changed"); l.Reason == "" && changed == l.Whole {
			t.Errorf("%s says %q, and nothing can be changed: %t", l.Name, of.Line, l.Whole)
		}
	}
}

func TestProfilesInAList(t *testing.T) {
	s := newStand(t, true)
	s.engine.profiles = append(s.engine.Profiles(), branch())
	s.engine.recent = []guest.Record{
		{Target: guest.Target{Host: "till", Port: 7000, Profile: "Branch"}},
		{Target: guest.Target{Host: "till", Port: 6502, Profile: "Branch"}},
		{Target: guest.Target{Host: "old", Port: 7000, Profile: "Gone"}},
	}
	rows := s.desk.Profiles()
	equal(t, "rows", len(rows), 2)
	equal(t, "fixed", rows[0].Fixed, true)
	equal(t, "levels", rows[1].Levels.String(), "Very high and Keyboard")
	equal(t, "weakest", rows[1].Weakest.Strength, level.Part)
	equal(t, "used", rows[1].Used, 2)
	equal(t, "first profile", s.desk.FirstProfile(), "Branch")
	recent := s.desk.Recent()
	equal(t, "usual port", recent[0].Host, "till")
	equal(t, "other port", recent[1].Host, "till:6502")
	if got := s.desk.Matches("t", "Branch"); !slices.Equal(got, []string{"till", "till:6502"}) {
		t.Errorf("matches are %q", got)
	}
	equal(t, "profile of a row", s.desk.ProfileFor(recent[0]), "Branch")
	equal(t, "profile of a row whose profile is gone", s.desk.ProfileFor(recent[2]), guest.ProfileInternet)
	equal(t, "status", s.desk.Status().String(), "The profile Gone no longer exists, so old:7000 uses Internet (TCP) now.")
	s.engine.refuse = errors.New("disk full")
	if wrong := s.desk.DeleteProfile(rows[1]); !strings.Contains(wrong.String(), "disk full") {
		t.Errorf("it says %q", wrong)
	}
	s.engine.refuse = nil
	if wrong := s.desk.DeleteProfile(rows[1]); !wrong.Empty() {
		t.Error(wrong)
	}
	equal(t, "status", s.desk.Status().String(), "The profile Branch is deleted; 2 Hosts use Internet (TCP) now.")
}

func TestProfileForm(t *testing.T) {
	s := newStand(t, true)
	f := s.desk.EditProfile("")
	equal(t, "name", f.NameError().String(), "Give the profile a name.")
	f.Name = guest.ProfileInternet
	equal(t, "name", f.NameError().String(), "Another profile has this name.")
	f.Name = strings.Repeat("x", 65)
	equal(t, "name", f.NameError().String(), "Use at most 64 characters.")
	f.Name = " Branch "
	equal(t, "name", f.NameError().String(), "")
	for typed, wrong := range map[string]bool{"7000": false, " 1 ": false, "0": true, "65536": true, "x": true, "": true} {
		f.Port = typed
		equal(t, "port "+typed+" is wrong", !f.PortError().Empty(), wrong)
	}
	f.Port = "7000"
	equal(t, "warning", f.Warning().String(), "")
	f.Allow("Keyboard", true)
	equal(t, "warning", f.Warning().String(), "With Keyboard others on the way can read the screen.")
	equal(t, "risk", f.Risk().String(), "")
	f.Allow("No encryption", true)
	equal(t, "warning", f.Warning().String(), "With No encryption others on the way can read the screen and what is typed, passwords too.")
	equal(t, "risk", f.Risk().String(), "No encryption")
	f.Allow("Very high", false)
	equal(t, "preferred", f.Preferred, "High")
	if wrong := f.Save(); !wrong.Empty() {
		t.Fatal(wrong)
	}
	want := guest.Profile{Name: "Branch", Port: 7000, Levels: []string{"High", "Keyboard", "No encryption"}, Preferred: "High"}
	if got := s.engine.profiles[1]; got.Check() != nil || got.Name != want.Name || got.Port != want.Port || !slices.Equal(got.Levels, want.Levels) || got.Preferred != want.Preferred {
		t.Errorf("saved %+v", got)
	}
	again := s.desk.EditProfile("Branch")
	equal(t, "risk that was confirmed before", again.Risk().String(), "")
	for _, l := range again.Levels() {
		again.Allow(l.ID, false)
	}
	equal(t, "preferred of none", again.Preferred, "")
	equal(t, "levels", again.LevelsError().Empty(), false)
	s.engine.refuse = &guest.ProfileError{Field: "levels", Why: "none"}
	equal(t, "refused", again.Save().String(), "The profile was not saved: none")
	if s.desk.EditProfile("gone") != nil {
		t.Error("a profile that is gone is edited")
	}
}

func TestNoCommonLevelIsExplained(t *testing.T) {
	w := troubleOf(&guest.Error{Kind: guest.KindLevel, Target: target("till"), Levels: []string{"No encryption"}, Offered: []string{"Very high", "High"}}, newClock().now)
	equal(t, "words", w.Text.String(), "This Host allows only No encryption; your profile Internet (TCP) allows Very high and High.")
	if !w.Profile || w.Again {
		t.Errorf("editing the profile is offered: %t, trying again: %t", w.Profile, w.Again)
	}
}

func TestProfileThatIsGoneIsSaidUnderTheField(t *testing.T) {
	s := newStand(t, true)
	if s.desk.Connect("till", "Gone", Logon{}) != nil {
		t.Error("an attempt was started")
	}
	equal(t, "error", s.desk.FieldError().String(), "There is no communication profile Gone. Choose another one.")
}
