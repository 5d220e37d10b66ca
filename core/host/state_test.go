package host

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestOnlyServedAddressesAreShown(t *testing.T) {
	h := new(Host)
	h.com.Store(&Communication{Profiles: []Profile{{Listen: []string{"127.0.0.1:6502", "[::1]:6502"}}, {Listen: []string{"127.0.0.1:7000"}}}})
	if got := h.served(); !slices.Equal(got, []string{"127.0.0.1", "::1"}) {
		t.Errorf("a Host on the loopback shows %v", got)
	}
	for _, all := range []string{":6502", "0.0.0.0:6502", "[::]:6502"} {
		h.com.Store(&Communication{Profiles: []Profile{{Listen: []string{"127.0.0.1:7000", all}}}})
		if got := h.served(); !slices.Equal(got, addresses()) {
			t.Errorf("a Host on %s shows %v", all, got)
		}
	}
}

// TestStateTravelsWhole: every field that a window shows comes back from its form on the control socket.
func TestStateTravelsWhole(t *testing.T) {
	at := time.Date(2026, 11, 26, 2, 30, 0, 0, time.UTC)
	full := State{
		Name: "till-042", Addresses: []string{"10.0.0.1"}, Port: 6502, Listens: []string{"[::]:6502"}, Profiles: []string{"TCP 1"}, Fingerprint: "ab cd", Running: true, Since: at,
		PasswordSet: true, Mode: ModeSystem, Refused: &Refusal{Reason: ReasonRole, User: "ann", From: "10.0.0.2", At: at}, Role: "View only",
		Levels: []string{"High"}, Display: Display{Ready: true, Reason: "r"}, Protected: []Scope{ScopeExit}, Problem: "p", Trouble: "t", MaxSessions: 3, Waiting: 2,
		Sessions: []Session{{ID: 1, User: "u", Computer: "c", From: "f", Role: "r", Level: "l", Activity: "a", MayControl: true, Since: at, Lost: at, Until: at, Idle: time.Minute, Ends: at}},
	}
	for _, v := range []reflect.Value{reflect.ValueOf(full), reflect.ValueOf(full.Sessions[0]), reflect.ValueOf(*full.Refused)} {
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				t.Errorf("%s.%s is not set here, and so not tested", v.Type(), v.Type().Field(i).Name)
			}
		}
	}
	c := full.Control()
	if got := StateOf(&c); !reflect.DeepEqual(got, full) {
		t.Errorf("it came back as %+v, want %+v", got, full)
	}
}
