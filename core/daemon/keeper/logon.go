package keeper

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"impero/core/config"
	"impero/core/password"
	"impero/core/store"
)

// Where the way to log on is in a document.
const (
	placeLocal = config.Root + "/Configuration/LocalConfiguration"
	placeLogon = placeLocal + "/GuestUsers/ImperoAuthentication"
)

// keep keeps a password that was set, and the role that goes with it, if one is named. It is the Host's Config.Keep.
func (k *Keeper) keep(v *password.Verifier, role string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	text, err := verifierText(v)
	if err != nil {
		return err
	}
	k.look()
	next := k.doc.Clone()
	if err := setLogon(next, text, role); err != nil {
		return err
	}
	if faults := next.Validate(); len(faults) > 0 {
		return &config.InvalidError{Faults: faults}
	}
	if _, err = k.put(next, "whoever set the password"); err == nil {
		k.log.Info("password set", "role", k.now.access.Role)
	}
	return err
}

// setLogon puts a verifier and a role, if one is named, into a document.
func setLogon(d *config.Document, verifier, role string) error {
	if err := d.Set(placeLogon, "Password", config.Typed("verifier")); err != nil {
		return err
	}
	if role != "" {
		if err := d.Set(placeLogon, "Role", role); err != nil {
			return err
		}
	}
	return d.Protect(func(config.SecretForm, string) (string, error) { return verifier, nil })
}

// What releases before host.xml kept a password in.
const (
	formerFile    = "logon.json"
	formerVersion = 1
	takenOver     = ".taken-over"
)

type former struct {
	Role     string          `json:"role"`
	Verifier json.RawMessage `json:"verifier,omitempty"`
}

// bring writes the first configuration, and takes over the password of a former release, once.
func (k *Keeper) bring(log *slog.Logger) error {
	changed, err := k.file.Changed() // there is none
	if err != nil {
		return err
	}
	first := k.stamp().IsZero() && !changed
	old := filepath.Join(k.o.Home.HostDir(), formerFile)
	if _, err := store.KeepPrivate(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("take over the password of a former release: %w", err)
	}
	var f former
	_, err = store.LoadJSON(old, formerVersion, &f)
	there := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("take over the password of a former release: %w", err)
	}
	if there {
		if err := k.takeOver(f, log); err != nil {
			return err
		}
	}
	if !first && !there {
		return nil
	}
	if err := k.file.Save(k.doc); err != nil {
		return err
	}
	if there {
		return os.Rename(old, old+takenOver)
	}
	return nil
}

// takeOver puts a former release's password into the document, unless it has one.
func (k *Keeper) takeOver(f former, log *slog.Logger) error {
	v, err := k.doc.Values()
	if err != nil {
		return err
	}
	if v.GuestUsers.ImperoAuthentication.Password != "" || len(f.Verifier) == 0 {
		log.Info("the password file of a former release is not needed", "file", formerFile)
		return nil
	}
	next := k.doc.Clone()
	if err := setLogon(next, string(f.Verifier), f.Role); err != nil {
		return err
	}
	if faults := next.Validate(); len(faults) > 0 {
		return fmt.Errorf("take over the password of a former release: %w", faults[0])
	}
	log.Info("the password of a former release was taken over", "file", formerFile, "role", f.Role)
	k.doc = next
	return nil
}
