package host

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"impero/core/config"
)

// Maintenance is the password that protects this Host from its own user, in three scopes. Without a Hash nothing is
// protected.
type Maintenance struct {
	Hash          string // as HashMaintenance gives it
	GuestAccess   bool   // Guest access security: passwords, roles, who may log on
	Configuration bool   // all other configuration
	Exit          bool   // program exit and Stop Host
}

// Scope is what the maintenance password protects.
type Scope uint8

const (
	ScopeGuestAccess   Scope = 1
	ScopeConfiguration Scope = 2
	ScopeExit          Scope = 3
	ScopePassword      Scope = 4 // the maintenance password itself, which is protected wherever there is one
)

// String is the name in the user's guide.
func (s Scope) String() string {
	switch s {
	case ScopeGuestAccess:
		return "Guest access security"
	case ScopeConfiguration:
		return "All other configuration"
	case ScopeExit:
		return "Program exit and Stop Host"
	case ScopePassword:
		return "Maintenance password"
	}
	return fmt.Sprintf("scope %d", uint8(s))
}

// Protects says whether the password is asked for in a scope. A scope that is not known is protected.
func (m Maintenance) Protects(s Scope) bool {
	if m.Hash == "" {
		return false
	}
	switch s {
	case ScopeGuestAccess:
		return m.GuestAccess
	case ScopeConfiguration:
		return m.Configuration
	case ScopeExit:
		return m.Exit
	}
	return true
}

func (m Maintenance) scopes() (list []Scope) {
	for _, s := range []Scope{ScopeGuestAccess, ScopeConfiguration, ScopeExit} {
		if m.Protects(s) {
			list = append(list, s)
		}
	}
	return list
}

func (m Maintenance) check() error {
	if m.Hash == "" {
		return nil
	}
	if !config.IsHash(m.Hash) {
		return errors.New("maintenance password: it is damaged, or not kept in the form that this Host writes: set it anew")
	}
	return nil
}

// Matches says whether pw is the password. It takes 64 MiB and a tenth of a second or more, wrong or right.
func (m Maintenance) Matches(pw string) bool {
	return config.CheckHash(m.Hash, pw)
}

// HashMaintenance makes the form of a maintenance password that is kept. It has the length of every password of a Host's.
func HashMaintenance(pw string) (string, error) {
	if err := CheckPassword(pw); err != nil {
		return "", err
	}
	return config.HashPassword(pw)
}

// ErrMaintenance says that the maintenance password is wrong.
var ErrMaintenance = errors.New("the maintenance password is wrong")

// MaintenanceLockedError says that the maintenance password is not taken for a while, after too many wrong ones.
type MaintenanceLockedError struct{ Wait time.Duration }

func (e *MaintenanceLockedError) Error() string {
	return fmt.Sprintf("the maintenance password is not taken for %s, after too many wrong ones", e.Wait.Round(time.Second))
}

// ruleMaintenance is for whoever sits at the computer: 5 wrong tries, then locks from half a minute to a quarter of an hour.
var ruleMaintenance = rule{name: "maintenance", first: 5, next: 3, lock: 30 * time.Second, longest: 15 * time.Minute, forget: 24 * time.Hour, most: 256}

// maintainers counts tries of the maintenance password, and has one be computed at a time.
type maintainers struct {
	mu    sync.Mutex
	tries tally[string] // by who tried
}

// CheckMaintenance says whether what a scope protects may be done by somebody with this password. Errors are
// ErrMaintenance and a *MaintenanceLockedError.
func (h *Host) CheckMaintenance(s Scope, pw string) error { return h.CheckMaintenanceOf("", s, pw) }

// CheckMaintenanceOf is CheckMaintenance for one of several who may try, as the caller tells them apart: whoever is wrong too
// often locks nobody else out.
func (h *Host) CheckMaintenanceOf(who string, s Scope, pw string) error {
	m := h.rules().Maintenance
	if !m.Protects(s) {
		return nil
	}
	h.maintainers.mu.Lock()
	defer h.maintainers.mu.Unlock()
	now := time.Now()
	if lock := h.maintainers.tries.locked(who, now); lock > 0 {
		return &MaintenanceLockedError{lock}
	}
	try := h.maintainers.tries.try(who, now)
	if m.Matches(pw) {
		delete(h.maintainers.tries.of, who)
		h.log.Info("the maintenance password was given", "scope", s.String())
		return nil
	}
	h.log.Warn("wrong maintenance password", "scope", s.String(), "left", try.left)
	if try.lock > 0 {
		return &MaintenanceLockedError{try.lock}
	}
	return ErrMaintenance
}
