package config

import (
	"iter"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"impero/assets"
	"impero/core/role"
)

// elements gives e and everything below it.
func elements(e *Element) iter.Seq[*Element] {
	return func(yield func(*Element) bool) { walk(e, yield) }
}

func walk(e *Element, yield func(*Element) bool) bool {
	if !yield(e) {
		return false
	}
	for _, c := range e.Children {
		if !walk(c, yield) {
			return false
		}
	}
	return true
}

var goodName = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)

func TestElementsAreSane(t *testing.T) {
	for e := range elements(Schema()) {
		if !goodName.MatchString(e.XML) || e.Name == "" || !sentences(e.Help) {
			t.Errorf("element %q: name %q, help %q", e.XML, e.Name, e.Help)
		}
		if f, err := assets.Icons.Open("icons/" + e.Icon + ".svg"); err != nil {
			t.Errorf("%s: %v", e.XML, err)
		} else {
			f.Close()
		}
		if e.Repeats() != (e.Max > 0) || e.Repeats() && e.Attribute(e.Label) == nil {
			t.Errorf("%s repeats without a label or a limit", e.XML)
		}
		names := map[string]bool{}
		for _, c := range e.Children {
			if names[c.XML] {
				t.Errorf("%s has %s twice", e.XML, c.XML)
			}
			names[c.XML] = true
		}
	}
}

func sentences(help string) bool {
	return strings.HasSuffix(help, ".") && strings.ToUpper(help[:1]) == help[:1]
}

func TestAttributesAreSane(t *testing.T) {
	count := 0
	for e := range elements(Schema()) {
		xml, names := map[string]bool{}, map[string]bool{}
		for _, a := range e.Attributes {
			count++
			if !goodName.MatchString(a.XML) || xml[a.XML] || a.Name == "" || names[a.Name] {
				t.Errorf("%s: %q (%q) is no good name or stands twice", e.XML, a.XML, a.Name)
			}
			xml[a.XML], names[a.Name] = true, true
			if !sentences(a.Help) {
				t.Errorf("%s %s: help %q", e.XML, a.XML, a.Help)
			}
			if a.Effect < Now || a.Effect > RestartsHost {
				t.Errorf("%s %s takes effect never", e.XML, a.XML)
			}
			checkAttribute(t, e, a)
		}
	}
	if count < 100 {
		t.Errorf("only %d rows", count)
	}
}

func checkAttribute(t *testing.T, e *Element, a *Attribute) {
	t.Helper()
	standard := a.Default
	if e.Label == a.XML {
		standard = a.first()
	}
	if m := a.Check(standard); m != nil {
		t.Errorf("%s %s: the default %q is not valid: %s", e.XML, a.XML, standard, m)
	}
	if (a.Kind == Secret) != (a.Form != NoSecret) || a.Kind == Secret && a.Default != "" {
		t.Errorf("%s %s: a secret has a form and no default", e.XML, a.XML)
	}
	values := a.Kind == Switch || a.Kind == Choice || a.Kind == List || a.Kind == Permission
	if values != (len(a.Values) > 1) {
		t.Errorf("%s %s: kind %d with %d values", e.XML, a.XML, a.Kind, len(a.Values))
	}
	if a.Max == 0 && !values || a.Min > a.Max {
		t.Errorf("%s %s: %d to %d", e.XML, a.XML, a.Min, a.Max)
	}
	if a.Hint != "" {
		if m := a.Check(a.Hint); m != nil {
			t.Errorf("%s %s: the hint %q is not valid: %s", e.XML, a.XML, a.Hint, m)
		}
	}
}

// guide lists what chapter 5 of the user's guide names, with the default it states.
var guide = map[string]map[string]string{
	"General": {"ExitWhenIdle": "0", "HideExit": disabled, "InTray": disabled, "LoadAtBoot": disabled, "StandbyOnIdle": disabled,
		"StartAtLoad": enabled, "WakeEveryDay": disabled, "WakeHour": "20", "WakeMinute": "0", "Display": ""},
	"WebConnect":  {"Enable": enabled, "Name": "WebConnect", "ServiceDomain": "", "ServicePassword": "", "ServiceURL": "", "ServiceUsername": ""},
	"WebConnect3": {"Enable": enabled, "Name": "WebConnect 3", "ServiceDomain": "", "ServicePassword": "", "ServiceURL": "", "ServiceUsername": ""},
	"Portal":      {"Enable": enabled, "Name": "Impero Portal", "ServiceAddress": "", "ServicePassword": "", "ServiceUsername": ""},
	"TCP":         {"Enable": enabled, "Name": "TCP 1", "ReceivePort": "6502", "SendPort": "6502", "UseHTTP": disabled},
	"UDP": {"BroadcastToSubnet": enabled, "Enable": enabled, "IgnorePort": disabled, "MTU": "2600", "Name": "UDP 1", "OverridePort": "6502",
		"PrimaryNameServer": "", "ReceivePort": "6502", "SecondaryNameServer": "", "UseNameServer": disabled, "UseTCP": enabled},
	"Names":             {"PublicHostname": enabled, "PublicIP": disabled, "PublicUsername": disabled, "Hostname": "", "NamingMode": "ComputerName", "NamespaceID": "Public"},
	"PortalCertificate": {"AllowInvalid": disabled, "WarnInvalid": enabled},
	"Encryption":        {"AllowedEncryptions": "VeryHigh, High"},
	"Maintenance":       {"AllOtherConfiguration": disabled, "OldPassword": "", "GuestAccessSecurity": disabled, "Password": "", "ProgramExit": disabled},
	"DebugLog":          {"Enabled": enabled, "Level": "Trace"},
	"Syslog":            {"Level": "No_log"},
	"Console":           {"Level": "No_log"},
	"File":              {"Filename": "", "Level": "Info", "MaximumSize": "40", "MinimumFree": "10", "OldLogsFolder": "", "RotationSize": "10"},
	"LogLocally":        {"EnableLogging": enabled, "Filename": ""},
	"Tunnel":            {"ScanPorts": disabled},
	"Endpoint":          {"IPAddress": ""},
	"Port":              {"Range": ""},
	"GuestSecurityMode": {"Mode": "Impero"},
	"Role": {"AudioChat": NotSet, "BlankScreen": NotSet, "ConfirmAccess": "Never", "ExecuteCommand": NotSet, "LockKeyboardMouse": NotSet, "Name": "Role",
		"ReceiveFiles": NotSet, "RedirectPrint": NotSet, "ConnectView": NotSet, "RemoteManager": NotSet, "RequestChat": NotSet, "RetrieveInventory": NotSet,
		"RunPrograms": NotSet, "SendFiles": NotSet, "RecordDemoFiles": NotSet, "TransferClipboard": NotSet, "UseKeyboardMouse": NotSet},
	"SecurityServerAuthentication": {"NSSPublicKey": ""},
	"User":                         {"Name": "User", "Role": "Default Role"},
	"ImperoAuthentication":         {"Password": "", "Role": "Full control"},
}

func TestGuideIsInTheTable(t *testing.T) {
	found := map[string]bool{}
	for e := range elements(Schema()) {
		for xml, standard := range guide[e.XML] {
			found[e.XML] = true
			switch a := e.Attribute(xml); {
			case a == nil:
				t.Errorf("%s has no %s", e.XML, xml)
			case a.Ours || a.Default != standard:
				t.Errorf("%s %s: ours %v, default %q instead of %q", e.XML, xml, a.Ours, a.Default, standard)
			}
		}
	}
	for xml := range guide {
		if !found[xml] {
			t.Errorf("there is no %s", xml)
		}
	}
}

func TestValuesHaveAFieldForEveryRow(t *testing.T) {
	local := Schema().Child("Configuration").Child("LocalConfiguration")
	matches(t, local, reflect.TypeFor[Values]())
}

func matches(t *testing.T, e *Element, s reflect.Type) {
	t.Helper()
	wanted := map[string]bool{}
	for _, a := range e.Attributes {
		name, kind := a.XML, fieldType(a)
		if a.Kind == Permission {
			name, kind = "Permissions", reflect.TypeFor[map[string]role.Answer]()
		}
		wanted[name] = true
		if f, ok := s.FieldByName(name); !ok || f.Type != kind {
			t.Errorf("%s has no field %s of %v", s, name, kind)
		}
	}
	for _, c := range e.Children {
		wanted[c.XML] = true
		f, ok := s.FieldByName(c.XML)
		if !ok || c.Repeats() != (f.Type.Kind() == reflect.Slice) {
			t.Errorf("%s has no field %s that fits", s, c.XML)
			continue
		}
		if c.Repeats() {
			f.Type = f.Type.Elem()
		}
		matches(t, c, f.Type)
	}
	if s.NumField() != len(wanted) {
		t.Errorf("%s has %d fields, the table %d", s, s.NumField(), len(wanted))
	}
}

func fieldType(a *Attribute) reflect.Type {
	switch {
	case a.Kind == Switch:
		return reflect.TypeFor[bool]()
	case a.Kind == Integer && units[a.Unit] > 0:
		return reflect.TypeFor[time.Duration]()
	case a.Kind == Integer:
		return reflect.TypeFor[int]()
	case a.Kind == List:
		return reflect.TypeFor[[]string]()
	}
	return reflect.TypeFor[string]()
}

func TestHelpIsMadeFromTheTable(t *testing.T) {
	const path = "../../assets/help/configuration.md"
	want := helpText()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != want {
		t.Error("assets/help/configuration.md is not what the table says; run go test ./core/config -update")
	}
}
