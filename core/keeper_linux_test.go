package core_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"impero/core/config"
	"impero/core/daemon/keeper"
	"impero/core/host"
	"impero/core/lab"
	"impero/core/store"
	"impero/core/wire"
)

// apply changes a kept Host's configuration as a window does.
func (k *kept) apply(values ...setting) (keeper.Outcome, error) {
	k.t.Helper()
	doc, revision, _, _ := k.k.Snapshot()
	for _, v := range values {
		v.value = k.places.Replace(v.value)
		if err := v.put(doc); err != nil {
			k.t.Fatal(err)
		}
	}
	return k.k.Apply(k.t.Context(), doc, revision, "the test")
}

func TestTheMaintenancePasswordIsReplacedByWhoKnowsIt(t *testing.T) {
	t.Parallel()
	at := security + "Maintenance"
	k := newKept(t, []setting{maintenance, {at, "ProgramExit", "Enabled"}})
	another := setting{at, "Password", config.Typed("another long password")}
	if _, err := k.apply(another); !errors.Is(err, host.ErrMaintenance) {
		t.Errorf("without the old password: %v", err)
	}
	if _, err := k.apply(setting{at, "ProgramExit", "Disabled"}); !errors.Is(err, host.ErrMaintenance) {
		t.Errorf("its scopes, without the old password: %v", err)
	}
	if _, err := k.apply(another, setting{at, "OldPassword", config.Typed(goodPassword)}); err != nil {
		t.Fatal(err)
	}
	if err := k.h.CheckMaintenance(host.ScopeExit, "another long password"); err != nil {
		t.Error(err)
	}
	if k.holds("host/host.xml*", "another long") || k.holds("host/host.xml*", "OldPassword") || k.holds("logs/*", "another long") {
		t.Error("a password stands in a file")
	}
}

// TestAPortThatIsTakenChangesNothing: the Host goes on where it listens, and says what is wrong.
func TestAPortThatIsTakenChangesNothing(t *testing.T) {
	t.Parallel()
	k := newKept(t, []setting{{tcp1, "ReceivePort", "$port1"}}, onPorts)
	l, err := net.Listen("tcp", ":"+k.ports[1])
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var fault *config.Fault
	if _, err := k.apply(setting{tcp1, "ReceivePort", "$port2"}); !errors.As(err, &fault) || fault.Attribute != "ReceivePort" || !strings.HasSuffix(string(fault.Path), tcp1) {
		t.Errorf("a port of another program gives %v", err)
	}
	if !listens(k.ports[0]) {
		t.Error("the Host listens no more")
	}
}

// TestAChangeIsKeptAndActs: live where it can be, with a restart of communication where it must be, and not from an old Snapshot.
func TestAChangeIsKeptAndActs(t *testing.T) {
	t.Parallel()
	k := newKept(t, []setting{{tcp1, "ReceivePort", "$port1"}}, onPorts)
	_, old, _, _ := k.k.Snapshot()
	r, _ := k.enter("anna", "secret")
	o, err := k.apply(append([]setting{{system + "/User[anna]", "Role", "View only"}}, spare)...)
	if err != nil || !o.Restarted || o.Ended != 1 || o.Pending || !listens(k.ports[0]) || !listens(k.ports[1]) {
		t.Errorf("another profile gives %+v, %v", o, err)
	}
	if _, ended := r.hear(); ended == nil || ended.Code != wire.CloseHostStopping {
		t.Errorf("the session ended with %+v", ended)
	}
	select {
	case <-k.k.Changes():
	default:
		t.Error("nobody is told")
	}
	r, _ = k.enter("anna", "secret")
	if r.done == nil || r.done.Role != "View only" {
		t.Errorf("anna is let in as %+v", r.done)
	}
	if o, err := k.apply(setting{system + "/User[anna]", "Role", "Full control"}); err != nil || o != (keeper.Outcome{}) {
		t.Errorf("another role gives %+v, %v", o, err)
	}
	if o, err := k.apply(setting{general, "StartAtLoad", "Disabled"}); err != nil || !o.Pending {
		t.Errorf("what needs a restart gives %+v, %v", o, err)
	}
	doc, _, _, _ := k.k.Snapshot()
	if _, err := k.k.Apply(t.Context(), doc, old, "the test"); !errors.Is(err, keeper.ErrConflict) {
		t.Errorf("an old revision: %v", err)
	}
	var invalid *config.InvalidError
	if _, err := k.apply(setting{tcp1, "ReceivePort", "80"}); !errors.As(err, &invalid) || len(invalid.Faults) != 1 {
		t.Errorf("a port that may not be: %v", err)
	}
	if _, err := k.apply(setting{debugLog + "/File", "Filename", k.dir}); err == nil {
		t.Error("a log in a folder's place is taken")
	}
	if !listens(k.ports[0]) || !k.holds("logs/Impero_host.log", "by=\"the test\"") || !k.holds("logs/Impero_host.log", "attribute=Role") {
		t.Error("what failed changed something, or the log does not tell who did what")
	}
}

// TestWhatActsAtOnceEndsSessions: of those who may not connect any more, as Host Manager says before it is applied.
func TestWhatActsAtOnceEndsSessions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change setting
		code   wire.CloseCode
	}{
		"the address is in no list": {setting{"AddressLists", "Enable", "Enabled"}, wire.CloseAddress},
		"another mode":              {setting{imperoMode.at, imperoMode.name, config.ModeImpero}, wire.CloseRoleEnded},
		"no role":                   {setting{system, "DefaultRole", ""}, wire.CloseRoleEnded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKept(t, []setting{password1})
			r, _ := k.enter("anna", "secret")
			before, _, _, _ := k.k.Snapshot()
			if _, err := k.apply(c.change); err != nil {
				t.Fatal(err)
			}
			if _, ended := r.hear(); ended == nil || ended.Code != c.code {
				t.Errorf("the session ended with %+v", ended)
			}
			after, _, _, _ := k.k.Snapshot()
			changes := config.Diff(before, after)
			if len(changes) != 1 {
				t.Errorf("changed is %v", changes)
			}
			for _, change := range changes {
				if change.Effect != config.Now {
					t.Errorf("%v is said to take effect at %s", change.Attributes(), change.Effect.Name())
				}
			}
		})
	}
}

// TestTheFileIsChangedByHand: what is good acts, what is not is said and leaves the Host as it is.
func TestTheFileIsChangedByHand(t *testing.T) {
	t.Parallel()
	k := newKept(t, nil)
	path := filepath.Join(k.home.HostDir(), config.FileName)
	edit := func(old, now string) {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), old) {
			t.Fatalf("%v in %s", err, text)
		}
		if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, now, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	edit("<GuestUsers>", `<AddressLists Enabel="Enabled"/><GuestUsers>`)
	lab.WaitFor(t, 10*time.Second, "the slip", func() bool { return strings.Contains(k.h.State().Trouble, "Enabel is not known") })
	edit("Enabel", "Enable")
	lab.WaitFor(t, 10*time.Second, "the list", func() bool { return turnedAway(k) })
	if !k.holds("logs/Impero_host.log", "attribute=Enable") {
		t.Error("the log does not tell the difference")
	}
	edit(`Enable="Enabled"`, `Enable="Perhaps"`)
	lab.WaitFor(t, 10*time.Second, "the trouble", func() bool { return strings.Contains(k.h.State().Trouble, "Perhaps") })
	if _, _, _, trouble := k.k.Snapshot(); !strings.Contains(trouble, "last good copy") || !turnedAway(k) || !k.holds("logs/Impero_host.log", "cannot be used") {
		t.Errorf("the trouble is %q", trouble)
	}
	k.stop()
	k.run() // from the good copy
	if !turnedAway(k) || !strings.Contains(k.h.State().Trouble, "Perhaps") {
		t.Errorf("after a restart: %+v", k.h.State())
	}
	edit(`Enable="Perhaps"`, `Enable="Disabled"`)
	lab.WaitFor(t, 10*time.Second, "the Host to be well", func() bool { return k.h.State().Trouble == "" && !turnedAway(k) })
}

// TestTheFirstStartTakesOverAFormerPassword, once, and a password that is set stands in host.xml from then.
func TestTheFirstStartTakesOverAFormerPassword(t *testing.T) {
	t.Parallel()
	s := &suite{t: t, home: store.At(t.TempDir())}
	s.settleIn("View only")
	k := &kept{suite: s, dir: filepath.Dir(s.home.HostDir()), o: keeper.Options{Home: s.home, Command: keeper.Command{Listen: []string{"127.0.0.1:0"}, Logs: nil}}}
	k.open()
	if st := k.h.State(); !st.PasswordSet || st.Role != "View only" {
		t.Errorf("the Host has %+v", st)
	}
	if !k.holds("host/host.xml", "verifier:") || k.holds("host/logon.json", "") || !k.holds("logs/Impero_host.log", "taken over") {
		t.Error("the password is not where it is to be")
	}
	if err := k.k.Close(); err != nil {
		t.Fatal(err)
	}
	k.open()
	if err := k.h.SetLogon("a quite new password", "Full control"); err != nil {
		t.Fatal(err)
	}
	if err := k.k.Close(); err != nil {
		t.Fatal(err)
	}
	k.open()
	defer func() { k.k.Close() }()
	if st := k.h.State(); !st.PasswordSet || st.Role != "Full control" || st.Trouble != "" {
		t.Errorf("the Host has %+v", st)
	}
}

// TestAnAccountOfASystemThatCannotBeAsked is refused, and the log, the state and the configuration's trouble say why.
func TestAnAccountOfASystemThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	k := newKept(t, nil, func(k *kept) { k.o.Accounts, k.o.Without = nil, "this program is nobody" })
	if _, m := k.enter("anna", "secret"); m.Type() != wire.TypeLogonFailed {
		t.Errorf("anna is answered %+v", m)
	}
	if st := k.h.State(); !strings.Contains(st.Trouble, "this program is nobody") || !k.holds("logs/Impero_host.log", "this program is nobody") {
		t.Errorf("the trouble is %q", st.Trouble)
	}
}
