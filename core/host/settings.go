package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"unicode/utf8"

	"impero/core/key"
	"impero/core/logs/event"
	"impero/core/password"
	"impero/core/role"
	"impero/core/store"
)

// Lengths of a Host's password, in characters.
const (
	MinPassword = 12
	MaxPassword = 64
)

// PasswordError says that a password has Length characters, which is not what is allowed.
type PasswordError struct{ Length int }

func (e *PasswordError) Error() string {
	return fmt.Sprintf("the password has %d characters; it needs %d to %d", e.Length, MinPassword, MaxPassword)
}

// CheckPassword says whether pw may be a Host's password.
func CheckPassword(pw string) error {
	if n := utf8.RuneCountInString(pw); n < MinPassword || n > MaxPassword {
		return &PasswordError{Length: n}
	}
	return nil
}

// logonSettings is the file logon.json: who may log on, and with what.
type logonSettings struct {
	Role     string          `json:"role"`
	Verifier json.RawMessage `json:"verifier,omitempty"` // of package password; nothing to guess quickly against
}

const (
	logonVersion = 1
	identityFile = "identity.key"
	logonFile    = "logon.json"
	identityMax  = 4 << 10
)

// loadIdentity reads the Host's key, and makes one at first start.
func loadIdentity(home store.Home, log *slog.Logger) (*key.Identity, error) {
	path := filepath.Join(home.HostDir(), identityFile)
	if err := keepPrivate(path, log); err != nil {
		return nil, fmt.Errorf("read the Host's identity: %w", err)
	}
	text, err := store.ReadFile(path, identityMax)
	if errors.Is(err, fs.ErrNotExist) {
		id, err := key.Generate()
		if err != nil {
			return nil, fmt.Errorf("make the Host's identity: %w", err)
		}
		if err := store.WriteFile(path, id.Text(), 0o600); err != nil {
			return nil, fmt.Errorf("keep the Host's identity: %w", err)
		}
		return id, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the Host's identity: %w", err)
	}
	id, err := key.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("read the Host's identity in %s: %w", path, err)
	}
	return id, nil
}

// keepPrivate takes a secret file from all but its owner, as a copy or a restored backup may not be.
func keepPrivate(path string, log *slog.Logger) error {
	changed, err := store.KeepPrivate(path)
	if changed {
		log.Warn("a secret file could be read by others; now only by its owner", "file", path)
	}
	return err
}

func (h *Host) logonPath() string { return filepath.Join(h.cfg.Home.HostDir(), logonFile) }

func (h *Host) loadLogon() error {
	h.logon = logonSettings{Role: role.FullControl().Name}
	if err := keepPrivate(h.logonPath(), h.log); err != nil {
		return fmt.Errorf("read who may log on: %w", err)
	}
	_, err := store.LoadJSON(h.logonPath(), logonVersion, &h.logon)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read who may log on: %w", err)
	}
	if _, ok := role.ByName(h.logon.Role, h.access.Roles...); !ok {
		return fmt.Errorf("read who may log on: %s: no role is called %q", h.logonPath(), h.logon.Role)
	}
	if len(h.logon.Verifier) == 0 {
		return nil
	}
	v := new(password.Verifier)
	if err := json.Unmarshal(h.logon.Verifier, v); err != nil {
		return fmt.Errorf("read who may log on: %s: %w", h.logonPath(), err)
	}
	if !h.Owns(v) { // the key file was replaced: no proof would hold
		h.log.Error("the password was set for another identity of this Host and must be set anew", "file", h.logonPath())
		return nil
	}
	h.verifier = v
	return nil
}

// NewVerifier makes what is kept of a password for this Host; it is of use to no other. The error is a *PasswordError, or one
// of the system.
func (h *Host) NewVerifier(pw string) (*password.Verifier, error) {
	if err := CheckPassword(pw); err != nil {
		return nil, err
	}
	v, err := password.NewVerifier(h.identity.Public())
	if err != nil {
		return nil, err
	}
	return v, v.SetPassword("", pw)
}

// Owns says whether a verifier was made for this Host, so that a proof holds.
func (h *Host) Owns(v *password.Verifier) bool { return v.Server().Equal(h.identity.Public()) }

// SetPassword makes pw the password that Guests log on with, from the next logon on. If nothing listened for want of a
// password, it listens now.
func (h *Host) SetPassword(pw string) error { return h.SetLogon(pw, "") }

// SetLogon is SetPassword that also chooses the role a logon gives; an empty role stays as it was.
func (h *Host) SetLogon(pw, roleName string) error {
	if err := CheckPassword(pw); err != nil {
		return err
	}
	if _, ok := role.ByName(roleName, h.rules().Roles...); roleName != "" && !ok {
		return fmt.Errorf("no role is called %q; there are %q and %q", roleName, role.FullControl().Name, role.ViewOnly().Name)
	}
	v, err := h.NewVerifier(pw)
	if err != nil {
		return err
	}
	if h.cfg.Keep != nil {
		if err := h.cfg.Keep(v, roleName); err != nil {
			return fmt.Errorf("keep the password: %w", err)
		}
		return nil
	}
	return h.keepLogon(v, roleName)
}

// keepLogon keeps a password and its role in logon.json, and puts them into force.
func (h *Host) keepLogon(v *password.Verifier, roleName string) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write the password's verifier: %w", err)
	}
	h.mu.Lock()
	next := h.logon
	next.Verifier = raw
	if roleName != "" {
		next.Role = roleName
	}
	if err := store.SaveJSON(h.logonPath(), logonVersion, &next); err != nil {
		h.mu.Unlock()
		return fmt.Errorf("keep the password: %w", err)
	}
	first := !h.canLogOn() && h.ctx != nil
	now := *h.access
	h.logon, h.verifier, h.access = next, v, &now
	h.mu.Unlock()
	h.log.Info("password set", "role", next.Role)
	h.record(event.Configured, event.Guest{}, "password set, role "+next.Role)
	h.reconsider()
	h.changed()
	if first {
		if err := h.Start(); err != nil {
			h.log.Warn("communication is not started", "reason", err)
		}
	}
	return nil
}
