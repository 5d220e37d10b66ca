package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"impero/core/role"
	"impero/core/store"
)

const (
	firstTCP = placeCommunication + "/TCP[TCP 1]"
	impero   = placeUsers + "/ImperoAuthentication"
)

func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func set(t testing.TB, d *Document, p Path, attribute, value string) {
	t.Helper()
	if err := d.Set(p, attribute, value); err != nil {
		t.Fatal(err)
	}
}

func valid(t testing.TB, d *Document) {
	t.Helper()
	for _, f := range d.Validate() {
		t.Errorf("%s %s: %v", f.Path, f.Attribute, f)
	}
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	return must[[]byte](t)(os.ReadFile(filepath.Join("testdata", name)))
}

func TestNewIsValidAndListensOnTheGuidesPort(t *testing.T) {
	d := New()
	valid(t, d)
	v := must[*Values](t)(d.Values())
	if len(v.HostComputer.Communication.TCP) != 1 || v.HostComputer.Communication.TCP[0] != (TCP{true, "TCP 1", 6502, 6502, false}) {
		t.Errorf("TCP profiles %+v", v.HostComputer.Communication.TCP)
	}
	if v.HostComputer.Security.ConfirmAccess.Timeout != 30*time.Second || v.HostComputer.Security.IllegalAttempts.LockOutTime != time.Minute {
		t.Errorf("times %+v", v.HostComputer.Security)
	}
	for _, r := range v.GuestUsers.Roles.Role {
		for name, answer := range r.Permissions {
			if r.Name == "Full control" && answer != role.Allow || r.Name == "View only" && (answer == role.Allow) != (name == "ConnectView") {
				t.Errorf("%s says %v of %s", r.Name, answer, name)
			}
		}
		if len(r.Permissions) != 16 {
			t.Errorf("%s knows %d permissions", r.Name, len(r.Permissions))
		}
	}
}

func TestWhatIsNotKnownIsKept(t *testing.T) {
	text := read(t, "kept.xml")
	d := must[*Document](t)(Parse(text))
	valid(t, d)
	if string(d.Text()) != string(text) {
		t.Errorf("reading and writing changed the file:\n%s", d.Text())
	}
	set(t, d, firstTCP, "ReceivePort", "7000")
	want := strings.Replace(string(text), `Name="TCP 1"`, `Name="TCP 1" ReceivePort="7000"`, 1)
	if string(d.Text()) != want {
		t.Errorf("changing one value changed more:\n%s", d.Text())
	}
	set(t, d, firstTCP, "ReceivePort", "6502")
	if string(d.Text()) != string(text) {
		t.Errorf("the default stands in the file:\n%s", d.Text())
	}
	var unknown []string
	for _, u := range d.Unknown() {
		unknown = append(unknown, u.Error())
	}
	const told = "line 5: <Future> is not known here and has no effect.|line 10: RecievePort is not known here and has no effect."
	if strings.Join(unknown, "|") != told {
		t.Errorf("unknown: %q", unknown)
	}
}

func TestNewElementsStandOnLinesOfTheirOwn(t *testing.T) {
	d := New()
	p := must[Path](t)(d.Make(placeCommunication, "TCP"))
	if p != placeCommunication+"/TCP[TCP 2]" {
		t.Errorf("new profile at %s", p)
	}
	list := must[Path](t)(d.Make(placeCommunication+"/UDP[UDP 1]", "BroadcastList"))
	must[Path](t)(d.Make(list, "BroadcastAddress"))
	set(t, d, placeHost+"/General", "InTray", "Enabled")
	text := string(d.Text())
	for _, line := range []string{
		"          <TCP Name=\"TCP 2\"/>\n        </Communication>",
		"            <BroadcastList Name=\"#1\">\n              <BroadcastAddress Address=\"192.0.2.1\"/>\n            </BroadcastList>\n          </UDP>",
		"        <General InTray=\"Enabled\"/>\n      </HostComputer>",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("%q is not in\n%s", line, text)
		}
	}
	if err := d.Delete(p); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(d.Text()), "TCP 2") {
		t.Error("a deleted profile is still there")
	}
}

func TestFaultsNameTheLineAndWhatToDo(t *testing.T) {
	d := must[*Document](t)(Parse(read(t, "faults.xml")))
	var have strings.Builder
	for _, f := range d.Validate() {
		fmt.Fprintf(&have, "%v\n", f)
	}
	if want := string(read(t, "faults.txt")); have.String() != want {
		if *update {
			os.WriteFile("testdata/faults.txt", []byte(have.String()), 0o644)
			return
		}
		t.Errorf("faults:\n%s", have.String())
	}
}

func TestRenamedRoleIsFollowed(t *testing.T) {
	d := New()
	user := must[Path](t)(d.Make(placeUsers+"/SystemAuthentication", "User"))
	set(t, d, user, "Role", "View only")
	for old, label := range map[string]string{"View only": "Look", "Full control": "Everything / all", "Default Role": "Rest"} {
		p := must[Path](t)(d.Rename(placeRoles.Instance("Role", old), label))
		if xml, is := p.Last(); xml != "Role" || is != label {
			t.Errorf("%s is %q %q", p, xml, is)
		}
	}
	valid(t, d)
	v := must[*Values](t)(d.Values()).GuestUsers
	if v.SystemAuthentication.User[0].Role != "Look" || v.SystemAuthentication.DefaultRole != "Rest" || v.ImperoAuthentication.Role != "Everything / all" {
		t.Errorf("%+v", v)
	}
	if err := d.Delete(placeRoles.Instance("Role", "Everything / all")); err != nil {
		t.Fatal(err)
	}
	if f := d.Validate(); len(f) != 1 || f[0].Path != impero || f[0].Attribute != "Role" {
		t.Errorf("a role that is gone: %v", f)
	}
}

func TestEditsAreRefused(t *testing.T) {
	d := New()
	var taken *TakenError
	var wrong *Fault
	for name, is := range map[string]bool{
		"unknown element":   errors.Is(d.Set(placeHost+"/Nothing", "X", ""), ErrNoElement),
		"foreign root":      errors.Is(d.Set("Other/Configuration", "X", ""), ErrNoElement),
		"unknown attribute": errors.Is(d.Set(firstTCP, "X", ""), ErrNoAttribute),
		"label":             errors.Is(d.Set(firstTCP, "Name", "TCP 3"), ErrLabel),
		"long value":        errors.Is(d.Set(firstTCP, "ReceivePort", strings.Repeat("1", maxValue+1)), ErrTooLong),
		"fixed deleted":     errors.Is(d.Delete(placeHost), ErrFixed),
		"fixed made":        errors.Is(second(d.Make(placeHost, "General")), ErrFixed),
		"fixed copied":      errors.Is(second(d.Copy(placeHost)), ErrFixed),
		"fixed renamed":     errors.Is(second(d.Rename(placeHost, "X")), ErrFixed),
		"taken":             errors.As(second(d.Rename(placeRoles.Instance("Role", "View only"), "Full control")), &taken),
		"empty name":        errors.As(second(d.Rename(firstTCP, "")), &wrong),
	} {
		if !is {
			t.Errorf("%s: accepted, or another error", name)
		}
	}
	for range maxProfiles - 1 {
		must[Path](t)(d.Make(placeCommunication, "TCP"))
	}
	if err := second(d.Make(placeCommunication, "TCP")); !errors.Is(err, ErrTooMany) {
		t.Errorf("one profile too many: %v", err)
	}
	if !d.Equal(d.Clone()) {
		t.Error("a clone is not equal")
	}
}

func second[T any](_ T, err error) error { return err }

func TestDiffTellsWhatAPersonDid(t *testing.T) {
	was := New()
	now := was.Clone()
	set(t, now, firstTCP, "ReceivePort", "7000")
	must[Path](t)(now.Rename(placeRoles.Instance("Role", "View only"), "Look"))
	copied := must[Path](t)(now.Copy(placeCommunication + "/UDP[UDP 1]"))
	set(t, now, impero, "Password", Typed("a long password"))
	var have []string
	for _, c := range Diff(was, now) {
		xml, label := c.Path.Last()
		have = append(have, fmt.Sprint(c.Kind, " ", xml, "/", label, " ", c.Old, "→", c.New, ", ", c.Effect.Name()))
	}
	want := []string{
		"changed TCP/TCP 1 6502→7000, Restarts communication",
		"made UDP/UDP 2 →UDP 2, Restarts communication",
		"renamed Role/Look View only→Look, Now",
		"changed ImperoAuthentication/ →" + Hidden + ", Next logon",
	}
	if strings.Join(have, "\n") != strings.Join(want, "\n") {
		t.Errorf("changes:\n%s", strings.Join(have, "\n"))
	}
	back := Diff(now, was)
	if len(back) != 4 || back[1].Kind != Deleted || back[1].Path != copied {
		t.Errorf("and back: %+v", back)
	}
	if c := Diff(was, was.Clone()); c != nil {
		t.Errorf("no change: %+v", c)
	}
}

func TestNewerVersionIsRefused(t *testing.T) {
	_, err := Parse([]byte(`<ImperoHost version="2"/>`))
	var newer *store.NewerError
	if !errors.As(err, &newer) || newer.Version != 2 || newer.Newest != Version {
		t.Errorf("a newer file: %v", err)
	}
}

func TestHostileTextsAreRefusedWithTheirLine(t *testing.T) {
	deep := "<ImperoHost version=\"1\">" + strings.Repeat("<a>", maxDepth) + strings.Repeat("</a>", maxDepth) + "</ImperoHost>"
	many := "<ImperoHost version=\"1\">" + strings.Repeat("<a/>", maxTokens) + "</ImperoHost>"
	wide := "<ImperoHost version=\"1\"><a"
	for i := range maxAttributes + 1 {
		wide += fmt.Sprintf(" a%d=\"\"", i)
	}
	for name, c := range map[string]struct {
		text string
		line int
	}{
		"empty":       {"", 1},
		"no XML":      {"port = 6502", 1},
		"entity":      {"<!DOCTYPE a [<!ENTITY b \"c\">]>\n<ImperoHost version=\"1\">&b;</ImperoHost>", 1},
		"unknown":     {"<ImperoHost version=\"1\">\n&b;</ImperoHost>", 2},
		"open":        {"<ImperoHost version=\"1\">\n<a>\n", 3},
		"crossed":     {"<ImperoHost version=\"1\">\n<a></b>", 2},
		"two roots":   {"<ImperoHost version=\"1\"/>\n<ImperoHost/>", 2},
		"text beside": {"<ImperoHost version=\"1\"/>\nx", 2},
		"twice":       {"<ImperoHost version=\"1\"\nversion=\"1\"/>", 2},
		"other root":  {"\n<Host version=\"1\"/>", 2},
		"no version":  {"<ImperoHost/>", 1},
		"odd version": {"<ImperoHost version=\"01\"/>", 1},
		"charset":     {"<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<ImperoHost version=\"1\"/>", 1},
		"bytes":       {"<ImperoHost version=\"1\">\xff</ImperoHost>", 1},
		"deep":        {deep, 1},
		"many":        {many, 1},
		"wide":        {wide + "/></ImperoHost>", 1},
		"long":        {"<ImperoHost version=\"1\">" + strings.Repeat(" ", MaxFile), 1},
	} {
		_, err := Parse([]byte(c.text))
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || syntax.Line != c.line {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPathsOfOddLabels(t *testing.T) {
	d := New()
	for _, label := range []string{`a/b`, `[x]`, `100%`, `%2F`, `DOMAIN\anna`, "Ärger"} {
		p := must[Path](t)(d.Make(placeUsers+"/SystemAuthentication", "User"))
		p = must[Path](t)(d.Rename(p, label))
		if _, is := p.Last(); is != label || p.Parent() != placeUsers+"/SystemAuthentication" {
			t.Errorf("%q is at %s, %q", label, p, is)
		}
		if _, err := d.Element(p); err != nil {
			t.Errorf("%q: %v", label, err)
		}
	}
	if got := len(d.Children(placeUsers + "/SystemAuthentication")); got != 6 {
		t.Errorf("%d users", got)
	}
}

// TestRevertTakesBackWhatDiffTells: whatever a person did, but for what was made new.
func TestRevertTakesBackWhatDiffTells(t *testing.T) {
	was := New()
	now := was.Clone()
	role := placeLocal + "/GuestUsers/Roles/Role[View only]"
	if err := now.Set(placeLocal+"/HostComputer/General", "HideExit", enabled); err != nil {
		t.Fatal(err)
	}
	if err := now.Delete(role); err != nil {
		t.Fatal(err)
	}
	if _, err := now.Rename(placeLocal+"/HostComputer/Communication/TCP[TCP 1]", "Office"); err != nil {
		t.Fatal(err)
	}
	for _, c := range Diff(was, now) {
		if err := now.Revert(c, was, c.Path); err != nil {
			t.Errorf("%s %s: %v", c.Kind, c.Path, err)
		}
	}
	if left := Diff(was, now); len(left) > 0 {
		t.Errorf("left is %+v", left)
	}
}
