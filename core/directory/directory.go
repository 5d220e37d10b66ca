// Package directory says whether somebody is who they say they are, and in which groups: by the accounts of this system.
//
// What asks is the modules of the system, which are others' code and may hang or crash: System runs them in a process of their
// own, which has a few seconds, knows one password, and whose end harms nobody. That process is the same program, which
// hands over to Child when it is started with ChildFlag.
package directory

import (
	"context"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits.
const (
	MaxName     = 256 // bytes of a user's name
	MaxPassword = 512 // bytes of a password, the most that PAM takes
	maxGroups   = 4096
)

// Verdict is what came of a check. All but Right are answered alike to who asked, and told apart in the log alone.
type Verdict uint8

// The verdicts. The zero value is none.
const (
	Right      Verdict = 1 // the password is right, and the account may log on
	Wrong      Verdict = 2 // the password is wrong
	Unknown    Verdict = 3 // there is no such account
	Expired    Verdict = 4 // the account has expired
	Locked     Verdict = 5 // the account is locked or disabled
	MustChange Verdict = 6 // the password has expired and must be changed first
	Denied     Verdict = 7 // the system's rules do not let this account log on here, or now
)

var verdicts = map[Verdict]string{
	Right: "right", Wrong: "wrong password", Unknown: "no such account", Expired: "the account has expired", Locked: "the account is locked",
	MustChange: "the password must be changed first", Denied: "the system's rules do not allow it",
}

func (v Verdict) String() string {
	if s := verdicts[v]; s != "" {
		return s
	}
	return "no verdict"
}

// Account is a user of this system.
type Account struct {
	Name   string
	ID     string // its number, on Windows its SID
	Group  string // number of its main group
	Home   string
	Shell  string // empty where there is none
	Groups []Group
}

// Group is a group of users.
type Group struct{ ID, Name string }

// In says whether the account is in the group of this name.
func (a Account) In(group string) bool {
	for _, g := range a.Groups {
		if g.Name == group && group != "" {
			return true
		}
	}
	return false
}

// Accounts are the users of a system. They may be asked from several goroutines.
type Accounts interface {
	// Check says whether password is the user's, who comes from this address: the system's rules and logs may look at it.
	// It is empty for who sits at this computer. An error says that it could not be found out; then nobody is let in. All
	// answers but Right take about the same time.
	Check(ctx context.Context, user, password, from string) (Verdict, error)
	// Find gives the account of a name. The error wraps ErrUnknown if there is none.
	Find(ctx context.Context, user string) (Account, error)
	// FindID is Find by the account's number.
	FindID(ctx context.Context, id string) (Account, error)
}

// Errors of Accounts.
var (
	ErrUnknown     = errors.New("no such account")
	ErrUnsupported = errors.New("the accounts of this system cannot be checked")
)

// checkName says whether a name may be given to the system's modules: none is an option, and none ends early.
func checkName(user string) bool {
	return user != "" && len(user) <= MaxName && utf8.ValidString(user) && !strings.HasPrefix(user, "-") &&
		!strings.ContainsFunc(user, func(r rune) bool { return !unicode.IsPrint(r) || r == ':' || r == '/' })
}

// checkPassword says the same of a password. An empty one opens nothing, also where the system lets it.
func checkPassword(password string) bool {
	return password != "" && len(password) < MaxPassword && !strings.ContainsRune(password, 0)
}
