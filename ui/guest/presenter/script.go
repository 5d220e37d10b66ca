package presenter

import (
	"context"
	"strings"
	"time"

	"impero/core/guest"
)

// Script stands for a person who has said everything in advance: it answers
// once, and refuses what it was not told. It is safe for concurrent use.
type Script struct {
	User, Password string
	// AcceptKey is the fingerprint of a Host that is not known yet; spaces and
	// case do not count. Empty accepts none.
	AcceptKey string
	// Waits is told that the Host's user is being asked, and for how long at most;
	// nil for nobody.
	Waits func(limit time.Duration)
}

// AskingUser implements guest.Waiter.
func (s Script) AskingUser(limit time.Duration) {
	if s.Waits != nil {
		s.Waits(limit)
	}
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
	case s.AcceptKey == "" && len(id.KnownAs) > 0:
		return false, refuse(guest.KindNotTrusted, id.Target, "This is the Host that you know as "+strings.Join(id.KnownAs, ", ")+
			", under another address or port. If it is the one you mean, give its fingerprint with --accept-key: "+id.Fingerprint+".")
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

// wanted says what a form asks for that was not given, and how to give it.
func wanted(fields []guest.FormField, values []string) string {
	var list []string
	for i, f := range fields {
		switch {
		case values[i] != "":
		case f.Kind == guest.FieldUser:
			list = append(list, "a user: give it with -U")
		case f.Kind == guest.FieldPassword:
			list = append(list, "a password: give it with -P")
		default:
			list = append(list, "\""+f.Label+"\", which only a person can answer, in the window")
		}
	}
	if len(list) == 0 {
		return "what only a person can answer, in the window"
	}
	return strings.Join(list, "; and for ")
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
		return no("The Host asks for " + wanted(f.Fields, values) + ".")
	}
	return values, nil
}
