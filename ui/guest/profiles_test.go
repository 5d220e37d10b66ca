package guest

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"impero/core/guest"
	"impero/ui/guest/presenter"
)

func keyEvent(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }

// branch is a profile with another port.
func branch() guest.Profile {
	return guest.Profile{Name: "Branch", Port: 7000, Levels: []string{"Very high", "Keyboard"}, Preferred: "Very high"}
}

// profiles opens the list of profiles over the main window.
func profiles(t *testing.T) (*stand, *profileList) {
	s := newStand(t, false)
	s.engine.profiles = append(s.engine.Profiles(), branch())
	s.engine.recent = past()
	s.engine.recent[0].Target.Profile, s.engine.recent[0].Target.Port = "Branch", 7000
	s.guest.Open()
	s.guest.main.win.Resize(fyne.NewSize(mainWidth, mainHeight))
	s.guest.main.openProfiles()
	return s, s.guest.main.profiles
}

func TestProfileIsEdited(t *testing.T) {
	s, p := profiles(t)
	m := s.guest.main
	if m.quick.profile.Text() != "Branch" || p.name() != "Branch" {
		t.Errorf("offered is %s, selected %s", m.quick.profile.Text(), p.name())
	}
	p.table.TypedKey(keyEvent(fyne.KeyReturn))
	if n := len(m.win.Canvas().Overlays().List()); n != 2 {
		t.Fatalf("Enter opens %d dialogs", n-1)
	}
	m.win.Canvas().Focused().TypedKey(keyEvent(fyne.KeyEscape))
	if n := len(m.win.Canvas().Overlays().List()); n != 1 || m.win.Canvas().Focused() != fyne.Focusable(p.table) {
		t.Errorf("after Esc %d dialogs are open", n)
	}
	p.dialog.Cancel()
	if len(m.win.Canvas().Overlays().List()) != 0 {
		t.Error("the list stays")
	}
}

func TestProfileForm(t *testing.T) {
	s, _ := profiles(t)
	win := s.guest.main.win
	f := newProfileForm(s.guest, win, "Branch")
	saved := ""
	f.done = func(name string) { saved = name; f.dialog.Close() }
	f.dialog.Open(win.Canvas())
	test.AssertRendersToMarkup(t, "profile.xml", win.Canvas())
	focused := func() fyne.Focusable { return win.Canvas().Focused() }

	f.name.SetText("Internet (TCP)")
	f.port.SetText("x")
	f.save()
	if focused() != fyne.Focusable(f.name) || f.names.Error() == "" || f.ports.Error() == "" {
		t.Errorf("%T has the keyboard; errors %q, %q", focused(), f.names.Error(), f.ports.Error())
	}
	f.name.SetText("Shops")
	f.port.SetText("7001")
	for _, c := range f.checks {
		if c.Checked() {
			c.Tapped(nil)
		}
	}
	f.save()
	if saved != "" || !noLevel(win) || focused() != fyne.Focusable(f.checks[0]) {
		t.Errorf("without a level it says so: %t, %T has the keyboard", noLevel(win), focused())
	}
	f.checks[len(f.checks)-1].Tapped(nil)
	if noLevel(win) || f.preferred.Text() != "No encryption" {
		t.Errorf("with No encryption alone it says that there is none: %t, preferred %q", noLevel(win), f.preferred.Text())
	}
	f.save()
	if n := len(win.Canvas().Overlays().List()); n != 3 || saved != "" {
		t.Fatalf("No encryption is saved without a question, %d dialogs", n)
	}
	focused().TypedKey(keyEvent(fyne.KeyReturn)) // Cancel has the focus
	if saved != "" || s.engine.profiles[1].Name != "Branch" {
		t.Fatal("Enter allows it")
	}
	f.save()
	focused().TypedKey(keyEvent(fyne.KeyEscape))
	s.engine.refuse = errors.New("disk full")
	f.keep()
	if saved != "" || len(win.Canvas().Overlays().List()) != 3 {
		t.Error("a profile that was not saved is not spoken of")
	}
	win.Canvas().Focused().TypedKey(keyEvent(fyne.KeyReturn))
	s.engine.refuse = nil
	f.keep()
	if got := s.engine.profiles[1]; saved != "Shops" || got.Port != 7001 || !slices.Equal(got.Levels, []string{"No encryption"}) {
		t.Errorf("saved %+v", got)
	}
}

// noLevel tells that a window says that no level is allowed.
func noLevel(win fyne.Window) bool {
	return strings.Contains(test.RenderToMarkup(win.Canvas()), "Allow at least one level")
}

// card is the place and size of the topmost dialog's card, as drawn when all was
// laid out anew.
func card(win fyne.Window) string {
	win.Canvas().Overlays().Top().Refresh()
	all := regexp.MustCompile(`<widget ([^>]*) type="\*widgets.dialogCard">`).FindAllStringSubmatch(test.RenderToMarkup(win.Canvas()), -1)
	return all[len(all)-1][1]
}

// TestProfileFormKeepsItsSize: a message must not move what is about to be clicked.
func TestProfileFormKeepsItsSize(t *testing.T) {
	for _, language := range []string{"en", "de"} {
		t.Run(language, func(t *testing.T) {
			speak(t, language)
			keepsItsSize(t)
		})
	}
}

func keepsItsSize(t *testing.T) {
	s, _ := profiles(t)
	win := s.guest.main.win
	f := newProfileForm(s.guest, win, "Branch")
	f.done = func(string) { f.dialog.Close() }
	f.dialog.Open(win.Canvas())
	size := card(win)
	for _, text := range []string{"", "Internet (TCP)", strings.Repeat("x", 200)} {
		f.name.SetText(text)
		f.port.SetText(text)
		f.save()
		if now := card(win); now != size {
			t.Errorf("with errors %q and %q the dialog is %s, before %s", f.names.Error(), f.ports.Error(), now, size)
		}
	}
	f.name.SetText("Shops")
	f.port.SetText("7001")
	for _, c := range f.checks {
		if c.Checked() {
			c.Tapped(nil)
		}
	}
	f.save()
	if now := card(win); now != size || f.form.LevelsError().Empty() {
		t.Errorf("without a level the dialog is %s, before %s", now, size)
	}
}

func TestProfileIsDeletedAfterAQuestion(t *testing.T) {
	s, p := profiles(t)
	p.table.TypedKey(keyEvent(fyne.KeyDelete))
	overlays := s.guest.main.win.Canvas().Overlays()
	if len(overlays.List()) != 2 || len(s.engine.profiles) != 2 {
		t.Fatal("it is deleted without a question")
	}
	s.guest.main.win.Canvas().Focused().TypedKey(keyEvent(fyne.KeyReturn)) // Cancel
	p.ask()
	s.guest.main.win.Canvas().Focused().TypedKey(keyEvent(fyne.KeyEscape))
	if len(s.engine.profiles) != 2 {
		t.Fatal("Cancel deletes it")
	}
	if wrong := s.guest.desk.DeleteProfile(p.rows[1]); !wrong.Empty() {
		t.Fatal(wrong)
	}
	p.reload("")
	if p.name() != guest.ProfileInternet || !p.remove.Disabled() {
		t.Errorf("selected is %s, and it can be deleted: %t", p.name(), !p.remove.Disabled())
	}
	p.dialog.Cancel()
	q := s.guest.main.quick
	if q.profile.Text() != guest.ProfileInternet {
		t.Errorf("offered is %s", q.profile.Text())
	}
	q.table.Select(0)
	if q.host.Text != "till-042:7000" || q.profile.Text() != guest.ProfileInternet || s.guest.desk.Status().Key == "Ready" {
		t.Errorf("a Host of the deleted profile fills %q, %q and says %q", q.host.Text, q.profile.Text(), s.guest.desk.Status())
	}
}

func TestNoCommonLevelLeadsToTheProfile(t *testing.T) {
	s := newStand(t, true)
	tries := 0
	s.engine.connect = func(_ context.Context, t guest.Target, _ guest.Prompter) (presenter.Session, error) {
		tries++
		return nil, &guest.Error{Kind: guest.KindLevel, Target: t, Levels: []string{"No encryption"}, Offered: []string{"Very high"}}
	}
	s.guest.Connect("till-042", guest.ProfileInternet, presenter.Logon{})
	w := s.attempt()
	s.until("the error", func() bool { return w.stage == presenter.StageFailed })
	open := len(s.app.Driver().AllWindows())
	w.win.Canvas().Focused().TypedKey(keyEvent(fyne.KeyReturn))
	windows := s.app.Driver().AllWindows()
	if len(windows) != open+1 {
		t.Fatalf("%d windows are open, %d were", len(windows), open)
	}
	windows[open].Canvas().Focused().TypedKey(keyEvent(fyne.KeyReturn)) // Enter in the port saves
	s.until("the next try", func() bool { return tries == 2 && w.stage == presenter.StageFailed })
	if len(s.app.Driver().AllWindows()) != open {
		t.Error("the profile's window stays")
	}
}
