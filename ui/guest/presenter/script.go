package presenter

import (
	"context"
	"strings"

	"impero/core/guest"
)

// Script stands for a person who has said everything in advance: it answers
// once, and refuses what it was not told. It is safe for concurrent use.
type Script struct {
	User, Password string
	// AcceptKey is the fingerprint of a Host that is not known yet; spaces and
	// case do not count. Empty accepts none.
	AcceptKey string
}

// Progress implements guest.Prompter.
func (Script) Progress(guest.Step) {}

// refusal is why a Script refused, in a sentence for people.
type refusal string

func (r refusal) Error() string { return string(r) }

func refuse(kind guest.Kind, t guest.Target, why string) error {
	return &guest.Error{Kind: kind, Target: t, Detail: why, Err: refusal(why)}
}

// Identity implements guest.Prompter.
func (s Script) Identity(_ context.Context, id guest.Identity) (bool, error) {
	switch {
	case s.AcceptKey == "":
		return false, refuse(guest.KindNotTrusted, id.Target,
			"The Host is new and its fingerprint is "+id.Fingerprint+". Compare it, then give it with --accept-key.")
	case plain(s.AcceptKey) != plain(id.Fingerprint):
		return false, refuse(guest.KindNotTrusted, id.Target,
			"The Host's fingerprint is "+id.Fingerprint+", not the one given with --accept-key. Nothing was sent.")
	}
	return true, nil
}

// plain is a fingerprint without spaces, in upper case.
func plain(fingerprint string) string {
	return strings.ToUpper(strings.Join(strings.Fields(fingerprint), ""))
}

// Logon implements guest.Prompter.
func (s Script) Logon(_ context.Context, f guest.Form) ([]string, error) {
	no := func(why string) ([]string, error) { return nil, refuse(guest.KindLogonFailed, f.Target, why) }
	switch {
	case f.Failed && onlyPassword(f):
		return no("The password is wrong.")
	case f.Failed:
		return no("User or password is wrong.")
	}
	values, whole := Logon{User: s.User, Password: s.Password}.fill(&f)
	if !whole {
		return no("The Host asks for more than -U and -P give.")
	}
	return values, nil
}
