package presenter

import (
	"context"
	"strings"
	"testing"

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
	form = guest.Form{Fields: []guest.FormField{{Kind: guest.FieldSecret, Label: "Code"}}}
	if _, err := p.Logon(ctx, form); err == nil || asError(err).Kind != guest.KindLogonFailed {
		t.Errorf("an unknown question is answered: %v", err)
	}
}
