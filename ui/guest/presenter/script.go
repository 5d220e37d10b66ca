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

// Identity implements guest.Prompter.
func (s Script) Identity(_ context.Context, id guest.Identity) (bool, error) {
	refused := &guest.Error{Kind: guest.KindNotTrusted, Target: id.Target}
	switch {
	case s.AcceptKey == "":
		refused.Detail = "the Host is new and its fingerprint is " + id.Fingerprint + "; compare it, then give it with --accept-key"
	case plain(s.AcceptKey) != plain(id.Fingerprint):
		refused.Detail = "the Host's fingerprint is " + id.Fingerprint + ", not the one given with --accept-key"
	default:
		return true, nil
	}
	return false, refused
}

// plain is a fingerprint without spaces, in upper case.
func plain(fingerprint string) string {
	return strings.ToUpper(strings.Join(strings.Fields(fingerprint), ""))
}

// Logon implements guest.Prompter.
func (s Script) Logon(_ context.Context, f guest.Form) ([]string, error) {
	refused := &guest.Error{Kind: guest.KindLogonFailed, Target: f.Target}
	if f.Failed {
		refused.Detail = "user or password is wrong"
		if onlyPassword(f) {
			refused.Detail = "the password is wrong"
		}
		return nil, refused
	}
	values, whole := Logon{User: s.User, Password: s.Password}.fill(&f)
	if !whole {
		refused.Detail = "the Host asks for more than -U and -P give"
		return nil, refused
	}
	return values, nil
}
