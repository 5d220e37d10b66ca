package hostfile

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"impero/core/config"
	"impero/core/store"
	"impero/ui/hostmanager/backendtest"
	"impero/ui/hostmanager/presenter"
)

const (
	local       = config.Root + "/Configuration/LocalConfiguration"
	maintenance = local + "/HostComputer/Security/Maintenance"
)

func open(t *testing.T, folder string) *File {
	t.Helper()
	f, err := New(folder, "anna", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func TestConforms(t *testing.T) {
	backendtest.Conform(t, func(t *testing.T) presenter.Backend { return open(t, t.TempDir()) })
}

func TestRunningHostIsLeftAlone(t *testing.T) {
	folder := t.TempDir()
	lock, err := store.Lock(folder, lockName)
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, folder)
	var gone *presenter.GoneError
	if _, err := f.Hello(t.Context()); !errors.As(err, &gone) || !errors.Is(err, presenter.ErrGone) || !strings.Contains(gone.Error(), "End it") {
		t.Errorf("with a Host running Hello gives %v", err)
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Hello(t.Context()); err != nil {
		t.Errorf("once it has ended Hello gives %v", err)
	}
	if _, err := store.Lock(folder, lockName); err == nil {
		t.Error("a Host could start while its configuration is edited")
	}
}

func TestMaintenancePasswordIsAsked(t *testing.T) {
	folder := t.TempDir()
	hash, err := config.HashPassword("open sesame")
	if err != nil {
		t.Fatal(err)
	}
	d := config.New()
	for name, value := range map[string]string{"Password": hash, "AllOtherConfiguration": "Enabled"} {
		if err := d.Set(maintenance, name, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, config.FileName), d.Text(), 0o600); err != nil {
		t.Fatal(err)
	}
	f := open(t, folder)
	if place, err := f.Hello(t.Context()); err != nil || place.Wants != presenter.WantsMaintenance {
		t.Fatalf("Hello gives %+v, %v", place, err)
	}
	var denied *presenter.DeniedError
	if _, err := f.Open(t.Context(), presenter.Account{Maintenance: "guess"}); !errors.As(err, &denied) {
		t.Errorf("a guess gives %v", err)
	}
	if _, err := f.Load(t.Context()); err == nil {
		t.Error("the configuration is given to whoever asks")
	}
	if _, err := f.Open(t.Context(), presenter.Account{Maintenance: "open sesame"}); err != nil {
		t.Fatal(err)
	}
	s, err := f.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Document.Set(maintenance, "Password", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Apply(t.Context(), s.Document, s.Revision); !errors.As(err, &denied) {
		t.Errorf("without the old one the password is removed: %v", err)
	}
	if err := s.Document.Set(maintenance, "OldPassword", config.Typed("open sesame")); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Apply(t.Context(), s.Document, s.Revision); err != nil {
		t.Errorf("with it: %v", err)
	}
}

func TestPasswordThatNeedsTheHost(t *testing.T) {
	f := open(t, t.TempDir())
	if _, err := f.Hello(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Open(t.Context(), presenter.Account{}); err != nil {
		t.Fatal(err)
	}
	s, err := f.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Document.Set(local+"/GuestUsers/ImperoAuthentication", "Password", config.Typed("twelve letters")); err != nil {
		t.Fatal(err)
	}
	if faults, err := f.Check(t.Context(), s.Document); err != nil || len(faults) != 1 || faults[0].Message.Key != ownKey {
		t.Errorf("Check gives %v, %v", faults, err)
	}
	if _, err := f.Apply(t.Context(), s.Document, s.Revision); !errors.Is(err, errOwnKey) {
		t.Errorf("Apply gives %v", err)
	}
}

func TestBrokenFileIsTold(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, config.FileName), []byte("<ImperoHost"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := open(t, folder)
	if _, err := f.Hello(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Open(t.Context(), presenter.Account{}); err != nil {
		t.Fatal(err)
	}
	if s, err := f.Load(t.Context()); err != nil || s.Document == nil || !strings.Contains(s.Trouble.String(), "cannot be used") {
		t.Errorf("Load gives %+v, %v", s, err)
	}
}

// TestFileThatIsNotThereYet: that is said until it is.
func TestFileThatIsNotThereYet(t *testing.T) {
	f := open(t, t.TempDir())
	if _, err := f.Hello(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Open(t.Context(), presenter.Account{}); err != nil {
		t.Fatal(err)
	}
	s, err := f.Load(t.Context())
	if err != nil || !strings.Contains(s.Trouble.String(), "There is no "+f.Path()+" yet") {
		t.Fatalf("Load gives %v, %v", s.Trouble, err)
	}
	if err := s.Document.Set(local+"/HostComputer/General", "InTray", "Enabled"); err != nil {
		t.Fatal(err)
	}
	if done, err := f.Apply(t.Context(), s.Document, s.Revision); err != nil || !done.Snapshot.Trouble.Empty() {
		t.Errorf("Apply gives %v, %v", done.Snapshot.Trouble, err)
	}
}

func TestOnlyHostXML(t *testing.T) {
	if _, err := New(filepath.Join(t.TempDir(), "other.xml"), "anna", slog.New(slog.DiscardHandler)); !errors.Is(err, ErrName) {
		t.Errorf("another name gives %v", err)
	}
}
