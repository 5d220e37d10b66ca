package hostmanager

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"impero/core/config"
	"impero/ui/hostmanager/backendtest"
	"impero/ui/hostmanager/presenter"
	"impero/ui/shell/phrase"
)

func TestWalkWithTheKeyboardAlone(t *testing.T) {
	b := desk(t)
	s := ready(t, b, light)
	if !s.focused(s.tree.tree) {
		t.Fatalf("%T has the keyboard first", s.win.Canvas().Focused())
	}
	s.press(fyne.KeyDown, fyne.KeyDown)
	s.enter("tc")
	if s.m.Selected() != tcp {
		t.Fatalf("typing goes to %s", s.m.Selected())
	}
	s.press(fyne.KeyF6, fyne.KeyDown, fyne.KeyDown)
	if at := s.table.table.Current(); s.m.Rows()[at].Attribute.XML != "ReceivePort" || !strings.Contains(s.table.hint.text.Text(), "port") {
		t.Fatalf("row %d, hint %q", at, s.table.hint.text.Text())
	}
	s.enter("650")
	if _, _, on := s.table.table.Editing(); !on {
		t.Fatal("typing does not start editing")
	}
	s.press(fyne.KeyTab)
	if s.m.Faults() != 1 || s.m.Rows()[s.table.table.Current()].Attribute.XML != "SendPort" || !s.tools.apply.Disabled() {
		t.Fatalf("%d faults after Tab, row %d", s.m.Faults(), s.table.table.Current())
	}
	s.press(fyne.KeyF6, fyne.KeyHome, fyne.KeyReturn)
	if !s.focused(s.table.table) || s.m.Rows()[s.table.table.Current()].Attribute.XML != "ReceivePort" || !s.m.Hint().Wrong {
		t.Fatal("Enter on the message does not lead to the row")
	}
	s.press(fyne.KeyF2, fyne.KeyDelete, fyne.KeyEscape)
	if s.m.Rows()[s.table.table.Current()].Raw != "650" {
		t.Error("Esc does not restore the value")
	}
	s.press(fyne.KeyReturn)
	s.enter("7000")
	s.press(fyne.KeyReturn)
	if s.m.Faults() != 0 || s.m.Waiting() != 1 || !s.focused(s.table.table) {
		t.Fatalf("%d faults, %d wait, %T has the keyboard", s.m.Faults(), s.m.Waiting(), s.win.Canvas().Focused())
	}
	s.run("Apply…")
	s.until("the question", func() bool { return s.dialogs() == 1 })
	s.press(fyne.KeyReturn)
	s.until("applying", func() bool { return s.dialogs() == 0 })
	if got, _ := b.Document().Get(tcp, "ReceivePort"); got != "7000" || s.m.Waiting() != 0 {
		t.Errorf("the port is %s, %d wait", got, s.m.Waiting())
	}
}

func TestChoiceIsMadeInItsCell(t *testing.T) {
	s := ready(t, desk(t), light)
	s.m.GoTo(roles+"/Role[Support desk]", "ConfirmAccess")
	s.table.focus()
	s.press(fyne.KeyReturn)
	if s.dialogs() != 1 {
		t.Fatal("no list is open")
	}
	s.press(fyne.KeyDown, fyne.KeyReturn)
	if s.m.Rows()[1].Raw != "Always" || s.table.editing.on || !s.focused(s.table.table) {
		t.Errorf("chosen is %q, editing %v, %T has the keyboard", s.m.Rows()[1].Raw, s.table.editing.on, s.win.Canvas().Focused())
	}
	s.press(fyne.KeyReturn, fyne.KeyDown, fyne.KeyEscape, fyne.KeyEscape)
	if s.m.Rows()[1].Raw != "Always" || s.dialogs() != 0 || s.table.editing.on {
		t.Errorf("after Esc it is %q, %d lists", s.m.Rows()[1].Raw, s.dialogs())
	}
	s.enter("n")
	s.press(fyne.KeyReturn)
	if s.m.Rows()[1].Raw != "Never" {
		t.Errorf("typing n chooses %q", s.m.Rows()[1].Raw)
	}
}

func TestWhatWaitsForAProgramIsNotEdited(t *testing.T) {
	s := ready(t, desk(t), light)
	s.m.GoTo(tcp, "SendPort")
	s.table.focus()
	s.press(fyne.KeyReturn)
	s.enter("9")
	if s.table.editing.on || s.dialogs() != 0 {
		t.Error("an editor opens")
	}
	if h := s.m.Hint(); len(h.Facts) != 1 || !strings.Contains(h.Facts[0].String(), "begin connections") {
		t.Errorf("the reason is not told: %+v", h)
	}
}

func TestListAndPasswordHaveDialogs(t *testing.T) {
	s := ready(t, desk(t), light)
	s.m.GoTo(local+"/HostComputer/Security/Encryption", "AllowedEncryptions")
	s.table.focus()
	s.press(fyne.KeyReturn)
	if s.dialogs() != 1 {
		t.Fatal("no list")
	}
	s.keep("list-light")
	s.press(fyne.KeySpace, fyne.KeyReturn)
	if got := s.m.Rows()[0].Raw; got != "High" {
		t.Errorf("allowed are %q", got)
	}
	s.m.GoTo(local+"/GuestUsers/ImperoAuthentication", "Password")
	s.table.focus()
	s.press(fyne.KeyReturn)
	s.enter("twelve letters")
	s.press(fyne.KeyTab)
	s.enter("twelve")
	s.press(fyne.KeyReturn)
	if s.dialogs() != 1 {
		t.Fatal("two different ones are taken")
	}
	s.keep("password-light")
	s.enter(" letters")
	s.press(fyne.KeyReturn)
	if s.dialogs() != 0 || s.m.Waiting() != 2 {
		t.Errorf("%d dialogs, %d wait", s.dialogs(), s.m.Waiting())
	}
}

func TestNewCopyRenameDelete(t *testing.T) {
	s := ready(t, desk(t), light)
	s.m.Select(roles)
	s.run("New…")
	s.enter("Night shift")
	s.press(fyne.KeyReturn)
	if _, label := s.m.Selected().Last(); label != "Night shift" {
		t.Fatalf("the new role is called %s", label)
	}
	s.run("Copy element")
	if _, label := s.m.Selected().Last(); label != "Night shift 2" {
		t.Errorf("the copy is called %s", label)
	}
	s.win.Canvas().Focus(s.tree.tree)
	s.press(fyne.KeyDelete)
	if _, label := s.m.Selected().Last(); label != "Night shift" || s.m.Waiting() != 1 {
		t.Errorf("after Del %s is shown, %d wait", s.m.Selected(), s.m.Waiting())
	}
	s.m.Select(roles + "/Role[View only]")
	s.press(fyne.KeyF2)
	s.enter("Night shift")
	s.press(fyne.KeyReturn)
	if _, label := s.m.Selected().Last(); label != "View only" {
		t.Errorf("a name that is taken was given: %s", label)
	}
	if !s.table.editing.on || s.table.editing.value() != "Night shift" {
		t.Error("what was typed is lost")
	}
	s.press(fyne.KeyTab)
	if !s.table.editing.on {
		t.Error("Tab leaves what is wrong")
	}
	s.press(fyne.KeyEscape)
	if _, label := s.m.Selected().Last(); label != "View only" || s.table.editing.on {
		t.Errorf("Esc does not give it up: %s", label)
	}
	if menu := s.tree.menu(); len(menu[0].Items) != 1 || menu[2].Disabled != "" {
		t.Errorf("the menu is %+v", menu)
	}
	s.m.Select(general)
	if menu := s.tree.menu(); menu[0].Disabled == "" || menu[2].Disabled == "" {
		t.Error("what is there once can be made new or renamed")
	}
}

func TestSearchJumps(t *testing.T) {
	s := ready(t, desk(t), light)
	s.run("Search")
	s.enter("lock-out")
	if !s.table.hits.on || len(s.table.hits.hits) == 0 {
		t.Fatal("nothing is found")
	}
	s.keep("search-light")
	s.press(fyne.KeyReturn)
	if !s.focused(s.table.hits.table) {
		t.Fatalf("Enter gives %T the keyboard", s.win.Canvas().Focused())
	}
	s.press(fyne.KeyReturn)
	if s.table.hits.on || !strings.HasSuffix(string(s.m.Selected()), "IllegalAttempts") || s.m.SelectedRow() < 0 || !s.focused(s.table.table) {
		t.Errorf("it leads to %s, row %d", s.m.Selected(), s.m.SelectedRow())
	}
	s.run("Search")
	s.enter("zzz")
	if len(s.table.hits.hits) != 0 || !s.table.hits.on {
		t.Error("zzz is found")
	}
	s.press(fyne.KeyEscape)
	if s.table.hits.on || s.tools.search.Text != "" || !s.focused(s.table.table) {
		t.Error("Esc does not end the search")
	}
}

// TestHighlightStays: after a search that was given up, after undoing and redoing a value, after applying, and while messages come.
func TestHighlightStays(t *testing.T) {
	s := ready(t, desk(t), light)
	s.m.GoTo(tcp, "ReceivePort")
	s.table.focus()
	stays := func(after string) {
		t.Helper()
		at := s.table.table.Current()
		if s.m.Selected() != tcp || at < 0 || s.m.Rows()[at].Attribute.XML != "ReceivePort" || !slices.Equal(s.table.table.Selected(), []int{at}) || !s.focused(s.table.table) {
			t.Errorf("after %s it is on %s, row %d, and %T has the keyboard", after, s.m.Selected(), at, s.win.Canvas().Focused())
		}
	}
	s.run("Search")
	s.enter("lock-out")
	s.press(fyne.KeyEscape)
	stays("a search")
	s.enter("7000")
	s.press(fyne.KeyReturn)
	stays("an edit")
	s.run("Undo")
	stays("undoing")
	s.run("Redo")
	stays("redoing")
	s.run("Apply…")
	s.until("the question", func() bool { return s.dialogs() == 1 })
	s.press(fyne.KeyEscape)
	stays("not applying")
	s.run("Apply…")
	s.until("the question", func() bool { return s.dialogs() == 1 })
	s.press(fyne.KeyReturn)
	s.until("applying", func() bool { return s.m.Waiting() == 0 })
	stays("applying")
	s.messages.table.Select(len(s.m.Messages()) - 1)
	read := s.m.Messages()[len(s.m.Messages())-1].Text.String()
	s.m.SetValue("ReceivePort", "7001")
	if at := s.messages.table.Current(); at < 0 || s.m.Messages()[at].Text.String() != read {
		t.Errorf("the highlight of the messages is on %d", at)
	}
}

// TestSearchFindsWhatWaits: also by the reason, and says it.
func TestSearchFindsWhatWaits(t *testing.T) {
	s := ready(t, desk(t), light)
	s.run("Search")
	s.enter("begin connections")
	if hits := s.table.hits.hits; len(hits) == 0 || hits[0].Attribute != "SendPort" {
		t.Fatalf("found is %+v", hits)
	}
	s.keep("search-waits-light")
	if c := s.table.hits.cell(0, 2); !strings.HasPrefix(c.Text, "Waits: ") || s.table.hits.cell(0, 1).Token != c.Token {
		t.Errorf("it is shown as %+v", c)
	}
}

func TestUndoInTheWindow(t *testing.T) {
	s := ready(t, desk(t), light)
	s.m.GoTo(tcp, "ReceivePort")
	s.table.focus()
	s.enter("7000")
	s.press(fyne.KeyReturn)
	s.run("Undo")
	if s.m.Waiting() != 0 || !s.m.CanRedo() {
		t.Errorf("%d wait after Undo", s.m.Waiting())
	}
	s.run("Redo")
	if s.m.Waiting() != 1 {
		t.Errorf("%d wait after Redo", s.m.Waiting())
	}
}

func TestClosingAsksWhileChangesWait(t *testing.T) {
	s := ready(t, desk(t), light)
	s.m.GoTo(tcp, "ReceivePort")
	s.table.focus()
	s.enter("7000")
	s.Close() // what is typed counts
	if s.dialogs() != 1 || s.quits != 0 {
		t.Fatalf("%d dialogs, ended %d times", s.dialogs(), s.quits)
	}
	s.keep("close-light")
	s.press(fyne.KeyEscape)
	s.m.Discard()
	s.Close()
	if s.quits != 1 {
		t.Error("with nothing waiting it asks")
	}
}

func TestGoneAndBack(t *testing.T) {
	b := desk(t)
	s := ready(t, b, dark)
	s.m.GoTo(tcp, "ReceivePort")
	s.m.SetValue("ReceivePort", "7000")
	b.Set(func(b *backendtest.Memory) { b.Gone = true })
	s.until("the banner", func() bool { return !s.banner.Text.Empty() })
	s.keep("gone-dark")
	if !s.tools.apply.Disabled() || s.banner.Command == "" || len(s.m.Rows()) == 0 {
		t.Error("it can be applied, or nothing is shown")
	}
	b.Set(func(b *backendtest.Memory) { b.Gone = false })
	s.m.Start()
	s.until("coming back", func() bool { return s.m.Phase() == presenter.Ready })
	if !s.banner.Text.Empty() || s.tools.apply.Disabled() || s.m.Waiting() != 1 {
		t.Errorf("the banner says %s, %d wait", s.banner.Text, s.m.Waiting())
	}
}

func TestLogOnDialog(t *testing.T) {
	b := desk(t)
	b.Wants, b.Password = presenter.WantsEither, "secret"
	s := newStage(t, b, dark)
	s.until("the dialog", func() bool { return s.account != nil })
	if !s.focused(s.account.last) && !s.focused(s.account.pw) {
		t.Errorf("%T has the keyboard", s.win.Canvas().Focused())
	}
	test.Type(s.account.maintenance, "guess")
	s.press(fyne.KeyReturn)
	s.until("the refusal", func() bool { return s.account.other.Error() != "" })
	s.keep("logon-dark")
	if s.dialogs() != 1 || s.account.logOn.Disabled() {
		t.Fatal("the form does not stay")
	}
	s.account.maintenance.SetText("secret")
	s.press(fyne.KeyReturn)
	s.until("loading", func() bool { return s.m.Phase() == presenter.Ready })
	if s.dialogs() != 0 || !s.focused(s.tree.tree) {
		t.Errorf("%d dialogs, %T has the keyboard", s.dialogs(), s.win.Canvas().Focused())
	}
}

func TestConflictDialog(t *testing.T) {
	b := desk(t)
	s := ready(t, b, light)
	s.m.Select(tcp)
	s.m.SetValue("ReceivePort", "7000")
	b.Change(func(d *config.Document) {
		if err := d.Set(tcp, "ReceivePort", "8000"); err != nil {
			t.Error(err)
		}
	})
	s.until("the banner", func() bool { return s.banner.Act == presenter.BannerConflict })
	s.keep("both-light")
	s.run("Apply…")
	if s.dialogs() != 1 {
		t.Fatal("what both changed is not shown")
	}
	s.keep("conflict-light")
	s.press(fyne.KeyTab, fyne.KeyReturn)
	if s.dialogs() != 0 || s.m.Waiting() != 1 || !s.banner.Text.Empty() {
		t.Errorf("%d dialogs, %d wait, banner %q", s.dialogs(), s.m.Waiting(), s.banner.Text)
	}
}

// TestBannerLeavesTheKeyboard: its button had the keyboard, and went with it.
func TestBannerLeavesTheKeyboard(t *testing.T) {
	b := desk(t)
	s := ready(t, b, dark)
	b.Set(func(b *backendtest.Memory) { b.Gone = true })
	s.until("the banner", func() bool { return len(s.acts) == 2 })
	s.win.Canvas().Focus(s.acts[1])
	b.Set(func(b *backendtest.Memory) { b.Gone = false })
	s.press(fyne.KeySpace)
	s.until("coming back", func() bool { return s.m.Phase() == presenter.Ready && s.banner.Text.Empty() })
	if !s.focused(s.tree.tree) {
		t.Errorf("%T has the keyboard", s.win.Canvas().Focused())
	}
}

func TestReadOnlyWindow(t *testing.T) {
	b := desk(t)
	b.Rights = presenter.Rights{User: "anna", Reason: phrase.Plain("Your account may not change it.")}
	s := ready(t, b, light)
	s.m.GoTo(tcp, "ReceivePort")
	s.table.focus()
	s.press(fyne.KeyReturn)
	if s.table.editing.on || s.banner.Text.Empty() {
		t.Error("an editor opens, or nothing says why not")
	}
}

func TestExportDialog(t *testing.T) {
	s := ready(t, desk(t), light)
	s.file = t.TempDir() + "/out.xml"
	s.run("Export…")
	s.keep("export-light")
	s.press(fyne.KeyReturn)
	if s.dialogs() != 0 {
		t.Fatal("it was not exported")
	}
	s.m.Select(tcp)
	s.m.SetValue("ReceivePort", "7000")
	s.run("Import…")
	s.press(fyne.KeyReturn)
	if s.dialogs() != 0 || s.m.Waiting() != 0 {
		t.Errorf("%d dialogs, %d wait", s.dialogs(), s.m.Waiting())
	}
}

func TestSmallestWindow(t *testing.T) {
	s := ready(t, backendtest.New(config.New()), light)
	s.m.Select(tcp)
	s.m.SetValue("Name", strings.Repeat("till-042-", 7))
	s.win.Resize(fyne.NewSize(leastWidth, leastHeight))
	if got := s.win.Canvas().Size(); got.Width != leastWidth || got.Height != leastHeight {
		t.Errorf("a long name makes the window %v", got)
	}
	s.keep("smallest-light")
}
