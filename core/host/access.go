package host

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"impero/core/password"
	"impero/core/role"
	"impero/core/wire"
)

// Mode is the guest security mode: how Guests prove who they are.
type Mode uint8

const (
	ModeImpero         Mode = 0 // one password of this Host's, and one role
	ModeSystem         Mode = 1 // accounts of the system
	ModeSecurityServer Mode = 2 // not served yet: nobody can log on
	ModePortal         Mode = 3 // not served yet: nobody can log on
)

// String is the name in the user's guide.
func (m Mode) String() string {
	switch m {
	case ModeImpero:
		return "Impero authentication"
	case ModeSystem:
		return "System"
	case ModeSecurityServer:
		return "Security Server authentication"
	case ModePortal:
		return "Impero Portal access rights"
	}
	return fmt.Sprintf("mode %d", uint8(m))
}

// served says whether this version can check anybody in this mode.
func (m Mode) served() bool { return m == ModeImpero || m == ModeSystem }

// Access is who may do what at a Host, and for how long. The zero Access is what a Host has by itself: one password and the role that was
// set with it, nobody confirms, every address may connect. It is a value: what SetAccess took is not changed any more.
type Access struct {
	Mode Mode
	// Roles are the roles besides the built-in ones, or in place of one of them. Names have 1 to 64 bytes.
	Roles []role.Role
	// Password is that of ModeImpero, of a Host that does not keep it itself (Config.Keep); nil for none.
	Password *password.Verifier
	// Role is what a logon with the Host's own password gives; empty for the one set with the password.
	Role string
	// System says who of the system gets which role.
	System SystemAccess
	// Confirm is how the Host's user is asked.
	Confirm Confirm
	// Addresses says who may connect at all.
	Addresses AddressList
	// Attempts is what wrong tries lead to.
	Attempts Attempts
	// Notify is what the Host's user is told.
	Notify Notify
	// After is what happens to the computer when the last session has ended.
	After AfterSession
	// Inactivity ends a session whose Guest did not use keyboard or mouse for so long; 0 for never.
	Inactivity time.Duration
	// SessionTime ends every session after so long; 0 for never. It counts from the next session on.
	SessionTime time.Duration
	// MaxSessions is how many there may be at once, up to MaxSessions; 0 for as many.
	MaxSessions int
	// LogonTime is how long a Guest may take to log on; 0 for 5 minutes.
	LogonTime time.Duration
	// Maintenance is the password that protects this Host's settings and its running.
	Maintenance Maintenance
}

// SystemAccess is who of the system's accounts gets which role: an entry of Users for this very account, else those of
// Groups that it is in, else Default. Several entries combine. Names are compared without case.
type SystemAccess struct {
	Accounts Accounts // needed in ModeSystem
	Default  string   // a role; empty for none: who has no entry gets nothing
	Users    []Assignment
	Groups   []Assignment
}

// Assignment gives a user, or a group, of the system or of its domain a role.
type Assignment struct{ Name, Role string }

// Confirm is how the Host's user is asked where a role says so.
type Confirm struct {
	// Timeout is how long; 0 for 30 s, at most 10 minutes.
	Timeout time.Duration
	// LoggedIn says whether a user is logged in at this computer; nil if that is not known, which counts as yes.
	LoggedIn func() bool
}

// Times of Access.
const (
	confirmTime = 30 * time.Second
	maxConfirm  = 10 * time.Minute
	minIdle     = time.Minute
)

// Check says what is wrong with a; nil for nothing.
func (a Access) Check() error {
	_, err := newAccess(a)
	return err
}

func (a *Access) check() error {
	var all []error
	for i, r := range a.Roles {
		if twice := slices.ContainsFunc(a.Roles[:i], func(o role.Role) bool { return o.Name == r.Name }); twice || r.Name == "" || len(r.Name) > wire.MaxRole {
			all = append(all, fmt.Errorf("the role %q: a name has 1 to %d bytes and belongs to one role alone", r.Name, wire.MaxRole))
		}
	}
	named := []Assignment{{"Impero authentication", a.Role}, {"Default Role", a.System.Default}}
	for _, n := range append(append(named, a.System.Users...), a.System.Groups...) {
		if _, ok := role.ByName(n.Role, a.Roles...); !ok && (n.Role != "" || n.Name != named[0].Name && n.Name != named[1].Name) {
			all = append(all, fmt.Errorf("%s: no role is called %q", n.Name, n.Role))
		}
	}
	if a.Mode == ModeSystem && a.System.Accounts == nil {
		all = append(all, errors.New("system authentication: accounts of this system cannot be checked here"))
	}
	if a.Mode > ModePortal {
		all = append(all, fmt.Errorf("there is no guest security %s", a.Mode))
	}
	if a.Confirm.Timeout < 0 || a.Confirm.Timeout > maxConfirm {
		all = append(all, fmt.Errorf("the Host's user is asked for up to %s", maxConfirm))
	}
	if a.Inactivity != 0 && a.Inactivity < minIdle {
		all = append(all, fmt.Errorf("a session is ended for inactivity after %s at least", minIdle))
	}
	if a.MaxSessions < 0 || a.SessionTime < 0 || a.LogonTime < 0 {
		all = append(all, errors.New("limits of sessions are no negative numbers"))
	}
	all = append(all, a.Attempts.check(), a.After.check(), a.Maintenance.check())
	return errors.Join(all...)
}

// access is an Access that is checked, with what is computed of it once.
type access struct {
	Access
	addresses *addressList
}

func newAccess(a Access) (*access, error) {
	list, err := newAddressList(a.Addresses)
	if err = errors.Join(err, a.check()); err != nil {
		return nil, fmt.Errorf("set who may do what: %w", err)
	}
	return &access{Access: a, addresses: list}, nil
}

// identity is who a Guest proved to be.
type identity struct {
	mode    Mode
	user    string   // of the system, as the system writes it
	groups  []string // that it was in at its logon, or when it was last looked
	watches bool     // the Host's user only lets it watch
}

// watchOnly is the role of a Guest that the Host's user only lets watch.
const watchOnly = "View only"

// roleOf gives the role of who, and whether it has one. mu is held.
func (h *Host) roleOf(who identity) (role.Role, bool) {
	a := h.access
	if who.mode != a.Mode {
		return role.Role{}, false
	}
	var r role.Role
	var ok bool
	switch who.mode {
	case ModeImpero:
		r, ok = role.ByName(h.logonRole(), a.Roles...)
	case ModeSystem:
		r, ok = a.System.roleOf(who, a.Roles)
	}
	if ok && who.watches {
		r = r.Only(watchOnly, role.SeeScreen)
	}
	return r, ok
}

func (s *SystemAccess) roleOf(who identity, custom []role.Role) (role.Role, bool) {
	var roles []role.Role
	add := func(list []Assignment, name string) {
		for _, e := range list {
			if r, ok := role.ByName(e.Role, custom...); ok && strings.EqualFold(e.Name, name) {
				roles = append(roles, r)
			}
		}
	}
	add(s.Users, who.user)
	if len(roles) == 0 {
		for _, g := range who.groups {
			add(s.Groups, g)
		}
	}
	switch len(roles) {
	case 0:
		return role.ByName(s.Default, custom...)
	case 1:
		return roles[0], true
	}
	return role.Combine(roles[0].Name, roles...), true
}

// canLogOn says whether anybody could log on, so that listening makes sense. mu is held.
func (h *Host) canLogOn() bool { return h.access.Mode != ModeImpero || h.verifier != nil }

// SetAccess makes a who may do what from now on. What a Guest is allowed changes at once, in its session too: one whose role
// is gone, or whose address may not connect any more, is ended. A new Confirm counts from the next logon on. An error
// leaves everything as it was.
func (h *Host) SetAccess(a Access) error {
	next, err := newAccess(a)
	if err != nil {
		return err
	}
	h.mu.Lock()
	could := h.canLogOn()
	h.access = next
	if h.cfg.Keep != nil {
		h.verifier = a.Password
	}
	start := h.ctx != nil && !could && h.canLogOn()
	h.mu.Unlock()
	h.guard.setAttempts(a.Attempts)
	h.sayAccess(next)
	h.reconsider()
	h.changed()
	if start {
		if err := h.Start(); err != nil {
			h.log.Warn("communication is not started", "reason", err)
		}
	}
	return nil
}

// Access gives who may do what now.
func (h *Host) Access() Access { return h.rules().Access }

func (h *Host) rules() *access {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.access
}

func (h *Host) sayAccess(a *access) {
	h.log.Info("who may do what is set", "mode", a.Mode.String(), "roles", len(a.Roles), "users", len(a.System.Users), "groups", len(a.System.Groups),
		"addresses", a.addresses.String(), "inactivity", a.Inactivity)
	if !a.Mode.served() {
		h.log.Warn("nobody can log on: this Host is set to a guest security mode that this version does not have yet", "mode", a.Mode.String())
	}
}

// reconsider looks at every session again.
func (h *Host) reconsider() {
	h.mu.Lock()
	var all []*guestSession
	for _, g := range h.sessions {
		all = append(all, g)
	}
	h.mu.Unlock()
	for _, g := range all {
		g.reconsider()
	}
}

// reconsider gives the session the role that its Guest has now, or ends it.
func (g *guestSession) reconsider() {
	h := g.h
	who := g.identity()
	code, why := wire.CloseRoleEnded, ""
	switch groups, err := h.groupsNow(who); {
	case err != nil:
		why = "the account is gone: " + err.Error()
	default:
		who.groups = groups
	}
	h.mu.Lock()
	r, ok := h.roleOf(who)
	a := h.access
	h.mu.Unlock()
	if !ok && why == "" {
		why = "there is no role for this Guest any more"
	}
	if why == "" && !a.addresses.allows(g.remote()) {
		code, why = wire.CloseAddress, "the address may not connect any more"
	}
	if why != "" {
		g.log.Warn("session is ended by a change of who may do what", "session", g.id, "reason", why)
		go g.end(code)
		return
	}
	g.idle.set(a.Inactivity)
	g.setRole(r, who)
}
