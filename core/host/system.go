package host

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"impero/core/password"
	"impero/core/session"
	"impero/core/wire"
)

// Accounts are the accounts of the system and of its domain. Their methods may be called from several goroutines, take
// long, and return soon after ctx ends.
type Accounts interface {
	// Check asks the system whether the password of an account, typed at an address, is right and it may be used now.
	// The password is not empty, and cleared when Check has returned. An error means that the system could not be asked.
	Check(ctx context.Context, user string, password []byte, from netip.Addr) (Result, error)
	// Groups lists the groups that an account is in. ErrNoAccount means that there is no such account any more.
	Groups(user string) ([]string, error)
}

// ErrNoAccount says that the system has no such account.
var ErrNoAccount = errors.New("the system has no such account")

// Result is what the system says of an account.
type Result struct {
	Outcome Outcome
	// User is the account as the system writes it, where that may be otherwise than it was typed; empty if it is the same.
	// Roles are given to this name.
	User string
}

// Outcome says whether somebody may log on with an account. The zero Outcome is not right.
type Outcome uint8

const (
	Right      Outcome = 1
	Wrong      Outcome = 2 // the password
	Unknown    Outcome = 3 // the account
	Expired    Outcome = 4 // the account, or its password
	Locked     Outcome = 5 // or disabled
	MustChange Outcome = 6 // the password is right and must be changed first
)

// String is for the log: a Guest is told of all but Right the same.
func (o Outcome) String() string {
	switch o {
	case Right:
		return "right"
	case Wrong:
		return "the password is wrong"
	case Unknown:
		return "there is no such account"
	case Expired:
		return "the account or its password has expired"
	case Locked:
		return "the account is locked"
	case MustChange:
		return "the password must be changed first"
	}
	return fmt.Sprintf("outcome %d", uint8(o))
}

// Limits of what the system is asked.
const (
	maxChecks  = 4               // at once: a check may cost a process or a connection
	answerStep = time.Second     // a refusal is told at the next full step since the try began, so that its time tells little
	checkTime  = 2 * time.Minute // a person may have to confirm the logon elsewhere
)

// withoutRole is the kind of wrongError of who may log on to the system, and not to the Host.
const withoutRole = -2

// wrongError is a try that was wrong: what the log says of it.
type wrongError struct {
	of  int // tells kinds apart
	why string
}

func (e *wrongError) Error() string { return e.why }
func (e *wrongError) Unwrap() error { return password.ErrWrong }

// system checks one try with an account of the system. The try is counted before the system is asked.
func (h *Host) system(ctx context.Context, _ *session.Dialogue, start *wire.LogonStart, from place) (identity, guess, error) {
	began := time.Now()
	defer clear(start.Data)
	l, err := wire.ParseSystemLogon(start)
	if err != nil {
		return identity{}, guess{}, &wire.Violation{Code: wire.CloseProtocol, Err: err}
	}
	accounts := h.rules().System.Accounts
	if accounts == nil { // the mode was changed since the offer
		return identity{}, guess{}, &logonEnd{code: wire.CloseNoLogon, why: errors.New("the way to log on was changed meanwhile"), user: l.User}
	}
	try := h.guard.try(from, l.User)
	if !try.ok {
		return identity{}, try, errLockedOut
	}
	result, err := h.checkAccount(ctx, accounts, l, from.ip)
	if ctx.Err() != nil {
		return identity{}, try, ctx.Err()
	}
	if err == nil && result.Outcome == Right {
		who := identity{mode: ModeSystem, user: l.User}
		if result.User != "" {
			who.user = result.User
		}
		if who.groups, err = accounts.Groups(who.user); err == nil && h.hasRole(who) {
			return who, try, nil
		}
	}
	wrong := &wrongError{int(result.Outcome), result.Outcome.String()}
	switch {
	case err != nil:
		wrong = &wrongError{-1, "the system could not be asked: " + err.Error()}
	case result.Outcome == Right: // told as the others are: else a Guest would learn that it knows a password
		wrong = &wrongError{withoutRole, "the password is right, but no role is given to the account"}
	}
	if err := sleep(ctx, answerStep-time.Since(began)%answerStep); err != nil {
		return identity{}, try, err
	}
	return identity{}, try, wrong
}

// checkAccount asks the system, of which only so much is asked at once.
func (h *Host) checkAccount(ctx context.Context, accounts Accounts, l *wire.SystemLogon, from netip.Addr) (Result, error) {
	defer clear(l.Password)
	select {
	case h.checks <- struct{}{}:
		defer func() { <-h.checks }()
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	return accounts.Check(ctx, l.User, l.Password, from)
}

// groupsNow gives the groups of a Guest's account now. An error means that there is no such account any more: what a
// directory that does not answer would say is taken to be what it said before.
func (h *Host) groupsNow(who identity) ([]string, error) {
	accounts := h.rules().System.Accounts
	if who.mode != ModeSystem || accounts == nil {
		return who.groups, nil
	}
	groups, err := accounts.Groups(who.user)
	switch {
	case errors.Is(err, ErrNoAccount):
		return nil, err
	case err != nil:
		h.log.Warn("the groups of an account could not be asked for; those it had are taken", "user", who.user, "reason", err)
		return who.groups, nil
	}
	return groups, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
