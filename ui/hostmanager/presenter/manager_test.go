package presenter_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"impero/core/config"
	"impero/ui/hostmanager/backendtest"
	. "impero/ui/hostmanager/presenter"
	"impero/ui/shell/phrase"
)

const (
	local   = config.Root + "/Configuration/LocalConfiguration"
	tcp     = local + "/HostComputer/Communication/TCP[TCP 1]"
	general = local + "/HostComputer/General"
	roles   = local + "/GuestUsers/Roles"
)

// screen is a View that keeps what it was told, and the goroutine of its window: what is posted runs in settle.
type screen struct {
	t        *testing.T
	queue    chan func()
	asked    []string
	plan     Plan
	theirs   []Line
	accounts []string
	notices  []string
	applied  []bool
}

func (s *screen) Show(Part)                  {}
func (s *screen) AskAccount(p phrase.Phrase) { s.accounts = append(s.accounts, p.String()) }
func (s *screen) AskApply(p Plan)            { s.plan = p; s.asked = append(s.asked, "apply") }
func (s *screen) AskConflict(l []Line)       { s.theirs = l; s.asked = append(s.asked, "conflict") }
func (s *screen) Applied(ok bool)            { s.applied = append(s.applied, ok) }
func (s *screen) Notice(p phrase.Phrase)     { s.notices = append(s.notices, p.String()) }

// until runs what is posted until cond holds.
func (s *screen) until(what string, cond func() bool) {
	s.t.Helper()
	patience := time.After(20 * time.Second)
	for !cond() {
		select {
		case f := <-s.queue:
			f()
		case <-patience:
			s.t.Fatalf("%s did not happen", what)
		}
	}
}

// start makes a Manager and runs it until the test ends.
func start(t *testing.T, b Backend) (*Manager, *screen) {
	t.Helper()
	s := &screen{t: t, queue: make(chan func(), 64)}
	clock := time.Date(2026, 3, 3, 9, 14, 0, 0, time.UTC)
	m := New(b, s, Options{Post: func(f func()) { s.queue <- f }, Now: func() time.Time { return clock }})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		m.Run(ctx)
		close(done)
	}()
	t.Cleanup(func() {
		cancel()
		for {
			select {
			case <-s.queue:
			case <-done:
				return
			}
		}
	})
	m.Start()
	return m, s
}

// ready is start that waits for the configuration.
func ready(t *testing.T, b Backend) (*Manager, *screen) {
	t.Helper()
	m, s := start(t, b)
	s.until("loading", func() bool { return m.Phase() == Ready })
	return m, s
}

func texts(m *Manager) string {
	var list []string
	for _, l := range m.Messages() {
		list = append(list, l.Text.String())
	}
	return strings.Join(list, "\n")
}

func row(t *testing.T, m *Manager, attribute string) Row {
	t.Helper()
	i := slices.IndexFunc(m.Rows(), func(r Row) bool { return r.Attribute.XML == attribute })
	if i < 0 {
		t.Fatalf("%s has no row %s", m.Selected(), attribute)
	}
	return m.Rows()[i]
}

func change(t *testing.T, m *Manager, p config.Path, attribute, value string) {
	t.Helper()
	m.Select(p)
	if trouble := m.SetValue(attribute, value); !trouble.Empty() {
		t.Fatal(trouble)
	}
}

func TestWhatIsShownFirst(t *testing.T) {
	m, _ := ready(t, backendtest.New(config.New()))
	if m.Selected() != general || m.SelectedNode() < 0 || len(m.Rows()) != 10 {
		t.Errorf("selected is %s, line %d, with %d rows", m.Selected(), m.SelectedNode(), len(m.Rows()))
	}
	var names []string
	for _, n := range m.Nodes() {
		names = append(names, n.Text.String())
	}
	for _, want := range []string{"ImperoHost", "Configuration", "Local configuration", "Host computer", "TCP 1", "Guest users", "Full control"} {
		if !slices.Contains(names, want) {
			t.Errorf("the tree lacks %s: %v", want, names)
		}
	}
	m.Select(tcp)
	if r := row(t, m, "SendPort"); r.Off.Empty() || !m.Off("SendPort") {
		t.Error("what has no effect yet can be changed")
	}
	if m.CanApply().String() != "Nothing was changed." || !strings.HasPrefix(texts(m), "Configuration read from Imperohostd") {
		t.Errorf("%s; %s", m.CanApply(), texts(m))
	}
}

// dots checks which line of the tree says that something waits.
func dots(t *testing.T, m *Manager, want config.Path) {
	t.Helper()
	for _, n := range m.Nodes() {
		if n.Waits != (n.Path == want) {
			t.Errorf("the dot of %s: %v", n.Path, n.Waits)
		}
	}
}

func TestChangeWaits(t *testing.T) {
	m, _ := ready(t, backendtest.New(config.New()))
	change(t, m, tcp, "ReceivePort", "7000")
	r := row(t, m, "ReceivePort")
	if !r.Waits || !r.Differs || r.Value.String() != "7000" || r.Default.String() != "6502" {
		t.Errorf("the row is %+v", r)
	}
	dots(t, m, tcp)
	m.SetOpen(tcp.Parent(), false)
	dots(t, m, tcp.Parent())
	m.Select(tcp)
	if m.Waiting() != 1 || !m.CanApply().Empty() || !strings.Contains(texts(m), "waiting") {
		t.Errorf("%d wait; %s", m.Waiting(), texts(m))
	}
	if change(t, m, tcp, "ReceivePort", "6502"); m.Waiting() != 0 || strings.Contains(texts(m), "waiting") {
		t.Errorf("set back, %d wait: %s", m.Waiting(), texts(m))
	}
}

func TestInvalidValueStaysAndIsTold(t *testing.T) {
	m, _ := ready(t, backendtest.New(config.New()))
	change(t, m, tcp, "ReceivePort", "650")
	m.GoTo(tcp, "ReceivePort")
	h := m.Hint()
	if !h.Wrong || !strings.Contains(h.Text.String(), "650") || len(h.Facts) != 3 {
		t.Errorf("the hint is %+v", h)
	}
	if m.CanApply().Empty() || m.Faults() != 1 || row(t, m, "ReceivePort").Raw != "650" {
		t.Errorf("%s, %d faults", m.CanApply(), m.Faults())
	}
	m.Select(general)
	at := slices.IndexFunc(m.Messages(), func(l Message) bool { return l.Grade == Wrong })
	if at < 0 || !m.OpenMessage(at) || m.Selected() != tcp || m.Rows()[m.SelectedRow()].Attribute.XML != "ReceivePort" {
		t.Errorf("message %d leads to %s", at, m.Selected())
	}
	m.ClearMessages()
	if !strings.Contains(texts(m), "Receive port") {
		t.Error("what is wrong can be cleared away")
	}
	change(t, m, tcp, "ReceivePort", "6510")
	if m.Faults() != 0 || m.Hint().Wrong || strings.Contains(texts(m), "650\"") {
		t.Errorf("corrected, it says %s", texts(m))
	}
}

func TestUndoAndRedo(t *testing.T) {
	m, _ := ready(t, backendtest.New(config.New()))
	change(t, m, tcp, "ReceivePort", "7000")
	m.Select(roles)
	if trouble := m.Make(m.Makes()[0]); !trouble.Empty() {
		t.Fatal(trouble)
	}
	made := m.Selected()
	if trouble := m.SetValue("Name", "Support desk"); !trouble.Empty() {
		t.Fatal(trouble)
	}
	if _, label := m.Selected().Last(); label != "Support desk" || made == m.Selected() {
		t.Errorf("renamed to %s", m.Selected())
	}
	if trouble := m.SetValue("Name", "View only"); !strings.Contains(trouble.String(), "already") {
		t.Errorf("a name that is taken gives %q", trouble)
	}
	for range 3 {
		m.Undo()
	}
	if m.Waiting() != 0 || m.CanUndo() || m.Selected() != tcp {
		t.Errorf("all undone, %d wait, shown is %s", m.Waiting(), m.Selected())
	}
	for range 3 {
		m.Redo()
	}
	if _, label := m.Selected().Last(); m.Waiting() != 2 || m.CanRedo() || label != "Support desk" {
		t.Errorf("all redone, %d wait, shown is %s", m.Waiting(), m.Selected())
	}
	m.Undo()
	change(t, m, general, "HideExit", "Enabled")
	if m.CanRedo() {
		t.Error("after another change the undone one can be redone")
	}
}

func TestDeleteAndCopy(t *testing.T) {
	m, s := ready(t, backendtest.New(config.New()))
	m.Select(roles + "/Role[View only]")
	m.Copy()
	if _, label := m.Selected().Last(); label != "View only 2" {
		t.Errorf("the copy is called %s", label)
	}
	m.Delete()
	if _, label := m.Selected().Last(); label != "Default Role" || m.Waiting() != 0 || len(s.notices) != 1 {
		t.Errorf("after deleting, %s is shown, %d wait, said %v", m.Selected(), m.Waiting(), s.notices)
	}
	m.Select(general)
	m.Delete()
	if m.Waiting() != 0 {
		t.Error("what is there once was deleted")
	}
}

func TestApplyTellsWhoseSessionEnds(t *testing.T) {
	b := backendtest.New(config.New())
	b.List = []Session{{Who: "Anna Berg", From: "10.20.4.90"}}
	m, s := ready(t, b)
	change(t, m, tcp, "ReceivePort", "7000")
	m.PrepareApply()
	s.until("the plan", func() bool { return len(s.asked) > 0 })
	if w := s.plan.Warning.String(); !strings.Contains(w, "Anna Berg from 10.20.4.90") || s.plan.Act.String() != "Apply and restart" {
		t.Errorf("the plan is %+v", s.plan)
	}
	if l := s.plan.Lines; len(l) != 1 || l[0].Old.String() != "6502" || l[0].New.String() != "7000" || l[0].Where.String() != "Communication, TCP 1" || !l[0].Ends {
		t.Errorf("the lines are %+v", l)
	}
	m.Apply()
	s.until("applying", func() bool { return len(s.applied) > 0 })
	if got, _ := b.Document().Get(tcp, "ReceivePort"); got != "7000" || m.Waiting() != 0 || m.CanUndo() || !s.applied[0] {
		t.Errorf("port %s, %d wait", got, m.Waiting())
	}
	if row(t, m, "ReceivePort").Waits || !strings.Contains(texts(m), "which ended") {
		t.Errorf("afterwards it says %s", texts(m))
	}
}

func TestApplyTellsWhatIsInANewElement(t *testing.T) {
	m, s := ready(t, backendtest.New(config.New()))
	m.Select(tcp)
	m.Copy()
	m.SetValue("Name", "Office")
	m.SetValue("ReceivePort", "7000")
	m.Select(roles + "/Role[View only]")
	m.Delete()
	m.PrepareApply()
	s.until("the question", func() bool { return len(s.asked) == 1 })
	var said []string
	for _, l := range s.plan.Lines {
		said = append(said, l.Where.String()+": "+l.Name.String()+" "+l.Old.String()+" "+l.New.String())
	}
	want := []string{"Communication, Office: New: TCP – Office", ": Receive port 6502 7000", "Roles, View only: Deleted: Role View only gone"}
	if s.plan.Title.String() != "Apply 2 changes to till-042?" || !slices.Equal(said, want) {
		t.Errorf("%s\n%s", s.plan.Title, strings.Join(said, "\n"))
	}
}

func TestPasswordIsSetAndNeverShown(t *testing.T) {
	b := backendtest.New(config.New())
	m, s := ready(t, b)
	const place = local + "/GuestUsers/ImperoAuthentication"
	m.Select(place)
	m.SetPassword("Password", "twelve letters")
	r := row(t, m, "Password")
	if r.Raw != "" || strings.Contains(r.Value.String(), "letters") || !r.Waits {
		t.Errorf("the row is %+v", r)
	}
	m.PrepareApply()
	s.until("the plan", func() bool { return len(s.asked) > 0 })
	if l := s.plan.Lines[0]; strings.Contains(l.New.String()+l.Old.String(), "letters") {
		t.Errorf("the plan shows %+v", l)
	}
	m.Apply()
	s.until("applying", func() bool { return len(s.applied) > 0 })
	if got, _ := b.Document().Get(place, "Password"); got != config.Hidden || strings.Contains(string(b.Document().Text()), "letters") {
		t.Errorf("kept is %q", got)
	}
}

// elsewhere changes the configuration as somebody else would.
func elsewhere(t *testing.T, b *backendtest.Memory, does func(*config.Document) error) {
	t.Helper()
	b.Change(func(d *config.Document) {
		if err := does(d); err != nil {
			t.Error(err)
		}
	})
}

func set(p config.Path, attribute, value string) func(*config.Document) error {
	return func(d *config.Document) error { return d.Set(p, attribute, value) }
}

func TestOthersChangesAreMerged(t *testing.T) {
	b := backendtest.New(config.New())
	m, s := ready(t, b)
	change(t, m, tcp, "ReceivePort", "7000")
	change(t, m, roles+"/Role[View only]", "ConfirmAccess", "Always")
	m.Select(general)
	elsewhere(t, b, func(d *config.Document) error {
		return errors.Join(d.Set(general, "HideExit", "Enabled"), d.Delete(roles+"/Role[View only]"))
	})
	s.until("theirs", func() bool { return row(t, m, "HideExit").Raw == "Enabled" })
	if m.Banner() != nil || m.Waiting() != 1 || !strings.Contains(texts(m), "could not be kept") || !strings.Contains(texts(m), "made 2 changes") {
		t.Errorf("%+v, %d wait: %s", m.Banner(), m.Waiting(), texts(m))
	}
	m.Apply()
	s.until("applying", func() bool { return m.Waiting() == 0 })
	d := b.Document()
	port, _ := d.Get(tcp, "ReceivePort")
	if exit, _ := d.Get(general, "HideExit"); port != "7000" || exit != "Enabled" {
		t.Errorf("port %s, exit %s", port, exit)
	}
}

// both gives a Manager with a value that somebody else changed too, and one that nobody else did.
func both(t *testing.T) (*backendtest.Memory, *Manager, *screen) {
	t.Helper()
	b := backendtest.New(config.New())
	m, s := ready(t, b)
	change(t, m, general, "HideExit", "Enabled")
	change(t, m, tcp, "ReceivePort", "7000")
	elsewhere(t, b, set(tcp, "ReceivePort", "8000"))
	s.until("the banner", func() bool { return m.Banner() != nil })
	return b, m, s
}

func TestConflict(t *testing.T) {
	b, m, s := both(t)
	if m.Banner().Act != BannerConflict || m.Waiting() != 2 || !row(t, m, "ReceivePort").Clash || row(t, m, "ReceivePort").Raw != "7000" {
		t.Errorf("%+v, %d wait", m.Banner(), m.Waiting())
	}
	if !strings.Contains(texts(m), "somebody else made it 8000. Yours, 7000, still waits") {
		t.Errorf("the messages say %s", texts(m))
	}
	m.PrepareApply()
	if len(s.theirs) != 1 || s.theirs[0].Old.String() != "8000" || s.theirs[0].New.String() != "7000" {
		t.Fatalf("both changed %+v", s.theirs)
	}
	m.KeepMine()
	if m.Banner() != nil || m.Waiting() != 2 || strings.Contains(texts(m), "somebody else made it") {
		t.Errorf("%+v, %d wait: %s", m.Banner(), m.Waiting(), texts(m))
	}
	m.Apply()
	s.until("applying", func() bool { return m.Waiting() == 0 })
	if port, _ := b.Document().Get(tcp, "ReceivePort"); port != "7000" {
		t.Errorf("the port is %s", port)
	}
}

func TestConflictIsLeftToTheOther(t *testing.T) {
	_, m, _ := both(t)
	m.TakeTheirs()
	if r := row(t, m, "ReceivePort"); r.Raw != "8000" || r.Clash || m.Banner() != nil || m.Waiting() != 1 {
		t.Errorf("the port is %s, %d wait, %+v", r.Raw, m.Waiting(), m.Banner())
	}
	m.Undo()
	if row(t, m, "ReceivePort").Raw != "7000" {
		t.Error("it cannot be undone")
	}
}

func TestConflictEndsWhereTheValueIsSetAgain(t *testing.T) {
	_, m, _ := both(t)
	change(t, m, tcp, "ReceivePort", "9000")
	if m.Banner() != nil || m.Waiting() != 2 {
		t.Errorf("%+v, %d wait", m.Banner(), m.Waiting())
	}
}

func TestChangesFollowAnElementThatSomebodyElseRenamed(t *testing.T) {
	b := backendtest.New(config.New())
	m, s := ready(t, b)
	change(t, m, tcp, "ReceivePort", "7000")
	elsewhere(t, b, func(d *config.Document) error { _, err := d.Rename(tcp, "Office"); return err })
	s.until("the banner", func() bool { return m.Banner() != nil })
	if m.Selected() != tcp.Parent()+"/TCP[Office]" || row(t, m, "ReceivePort").Raw != "7000" || !row(t, m, "ReceivePort").Clash {
		t.Errorf("%s: %+v", m.Selected(), row(t, m, "ReceivePort"))
	}
}

func TestDeletedHereAndChangedElsewhere(t *testing.T) {
	b := backendtest.New(config.New())
	m, s := ready(t, b)
	view := config.Path(roles + "/Role[View only]")
	m.Select(view)
	m.Delete()
	elsewhere(t, b, set(view, "ConfirmAccess", "Always"))
	s.until("the banner", func() bool { return m.Banner() != nil })
	if !strings.Contains(texts(m), "changed View only, which you delete") {
		t.Errorf("the messages say %s", texts(m))
	}
	m.TakeTheirs()
	m.Select(view)
	if m.Selected() != view || row(t, m, "ConfirmAccess").Raw != "Always" || m.Waiting() != 0 {
		t.Errorf("%s, %d wait", m.Selected(), m.Waiting())
	}
}

// TestBrokenFileIsToldWhileItIs: the configuration is the same meanwhile, the last good copy.
func TestBrokenFileIsToldWhileItIs(t *testing.T) {
	b := backendtest.New(config.New())
	m, s := ready(t, b)
	change(t, m, tcp, "ReceivePort", "7000")
	b.Set(func(b *backendtest.Memory) { b.Trouble = "host.xml, line 41: \"650\" is not a port." })
	s.until("the message", func() bool { return strings.Contains(texts(m), "line 41") && m.Banner() != nil })
	m.ClearMessages()
	if !strings.Contains(texts(m), "line 41") {
		t.Error("what still holds is taken away")
	}
	b.Set(func(b *backendtest.Memory) { b.Trouble = "" })
	s.until("the end of it", func() bool { return !strings.Contains(texts(m), "line 41") && m.Banner() == nil })
	if m.Waiting() != 1 {
		t.Errorf("%d wait", m.Waiting())
	}
}

func TestOthersChangesAreShownWhereNothingWaits(t *testing.T) {
	b := backendtest.New(config.New())
	m, s := ready(t, b)
	b.Change(func(d *config.Document) {
		if err := d.Set(general, "HideExit", "Enabled"); err != nil {
			t.Error(err)
		}
	})
	s.until("the new value", func() bool { return row(t, m, "HideExit").Raw == "Enabled" })
	if m.Waiting() != 0 || m.Banner() != nil {
		t.Errorf("%d wait, %+v", m.Waiting(), m.Banner())
	}
}

func TestGoneKeepsTheChanges(t *testing.T) {
	b := backendtest.New(config.New())
	m, s := ready(t, b)
	change(t, m, tcp, "ReceivePort", "7000")
	b.Set(func(b *backendtest.Memory) { b.Gone = true })
	s.until("the end", func() bool { return m.Phase() == Gone })
	banner := m.Banner()
	if !strings.Contains(banner.Text.String(), "sudo service Imperohostd start") || banner.Act != BannerAgain || m.Waiting() != 1 || m.CanApply().Empty() {
		t.Errorf("%+v, %d wait", banner, m.Waiting())
	}
	change(t, m, general, "HideExit", "Enabled")
	b.Set(func(b *backendtest.Memory) { b.Gone = false })
	s.until("coming back by itself", func() bool { return m.Phase() == Ready })
	if m.Waiting() != 2 || !m.CanApply().Empty() || m.Banner() != nil {
		t.Errorf("%d wait; %s", m.Waiting(), m.CanApply())
	}
}

// TestTriesAgainWithGrowingPauses: and says in the messages only once that nothing answers.
func TestTriesAgainWithGrowingPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := backendtest.New(config.New())
		b.Gone = true
		began := time.Now()
		m, s := start(t, b)
		var tries []time.Duration
		for len(tries) < 8 {
			(<-s.queue)()
			if now := time.Since(began); len(tries) == 0 || now > tries[len(tries)-1] {
				tries = append(tries, now)
			}
		}
		for i, want := range []int{0, 1, 3, 7, 15, 31, 63, 123} {
			if tries[i] != time.Duration(want)*time.Second {
				t.Errorf("try %d is after %s, not %d s", i, tries[i], want)
			}
		}
		if m.Banner().Command == "" || !strings.Contains(texts(m), "Start it with sudo") {
			t.Errorf("it does not say how to start it: %+v", m.Banner())
		}
		if len(m.Messages()) != 1 || !strings.Contains(m.Status()[0].String(), "next try at") {
			t.Errorf("%s; %s", texts(m), m.Status())
		}
		b.Set(func(b *backendtest.Memory) { b.Gone = false })
		for m.Phase() != Ready { // by now, or with the next try in a minute
			(<-s.queue)()
		}
	})
}

// TestLogOnAgainWaitsForThePerson: a question that pops up by itself would take the keys of an edit, and giving it up must not
// lose what waits.
func TestLogOnAgainWaitsForThePerson(t *testing.T) {
	b := backendtest.New(config.New())
	b.Wants, b.Password = WantsAccount, "secret"
	m, s := start(t, b)
	s.until("the question", func() bool { return len(s.accounts) == 1 })
	m.LogOn(Account{User: "root", Password: "secret"})
	s.until("loading", func() bool { return m.Phase() == Ready })
	change(t, m, tcp, "ReceivePort", "7000")
	b.Set(func(b *backendtest.Memory) { b.Gone = true })
	s.until("the end", func() bool { return m.Phase() == Gone })
	b.Set(func(b *backendtest.Memory) { b.Gone = false })
	s.until("coming back", func() bool { return strings.Contains(m.Banner().Text.String(), "Log on again") })
	if len(s.accounts) != 1 || !m.Editable() || m.Waiting() != 1 {
		t.Errorf("%d questions, %d wait", len(s.accounts), m.Waiting())
	}
	m.Start()
	s.until("the second question", func() bool { return len(s.accounts) == 2 })
	if !m.GiveUpLogOn() || m.Waiting() != 1 || m.Banner() == nil {
		t.Error("giving it up does not go on")
	}
	m.Start()
	s.until("the third question", func() bool { return len(s.accounts) == 3 })
	m.LogOn(Account{User: "root", Password: "secret"})
	s.until("being back", func() bool { return m.Phase() == Ready })
	if m.Waiting() != 1 || m.Banner() != nil {
		t.Errorf("%d wait, %+v", m.Waiting(), m.Banner())
	}
}

func TestLogOn(t *testing.T) {
	b := backendtest.New(config.New())
	b.Wants, b.Password = WantsAccount, "secret"
	m, s := start(t, b)
	s.until("the question", func() bool { return len(s.accounts) == 1 })
	m.LogOn(Account{User: "root", Password: "guess"})
	s.until("the second question", func() bool { return len(s.accounts) == 2 })
	if !strings.Contains(s.accounts[1], "wrong") || !strings.Contains(s.accounts[1], "2 attempts") || m.Loaded() {
		t.Errorf("it says %q", s.accounts[1])
	}
	m.LogOn(Account{User: "root", Password: "secret"})
	s.until("loading", func() bool { return m.Phase() == Ready })
}

// TestNameThatNobodyHasIsDoubted: and can be applied all the same.
func TestNameThatNobodyHasIsDoubted(t *testing.T) {
	b := backendtest.New(config.New())
	b.Nobody = []string{"bret"}
	m, s := ready(t, b)
	m.Select(local + "/GuestUsers/SystemAuthentication")
	for _, n := range m.Makes() {
		if n.Kind.XML == "User" {
			m.Make(n)
		}
	}
	m.SetValue("Name", "bret")
	s.until("the doubt", func() bool { return !row(t, m, "Name").Doubt.Empty() })
	if !strings.Contains(texts(m), "no account called bret") || !m.CanApply().Empty() || m.Faults() != 0 {
		t.Errorf("%s; %s", texts(m), m.CanApply())
	}
	m.GoTo(m.Selected(), "Name")
	if h := m.Hint(); h.Wrong || !strings.Contains(h.Text.String(), "no account called bret") || !strings.Contains(h.Facts[len(h.Facts)-1].String(), "at once") {
		t.Errorf("the hint is %+v", h)
	}
	m.SetValue("Name", "berta")
	if strings.Contains(texts(m), "no account") || !row(t, m, "Name").Doubt.Empty() {
		t.Errorf("it still doubts: %s", texts(m))
	}
}

// TestWhatTheCommandLineGoesBefore is said where somebody would change it in vain.
func TestWhatTheCommandLineGoesBefore(t *testing.T) {
	b := backendtest.New(config.New())
	b.Overruled = []config.Overruled{{Kinds: tcp.Kinds(), Attribute: "ReceivePort", By: "--port"}}
	m, _ := ready(t, b)
	m.GoTo(tcp, "ReceivePort")
	if r := row(t, m, "ReceivePort"); !strings.Contains(r.Doubt.String(), "--port") || !r.Off.Empty() || !strings.Contains(m.Hint().Text.String(), "no effect") {
		t.Errorf("it says %q, %q", r.Doubt, m.Hint().Text)
	}
	if r := row(t, m, "Enable"); !r.Doubt.Empty() {
		t.Errorf("of another attribute it says %q", r.Doubt)
	}
}

// TestPathsAreRootsAlone: the Host refuses a change of theirs by anybody else.
func TestPathsAreRootsAlone(t *testing.T) {
	b := backendtest.New(config.New())
	b.Rights = Rights{User: "anna", Change: true}
	m, _ := ready(t, b)
	m.GoTo(local+"/HostComputer/HostMonitor", "Filename")
	if r := row(t, m, "Filename"); !strings.HasPrefix(r.Off.String(), "Only root") || !m.Off("Filename") || m.Off("Level") {
		t.Errorf("the path can be changed: %+v", r)
	}
	if h := m.Hint(); len(h.Facts) != 1 || !strings.HasPrefix(h.Facts[0].String(), "Only root") {
		t.Errorf("the hint says %+v", h)
	}
	m.SetValue("Filename", "/tmp/log")
	if m.Waiting() != 0 {
		t.Error("it is changed")
	}
}

func TestReadOnly(t *testing.T) {
	b := backendtest.New(config.New())
	b.Rights = Rights{User: "guest", Reason: phrase.Plain("Your account may not change it.")}
	m, _ := ready(t, b)
	m.Select(tcp)
	m.SetValue("ReceivePort", "7000")
	if m.Waiting() != 0 || m.Banner() == nil || m.CanApply().String() != "Your account may not change it." {
		t.Errorf("%d wait; %s", m.Waiting(), m.CanApply())
	}
}

func TestBackAndForth(t *testing.T) {
	m, _ := ready(t, backendtest.New(config.New()))
	m.Select(tcp)
	m.Select(roles)
	m.Back()
	m.Back()
	if m.Selected() != general || m.CanGoBack() {
		t.Errorf("back is %s", m.Selected())
	}
	m.Forth()
	m.Forth()
	if m.Selected() != roles || m.CanGoForth() {
		t.Errorf("forth is %s", m.Selected())
	}
}

func TestSearch(t *testing.T) {
	m, _ := ready(t, backendtest.New(backendtest.Large(3, 300)))
	hits, more := m.Find("receive port")
	if more || len(hits) != 3 || hits[0].Path != tcp || hits[0].Attribute != "ReceivePort" || hits[0].Value.String() != "6502" {
		t.Errorf("found %+v", hits)
	}
	if hits, more = m.Find("user2"); len(hits) < 100 || more {
		t.Errorf("found %d", len(hits))
	}
	if hits, more = m.Find("user 300"); len(hits) != 0 || more {
		t.Errorf("found %d", len(hits))
	}
	if hits, more = m.Find("account"); len(hits) != MaxHits || !more {
		t.Errorf("found %d, more %v", len(hits), more)
	}
	if hits, _ = m.Find("no such thing"); len(hits) != 0 {
		t.Errorf("found %+v", hits)
	}
	if hits, _ = m.Find("Role"); hits[0].Attribute != "Role" {
		t.Errorf("an attribute that is called so comes after %+v", hits[0])
	}
	if hits, _ = m.Find("port"); !strings.Contains(hits[0].Name.String(), "port") {
		t.Errorf("an attribute that has it in its name comes after %+v", hits[0])
	}
	m.SetChangedOnly(true)
	m.GoTo(tcp, "SendPort")
	if m.ChangedOnly() || m.SelectedRow() < 0 {
		t.Error("what was found is not shown")
	}
}

func TestImportAndExport(t *testing.T) {
	m, _ := ready(t, backendtest.New(config.New()))
	change(t, m, tcp, "ReceivePort", "7000")
	file := t.TempDir() + "/out.xml"
	if trouble := m.Export(file); !trouble.Empty() {
		t.Fatal(trouble)
	}
	m.Discard()
	if m.Waiting() != 0 {
		t.Fatalf("%d wait after Discard", m.Waiting())
	}
	if trouble := m.Import(file); !trouble.Empty() || m.Waiting() != 1 {
		t.Errorf("%s; %d wait", trouble, m.Waiting())
	}
	m.Undo()
	if m.Waiting() != 0 {
		t.Errorf("%d wait after Undo", m.Waiting())
	}
	if trouble := m.Import(file + ".no"); trouble.Empty() {
		t.Error("a file that is not there was imported")
	}
}

func BenchmarkOpen(b *testing.B) {
	large := backendtest.Large(200, 2000)
	for b.Loop() {
		s := &screen{queue: make(chan func(), 64)}
		m := New(backendtest.New(large), s, Options{Post: func(f func()) { s.queue <- f }})
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { m.Run(ctx); close(done) }()
		m.Start()
		for m.Phase() != Ready {
			(<-s.queue)()
		}
		cancel()
		<-done
	}
}

func BenchmarkChange(b *testing.B) {
	s := &screen{queue: make(chan func(), 64)}
	m := New(backendtest.New(backendtest.Large(200, 2000)), s, Options{Post: func(f func()) { s.queue <- f }})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { m.Run(ctx); close(done) }()
	m.Start()
	for m.Phase() != Ready {
		(<-s.queue)()
	}
	m.Select(tcp)
	values := []string{"7000", "7001"}
	i := 0
	for b.Loop() {
		m.SetValue("ReceivePort", values[i%2])
		i++
	}
	cancel()
	<-done
}

func BenchmarkSearch(b *testing.B) {
	s := &screen{queue: make(chan func(), 64)}
	m := New(backendtest.New(backendtest.Large(200, 2000)), s, Options{Post: func(f func()) { s.queue <- f }})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { m.Run(ctx); close(done) }()
	m.Start()
	for m.Phase() != Ready {
		(<-s.queue)()
	}
	for b.Loop() {
		m.Find("no such thing")
	}
	cancel()
	<-done
}
