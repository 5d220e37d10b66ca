package host

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"impero/core/role"
	"impero/core/store"
)

type noAccounts struct{}

func (noAccounts) Check(context.Context, string, []byte, netip.Addr) (Result, error) {
	return Result{Outcome: Unknown}, nil
}
func (noAccounts) Groups(string) ([]string, error) { return nil, ErrNoAccount }

func TestAccessThatMakesNoSense(t *testing.T) {
	for name, a := range map[string]Access{
		"a role without a name":       {Roles: []role.Role{{}}},
		"a role twice":                {Roles: []role.Role{role.New("Desk"), role.New("Desk")}},
		"a role's name of 65 bytes":   {Roles: []role.Role{role.New(strings.Repeat("a", 65))}},
		"no such role":                {Role: "Desk"},
		"no such default role":        {System: SystemAccess{Default: "Desk"}},
		"a user without a role":       {System: SystemAccess{Users: []Assignment{{Name: "anna"}}}},
		"a group of no role":          {System: SystemAccess{Groups: []Assignment{{"desk", "Desk"}}}},
		"no accounts":                 {Mode: ModeSystem},
		"another mode":                {Mode: 9},
		"a minute too long to answer": {Confirm: Confirm{Timeout: maxConfirm + time.Minute}},
		"an inactivity of a second":   {Inactivity: time.Second},
		"an address that is none":     {Addresses: AddressList{Entries: []string{"here"}}},
		"a thousand addresses more":   {Addresses: AddressList{Entries: make([]string, maxEntries+1)}},
		"100 tries":                   {Attempts: Attempts{Limit: 100}},
		"an action that is none":      {Attempts: Attempts{Action: 9}},
		"a lock-out of a year":        {Attempts: Attempts{LockOut: 365 * 24 * time.Hour}},
		"another end":                 {After: 9},
		"a hash that is none":         {Maintenance: Maintenance{Hash: "12345"}},
	} {
		if _, err := newAccess(a); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	good := Access{Mode: ModeSystem, Roles: []role.Role{role.New("Desk")}, Role: "Desk", System: SystemAccess{Accounts: noAccounts{}, Default: "View only",
		Users: []Assignment{{"anna", "Desk"}}}, Inactivity: time.Hour}
	if _, err := newAccess(good); err != nil {
		t.Error(err)
	}
}

// TestAnErrorLeavesAccessAsItWas, and what is good counts.
func TestAnErrorLeavesAccessAsItWas(t *testing.T) {
	h, err := New(Config{Home: store.At(t.TempDir())})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.SetAccess(Access{Mode: ModePortal}); err != nil {
		t.Fatal(err)
	}
	if err := h.SetAccess(Access{Role: "nobody's"}); err == nil || h.Access().Mode != ModePortal {
		t.Errorf("%v; the mode is %s", err, h.Access().Mode)
	}
}

func TestAddressList(t *testing.T) {
	list, err := newAddressList(AddressList{Enabled: true, Entries: []string{"10.20.0.0/16", " 192.168.1.7 ", "2001:db8::/32", "fe80::1", "02:00:5e:10:00:01"}})
	if err != nil {
		t.Fatal(err)
	}
	list.near = &neighbours{look: func() (map[netip.Addr]string, error) {
		return map[netip.Addr]string{netip.MustParseAddr("172.16.0.9"): "\x02\x00\x5e\x10\x00\x01", netip.MustParseAddr("172.16.0.10"): "\x02\x00\x5e\x10\x00\x02"}, nil
	}}
	for from, want := range map[string]bool{
		"10.20.4.90": true, "::ffff:10.20.4.90": true, "10.21.0.1": false, "192.168.1.7": true, "192.168.1.8": false, "2001:db8:1::5": true, "2001:db9::5": false,
		"fe80::1%eth0": true, "fe80::2": false, "172.16.0.9": true, "172.16.0.10": false, "172.16.0.11": false, "127.0.0.1": false,
	} {
		if got := list.allows(netip.MustParseAddr(from)); got != want {
			t.Errorf("%s: %t", from, got)
		}
	}
	if off, _ := newAddressList(AddressList{Entries: []string{"10.0.0.1"}}); !off.allows(netip.MustParseAddr("127.0.0.1")) {
		t.Error("a list that is not enabled keeps somebody out")
	}
	if none, _ := newAddressList(AddressList{Enabled: true}); none.allows(netip.MustParseAddr("127.0.0.1")) {
		t.Error("an empty list lets somebody in")
	}
}

// TestNeighboursAreNotReadForEverybody: a flood of callers reads the system's table once in two seconds.
func TestNeighboursAreNotReadForEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads := 0
		n := &neighbours{look: func() (map[netip.Addr]string, error) { reads++; return nil, errors.ErrUnsupported }}
		for range 1000 {
			if n.of(netip.MustParseAddr("10.0.0.1")) != "" {
				t.Fatal("somebody was seen")
			}
			time.Sleep(10 * time.Millisecond) // of the bubble's clock
		}
		if reads > 6 {
			t.Errorf("read %d times in 10 s", reads)
		}
	})
}

func TestAttemptsChangeTheAddressesRule(t *testing.T) {
	for _, c := range []struct {
		a     Attempts
		tries int
		lock  time.Duration
	}{
		{Attempts{}, 3, 30 * time.Second},
		{Attempts{Limit: 5}, 5, 30 * time.Second},
		{Attempts{Limit: 2, Action: AttemptLockOut}, 2, time.Minute},
		{Attempts{Action: AttemptLockOut, LockOut: 90 * time.Minute}, 3, 90 * time.Minute},
	} {
		now := time.Now()
		g := newGuard(func() time.Time { return now }, newKnown(time.Now))
		g.setAttempts(c.a)
		var x guess
		for range c.tries {
			if x.lock > 0 {
				t.Fatalf("%+v: locked early", c.a)
			}
			x = g.try(placeOf(netip.MustParseAddr("10.0.0.7")), "")
		}
		if x.lock != c.lock {
			t.Errorf("%+v: locked for %s", c.a, x.lock)
		}
	}
}

func TestRestartForWrongTriesIsRare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := make(chan AfterSession, 8)
		h := &Host{log: slog.New(slog.DiscardHandler), ctx: t.Context(), made: time.Now(), machine: doing(done)}
		from := placeOf(netip.MustParseAddr("10.0.0.7"))
		for range 3 * 60 { // three hours of minutes
			h.restartOnce(from)
			time.Sleep(time.Minute) // of the bubble's clock
			h.wg.Wait()
			if len(done) == cap(done) {
				break
			}
		}
		if n := len(done); n < 8 || time.Since(h.made) < 8*restartAfter {
			t.Errorf("%d restarts in %s", n, time.Since(h.made))
		}
	})
}

type doing chan AfterSession

func (d doing) Do(_ context.Context, what AfterSession) error { d <- what; return nil }

// TestTheSecondWayIsTaken where the first does not work, and an error says which one failed.
func TestTheSecondWayIsTaken(t *testing.T) {
	var ran []string
	s := System{Run: func(_ context.Context, s Step) error {
		ran = append(ran, s.Name+" "+strings.Join(s.Args, " "))
		return errors.New("not permitted")
	}}
	for _, what := range []AfterSession{AfterLock, AfterLogOff, AfterRestart} {
		ran = nil
		err := s.Do(t.Context(), what)
		if len(ran) == 0 || len(ran) != len(steps(what)) || err == nil || !strings.Contains(err.Error(), steps(what)[len(ran)-1].Name) {
			t.Errorf("%s: ran %q, %v", what, ran, err)
		}
	}
	if err := s.Do(t.Context(), AfterNothing); err != nil {
		t.Error(err)
	}
}

func TestIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, over := time.Now(), time.Duration(0)
		i := &idle{}
		i.over = func() { over = time.Since(began) }
		i.set(0)
		i.touch()
		i.set(10 * time.Minute)
		time.Sleep(9 * time.Minute) // of the bubble's clock
		i.touch()
		i.set(10 * time.Minute)
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		if over != 19*time.Minute {
			t.Errorf("it was over after %s", over)
		}
		i.stop()
		over = 0
		i.set(time.Minute)
		i.touch()
		time.Sleep(time.Hour)
		synctest.Wait()
		if over != 0 {
			t.Error("it was over after it was stopped")
		}
	})
}

func TestMaintenancePassword(t *testing.T) {
	hash, err := HashMaintenance("a long password")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := HashMaintenance("a long password"); again == hash || !strings.HasPrefix(hash, "argon2id:") {
		t.Errorf("%s and %s", hash, again)
	}
	if _, err := HashMaintenance("short"); err == nil {
		t.Error("a short one is taken")
	}
	h, err := New(Config{Home: store.At(t.TempDir()), Access: Access{Maintenance: Maintenance{Hash: hash, Exit: true}}})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.CheckMaintenance(ScopeGuestAccess, ""); err != nil {
		t.Errorf("a scope that is not protected: %v", err)
	}
	if got := h.State().Protected; !slices.Equal(got, []Scope{ScopeExit}) {
		t.Errorf("protected are %v", got)
	}
	if err := h.CheckMaintenance(ScopeExit, "a long password"); err != nil {
		t.Errorf("the right one: %v", err)
	}
	var locked *MaintenanceLockedError
	for n := range 5 {
		err := h.CheckMaintenance(ScopeExit, "a wrong password")
		if last := n == 4; last != errors.As(err, &locked) || !last && !errors.Is(err, ErrMaintenance) {
			t.Errorf("wrong one %d: %v", n+1, err)
		}
	}
	if err := h.CheckMaintenance(ScopeExit, "a long password"); !errors.As(err, &locked) || locked.Wait > 30*time.Second {
		t.Errorf("the right one while it is locked: %v", err)
	}
	if err := h.CheckMaintenanceOf("user 1001", ScopeExit, "a long password"); err != nil {
		t.Errorf("whoever was wrong locks somebody else out: %v", err)
	}
	if (Maintenance{Hash: hash}).Protects(99) == (Maintenance{}).Protects(99) {
		t.Error("a scope that is not known is protected by a password that there is, and only then")
	}
}
