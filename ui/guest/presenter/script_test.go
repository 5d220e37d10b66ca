package presenter

import (
	"context"
	"strings"
	"testing"
	"time"

	"impero/core/guest"
)

func TestScriptAnswersWhatItWasTold(t *testing.T) {
	ctx := context.Background()
	p := Script{User: "anna", Password: "secret", AcceptKey: "aaaa bbbb"}
	if yes, err := p.Identity(ctx, guest.Identity{Fingerprint: "AAAA BBBB"}); !yes || err != nil {
		t.Errorf("the key given is refused: %v", err)
	}
	if yes, err := p.Identity(ctx, guest.Identity{Fingerprint: "AAAA CCCC"}); yes || asError(err).Kind != guest.KindNotTrusted {
		t.Errorf("another key is accepted: %v", err)
	}
	p.AcceptKey = ""
	if yes, err := p.Identity(ctx, guest.Identity{Fingerprint: "AAAA BBBB"}); yes || !strings.Contains(err.Error(), "AAAA BBBB") {
		t.Errorf("a new key is accepted, or not told: %v", err)
	}
	form := guest.Form{Fields: []guest.FormField{{Kind: guest.FieldUser}, {Kind: guest.FieldPassword}}}
	if values, err := p.Logon(ctx, form); err != nil || strings.Join(values, " ") != "anna secret" {
		t.Errorf("logs on with %v, %v", values, err)
	}
	form.Failed = true
	if _, err := p.Logon(ctx, form); err == nil || asError(err).Kind != guest.KindLogonFailed || asError(err).Detail != "User or password is wrong." {
		t.Errorf("after a wrong password: %v", err)
	}
	form.Fields = form.Fields[1:]
	if _, err := p.Logon(ctx, form); err == nil || asError(err).Detail != "The password is wrong." {
		t.Errorf("after a wrong password alone: %v", err)
	}
	_, err := p.Logon(ctx, form)
	equal(t, "words", Explain(err).Text.String(), "The password is wrong.")
	_, err = p.Identity(ctx, guest.Identity{Fingerprint: "AAAA BBBB"})
	equal(t, "words", Explain(err).Text.String(), "The Host is new and its fingerprint is AAAA BBBB. Compare it, then give it with --accept-key.")
	_, err = p.Identity(ctx, guest.Identity{Fingerprint: "AAAA BBBB", KnownAs: []string{"till-042", "till-042:7000"}})
	equal(t, "words", Explain(err).Text.String(), "This is the Host that you know as till-042, till-042:7000, under another address or port. "+
		"If it is the one you mean, give its fingerprint with --accept-key: AAAA BBBB.")
	form = guest.Form{Fields: []guest.FormField{{Kind: guest.FieldSecret, Label: "Code"}}}
	if _, err := p.Logon(ctx, form); err == nil || asError(err).Kind != guest.KindLogonFailed {
		t.Errorf("an unknown question is answered: %v", err)
	}
	form.Fields = []guest.FormField{{Kind: guest.FieldUser}, {Kind: guest.FieldPassword}}
	_, err = Script{}.Logon(ctx, form)
	equal(t, "what is missing", asError(err).Detail, "The Host asks for a user: give it with -U; and for a password: give it with -P.")
	_, err = Script{Password: "secret"}.Logon(ctx, form)
	equal(t, "what is missing", asError(err).Detail, "The Host asks for a user: give it with -U.")
	var waits time.Duration
	var w guest.Waiter = Script{Waits: func(limit time.Duration) { waits = limit }}
	w.AskingUser(30 * time.Second)
	equal(t, "it waits", waits, 30*time.Second)
	Script{}.AskingUser(time.Second) // nobody is told
}
