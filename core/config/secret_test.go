package config

import (
	"errors"
	"strings"
	"testing"
)

const profile = placeCommunication + "/WebConnect3[WebConnect 3]"

// withSecrets gives a document with one secret of each kind, "s3cret" in each.
func withSecrets(t *testing.T) *Document {
	t.Helper()
	d := New()
	must[Path](t)(d.Make(placeCommunication, "WebConnect3"))
	set(t, d, profile, "ServiceURL", "https://a.example.com")
	for p, attribute := range map[Path]string{impero: "Password", placeMaintenance: "Password", profile: "ServicePassword"} {
		set(t, d, p, attribute, Typed("s3cret"))
	}
	if err := d.Protect(backwards); err != nil {
		t.Fatal(err)
	}
	return d
}

// backwards stands for the parts that make verifiers and seal.
func backwards(form SecretForm, password string) (string, error) {
	if form != Verifier && form != Sealed {
		return "", errors.New("not asked for")
	}
	b := []byte(password)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b), nil
}

func TestSecretsAreProtectedAndNeverGivenBack(t *testing.T) {
	d := withSecrets(t)
	valid(t, d)
	v := must[*Values](t)(d.Values())
	if v.GuestUsers.ImperoAuthentication.Password != "terc3s" || v.HostComputer.Communication.WebConnect3[0].ServicePassword != "terc3s" {
		t.Errorf("%+v", v.GuestUsers.ImperoAuthentication)
	}
	hash := v.HostComputer.Security.Maintenance.Password
	if !CheckHash(hash, "s3cret") || CheckHash(hash, "s3cres") || CheckHash("", "") || CheckHash(hash[:20], "s3cret") {
		t.Error("the maintenance password is not checked as it should be")
	}
	if got := must[string](t)(d.Get(impero, "Password")); got != Hidden {
		t.Errorf("given back as %q", got)
	}
	for _, text := range []string{string(d.Export()), string(d.Redacted().Text())} {
		if strings.Contains(text, "terc3s") || strings.Contains(text, "s3cret") || strings.Contains(text, "argon2id") {
			t.Errorf("a secret stands in\n%s", text)
		}
	}
}

func TestEditorsKeepSecretsTheyNeverSaw(t *testing.T) {
	host := withSecrets(t)
	editor := must[*Document](t)(Parse(host.Redacted().Text()))
	valid(t, editor)
	renamed := must[Path](t)(editor.Rename(profile, "Branch"))
	if err := editor.Restore(host); err != nil {
		t.Fatal(err)
	}
	if got := must[*Values](t)(editor.Values()).HostComputer.Communication.WebConnect3[0]; got.ServicePassword != "terc3s" || got.Name != "Branch" {
		t.Errorf("%+v", got)
	}
	stolen := host.Redacted()
	set(t, stolen, profile, "ServiceURL", "https://b.example.com")
	var wrong *Fault
	if err := stolen.Restore(host); !errors.As(err, &wrong) || wrong.Attribute != "ServicePassword" {
		t.Errorf("a sealed password went to another address: %v", err)
	}
	for _, place := range []Path{impero, renamed, "", "ImperoHost/"} {
		forged := host.Redacted()
		set(t, forged, profile, "ServicePassword", keptPrefix+string(place))
		if err := forged.Restore(host); !errors.As(err, &wrong) {
			t.Errorf("the secret of %q: %v", place, err)
		}
	}
}

func TestImportKeepsTheSecretsOfThisHost(t *testing.T) {
	host := withSecrets(t)
	same := must[*Document](t)(host.Import(host.Export()))
	if c := Diff(host, same); c != nil {
		t.Errorf("importing the export changes %+v", c)
	}
	other := must[*Document](t)(Parse(host.Export()))
	set(t, other, profile, "ServiceURL", "https://b.example.com")
	moved := must[*Document](t)(host.Import(other.Text()))
	if got, _ := moved.Get(profile, "ServicePassword"); got != "" {
		t.Error("a sealed password went to another address")
	}
}

func TestCopyTakesNoSecretAlong(t *testing.T) {
	d := withSecrets(t)
	p := must[Path](t)(d.Copy(profile))
	if got := must[string](t)(d.Get(p, "ServicePassword")); got != "" {
		t.Error("the copy has the password")
	}
}

func TestOldPasswordIsTakenOutAndNeverWritten(t *testing.T) {
	d := New()
	set(t, d, placeMaintenance, "OldPassword", Typed("once"))
	if d.stored() == nil {
		t.Error("a proof may be written")
	}
	if got := d.TakeProof(); got != "once" {
		t.Errorf("proof %q", got)
	}
	if d.TakeProof() != "" || d.stored() != nil {
		t.Error("the proof is still there")
	}
}

func TestFaultsNeverShowAPassword(t *testing.T) {
	d := New()
	for _, value := range []string{"hunter2", Typed(strings.Repeat("hunter2", 20)), "argon2id:hunter2"} {
		set(t, d, placeMaintenance, "Password", value)
		faults := d.Validate()
		if len(faults) != 1 || strings.Contains(faults[0].Error(), "hunter2") {
			t.Errorf("%v", faults)
		}
	}
}
