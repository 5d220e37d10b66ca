package guest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"impero/core/key"
	"impero/core/secure"
	"impero/core/session"
	"impero/core/store"
	"impero/core/wire"
)

// TestEveryCloseCodeHasItsKind goes through the numbers that the protocol may ever use: a code with a name must have a
// line here, and one without a name is a Host's fault, never this Guest's.
func TestEveryCloseCodeHasItsKind(t *testing.T) {
	want := map[wire.CloseCode]Kind{
		wire.CloseDone: KindProtocol, wire.CloseHostUser: KindHostUser, wire.CloseHostStopping: KindHostStopping,
		wire.CloseRoleEnded: KindRoleEnded, wire.CloseReplaced: KindReplaced, wire.CloseProtocol: KindProtocol,
		wire.CloseTooOld: KindHostTooNew, wire.CloseTooNew: KindHostTooOld, wire.ClosePurpose: KindNotSupported,
		wire.CloseTarget: KindNameNotFound, wire.CloseLevel: KindLevel, wire.CloseUnknown: KindProtocol, wire.CloseLimit: KindProtocol,
		wire.CloseHandshake: KindHandshake, wire.CloseLogonFailed: KindLogonFailed, wire.CloseLockedOut: KindLockedOut,
		wire.CloseLogonTime: KindLogonTime, wire.CloseUserRefused: KindUserRefused, wire.CloseUserAway: KindUserAway,
		wire.CloseNoLogon: KindNoLogon, wire.CloseInactive: KindInactive, wire.CloseTime: KindTime, wire.CloseAddress: KindAddress, wire.CloseMode: KindMode, wire.CloseFull: KindFull, wire.CloseBusy: KindBusy, wire.CloseLost: KindLost,
		wire.CloseInternal: KindHostFault, wire.CloseSessionOver: KindSessionOver, wire.CloseNoDisplay: KindNoDisplay,
		wire.CloseDenied: KindDenied, wire.CloseNotSupported: KindNotSupported,
	}
	for code := range wire.CloseCode(1000) {
		kind, listed := want[code]
		if named := !strings.HasPrefix(code.String(), "code "); named != listed {
			t.Errorf("%s: has a name: %t, has a line here: %t", code, named, listed)
		}
		if !listed {
			kind = KindHostFault
		}
		if got := kindOf(code); got != kind {
			t.Errorf("%s is kind %d, want %d", code, got, kind)
		}
	}
}

func testEngine(t *testing.T) *Engine {
	t.Helper()
	e, err := New(Config{Home: store.At(t.TempDir())})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestExplainTellsLevelsOfBothSides(t *testing.T) {
	a := &attempt{e: testEngine(t), target: Target{Host: "till", Port: 1, Profile: ProfileInternet}}
	e := a.explain(context.Background(), &secure.RefusedError{Code: wire.CloseLevel, Levels: []wire.Level{wire.LevelNone}})
	if e.Kind != KindLevel || !slices.Equal(e.Levels, []string{"No encryption"}) || !slices.Equal(e.Offered, []string{"Very high", "High"}) {
		t.Errorf("kind %d, the Host allows %q, the profile %q", e.Kind, e.Levels, e.Offered)
	}
}

func TestExplainTellsHowLongAHostWasSilent(t *testing.T) {
	a := &attempt{e: testEngine(t)}
	if e := a.explain(context.Background(), &session.LostError{Silent: time.Minute}); e.Kind != KindLost || e.Silent != time.Minute {
		t.Errorf("kind %d, silent for %v", e.Kind, e.Silent)
	}
	if e := a.explain(context.Background(), &wire.Closed{Code: wire.CloseLost}); e.Kind != KindLost || e.Silent != 0 {
		t.Errorf("kind %d, silent for %v", e.Kind, e.Silent)
	}
}

func TestEveryKindHasAResult(t *testing.T) {
	other := []Kind{KindHandshake, KindCancelled, KindProtocol, KindInternal, KindKnownHosts, KindProfiles, KindHistory, KindHostFault, KindNoProfile}
	for k := KindBadAddress; k <= KindHistory; k++ {
		if got := resultOf(&Error{Kind: k}) == ResultOther; got != slices.Contains(other, k) {
			t.Errorf("kind %d is recorded as another result: %t", k, got)
		}
	}
}

func TestTargetTakesThePortOfItsProfile(t *testing.T) {
	e := testEngine(t)
	if err := e.SaveProfile("", Profile{Name: "Branch", Port: 7000, Levels: []string{"High"}, Preferred: "High"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ typed, profile, address, short string }{
		{"till", "", "till:6502", "till"},
		{"till", "Branch", "till:7000", "till"},
		{"till:6502", "Branch", "till:6502", "till:6502"},
		{"[fe80::1]", "Branch", "[fe80::1]:7000", "fe80::1"},
	} {
		usual := DefaultPort
		if c.profile != "" {
			usual = 7000
		}
		if got, err := e.Target(c.typed, c.profile); err != nil || got.Address() != c.address || got.Short(usual) != c.short {
			t.Errorf("%q by %q is %s, shown as %s, %v", c.typed, c.profile, got.Address(), got.Short(usual), err)
		}
	}
	var wrong *Error
	if _, err := e.Target("till", "Gone"); !errors.As(err, &wrong) || wrong.Kind != KindNoProfile {
		t.Errorf("a profile that is not there gives %v", err)
	}
}

// TestHostsFollowARenamedProfile: what a person knows of Hosts must not be lost by a change of words.
func TestHostsFollowARenamedProfile(t *testing.T) {
	e := testEngine(t)
	p := Profile{Name: "Branch", Port: 7000, Levels: []string{"High"}, Preferred: "High"}
	if err := e.SaveProfile("", p); err != nil {
		t.Fatal(err)
	}
	there, here := Target{Host: "till", Port: 7000, Profile: "Branch"}, Target{Host: "till", Port: DefaultPort, Profile: ProfileInternet}
	for _, target := range []Target{there, here} {
		e.record(Record{Target: target}, nil)
	}
	id, err := key.Generate()
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Remember(there, id.Public().Text()); err != nil {
		t.Fatal(err)
	}
	p.Name = "Shops"
	if err := e.SaveProfile("Branch", p); err != nil {
		t.Fatal(err)
	}
	if got := e.Recent(); got[0].Target.Profile != ProfileInternet || got[1].Target.Profile != "Shops" {
		t.Errorf("the history has %+v", got)
	}
	if known := e.Known(); known[0].Target.Profile != "Shops" {
		t.Errorf("the known hosts have %+v", known)
	}
	again, err := New(e.cfg)
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Recent(); got[1].Target.Profile != "Shops" {
		t.Errorf("on disk the history has %+v", got)
	}
}
