package guest

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"impero/core/guest"
	"impero/ui/guest/presenter"
)

// past is three Hosts of a year ago, so that no text depends on today.
func past() []guest.Record {
	at := time.Date(2024, 3, 3, 9, 12, 0, 0, time.Local)
	target := func(host string) guest.Target {
		return guest.Target{Host: host, Port: guest.DefaultPort, Profile: guest.ProfileInternet}
	}
	return []guest.Record{
		{Target: target("till-042"), Address: "10.20.4.17:6502", Start: at, Duration: 24 * time.Minute, Result: guest.ResultYou},
		{Target: target("reception"), Address: "10.20.4.18:6502", Start: at.Add(-time.Hour), Result: guest.ResultWrongPassword},
		{Target: target("dispenser-3"), Address: "10.20.4.19:6502", Start: at.Add(-2 * time.Hour), Duration: 41 * time.Second, Result: guest.ResultLost},
	}
}

func TestMainWindow(t *testing.T) {
	s := newStand(t, false)
	s.engine.recent = past()
	s.guest.Open()
	m := s.guest.main
	m.win.Resize(fyne.NewSize(mainWidth, mainHeight))
	test.AssertRendersToMarkup(t, "main.xml", m.win.Canvas())
}

func TestFirstUse(t *testing.T) {
	s := newStand(t, false)
	s.guest.Open()
	m := s.guest.main
	m.win.Resize(fyne.NewSize(mainLeastWidth, mainLeastHeight))
	if m.win.Canvas().Focused() != fyne.Focusable(m.quick.host) {
		t.Error("the Host field has not the keyboard")
	}
	test.AssertRendersToMarkup(t, "first-use.xml", m.win.Canvas())
}

func TestEnterConnectsAndTheErrorStandsUnderTheField(t *testing.T) {
	s := newStand(t, false)
	s.engine.connect = func(_ context.Context, t guest.Target, _ guest.Prompter) (presenter.Session, error) {
		return nil, &guest.Error{Kind: guest.KindNameNotFound, Target: t}
	}
	s.guest.Open()
	m := s.guest.main
	test.Type(m.quick.host, "till-04")
	m.quick.host.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(s.guest.attempts) != 1 {
		t.Fatal("Enter does not connect")
	}
	s.until("the error", func() bool { return m.quick.field.Error() != "" })
	if len(s.guest.attempts) != 0 || m.quick.host.Text != "till-04" {
		t.Errorf("%d windows, the field holds %q", len(s.guest.attempts), m.quick.host.Text)
	}
	if m.win.Canvas().Focused() != fyne.Focusable(m.quick.host) {
		t.Error("the Host field has not the keyboard")
	}
	test.Type(m.quick.host, "2")
	if m.quick.field.Error() != "" {
		t.Error("the error stays while another name is typed")
	}
}

func TestDownOffersHostsOfThePast(t *testing.T) {
	s := newStand(t, false)
	s.engine.recent = past()
	s.guest.Open()
	q := s.guest.main.quick
	test.Type(q.host, "till")
	q.host.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	overlays := s.guest.main.win.Canvas().Overlays()
	if len(overlays.List()) != 1 {
		t.Fatal("no Hosts are offered")
	}
	s.guest.main.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if q.host.Text != "till-042" || len(overlays.List()) != 0 {
		t.Errorf("the field holds %q", q.host.Text)
	}
}

func TestRowSelectedFillsTheField(t *testing.T) {
	s := newStand(t, false)
	s.engine.recent = past()
	s.guest.Open()
	q := s.guest.main.quick
	q.table.Select(1)
	if q.host.Text != "reception" || q.selected() != "reception" {
		t.Errorf("the field holds %q", q.host.Text)
	}
	q.sortBy(colHost, false)
	if q.rows[0].Host != "dispenser-3" || q.selected() != "reception" {
		t.Errorf("after sorting the first is %s, selected %s", q.rows[0].Host, q.selected())
	}
}

func TestHostIsTakenOffTheList(t *testing.T) {
	s := newStand(t, false)
	s.engine.recent = past()
	s.guest.Open()
	m := s.guest.main
	q, overlays := m.quick, m.win.Canvas().Overlays()
	q.table.TypedKey(keyEvent(fyne.KeyDelete))
	if len(overlays.List()) != 0 || q.any() {
		t.Fatal("nothing is selected, and it asks")
	}
	q.table.Select(1)
	if menu := q.menu([]int{1}); menu[len(menu)-1].Shortcut != "Del" {
		t.Error("the menu does not offer it")
	}
	q.table.TypedKey(keyEvent(fyne.KeyDelete))
	if len(overlays.List()) != 1 || len(q.rows) != 3 {
		t.Fatal("it does not ask")
	}
	key(m.win, fyne.KeyReturn) // Cancel has the focus
	if len(overlays.List()) != 0 || len(q.rows) != 3 || m.win.Canvas().Focused() != fyne.Focusable(q.table) {
		t.Fatal("Cancel takes it off, or the table has not the keyboard")
	}
	q.remove()
	m.win.Canvas().FocusNext()
	key(m.win, fyne.KeyReturn)
	if len(overlays.List()) != 0 || len(q.rows) != 2 || q.rows[1].Host != "dispenser-3" {
		t.Errorf("%d dialogs, listed are %v", len(overlays.List()), q.rows)
	}
	if !s.engine.recent[1].Unlisted || m.win.Canvas().Focused() != fyne.Focusable(q.table) {
		t.Error("it is not kept, or the table has not the keyboard")
	}
}

func TestConnectionsTab(t *testing.T) {
	s := newStand(t, false)
	s.guest.Open()
	session := s.opens(guest.Info{Role: "Full control", MayControl: true, Level: "Very high"})
	m := s.guest.main
	m.tabs.Select(tabConnections)
	if l := m.selectedSession(); l == nil || l.Info().Target.Host != "till-042" {
		t.Fatal("the session is not listed")
	}
	if m.disconnect.Disabled != "" {
		t.Error("it cannot be disconnected")
	}
	m.end()
	<-session.done
	s.until("the end", func() bool { return len(s.guest.sessions) == 0 })
	if m.selectedSession() != nil || m.disconnect.Disabled == "" {
		t.Error("the session is still there")
	}
}

func TestClosingWithASessionAsks(t *testing.T) {
	s := newStand(t, false)
	s.guest.Open()
	s.opens(guest.Info{Role: "Full control", MayControl: true, Level: "Very high"})
	s.guest.main.close()
	if len(s.guest.main.win.Canvas().Overlays().List()) != 1 {
		t.Error("the Guest closes without a question")
	}
}

func TestKnownHosts(t *testing.T) {
	s := newStand(t, false)
	s.engine.known = []guest.KnownHost{{Target: guest.Target{Host: "till-042", Port: guest.DefaultPort}, Fingerprint: "7K2M Q4TX",
		Since: time.Date(2024, 3, 3, 0, 0, 0, 0, time.Local), Used: 41}}
	s.guest.Open()
	k := newKnownList(s.guest, s.guest.main.win)
	k.dialog(func() {}).Open(s.guest.main.win.Canvas())
	row, ok := k.selected()
	if !ok || row.Fingerprint != "7K2M Q4TX" {
		t.Fatalf("selected is %v", row)
	}
	k.ask()
	if len(s.guest.main.win.Canvas().Overlays().List()) != 2 {
		t.Fatal("a key is forgotten without a question")
	}
	k.drop(row)
	if len(k.rows) != 0 {
		t.Error("the key is still listed")
	}
}
