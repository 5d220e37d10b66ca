package password

import (
	"crypto/hmac"
	"fmt"
	"log/slog"

	"github.com/bytemare/opaque"
)

// Attempt is the Host's side of one try.
type Attempt struct {
	mac []byte // what the Guest must send; nil once it was compared
}

// Begin answers a Guest's KE1. binding is the 32 bytes both ends of the connection share and nobody else. The answer has
// KE2Len bytes and takes as long whether there is such a user or not: a caller counts a try from here on, since the
// answer lets the Guest check one guess. An error is a KE1 that no Guest sends; it wraps ErrMalformed.
func (v *Verifier) Begin(binding []byte, user string, ke1 []byte) (ke2 []byte, a *Attempt, err error) {
	if err := checkBinding(binding); err != nil {
		return nil, nil, fmt.Errorf("begin proof: %w", err)
	}
	if err := checkUser(user); err != nil {
		return nil, nil, fmt.Errorf("begin proof: %w: %w", ErrMalformed, err)
	}
	id := identity(user)
	v.mu.RLock()
	server, keys, record := v.server, v.keys, v.users[string(id)]
	v.mu.RUnlock()

	s, err := keys.server(server, binding)
	if err != nil {
		return nil, nil, fmt.Errorf("begin proof: %w", err)
	}
	request, err := s.Deserialize.KE1(ke1)
	if err != nil {
		return nil, nil, fmt.Errorf("begin proof: %w: %w", ErrMalformed, err)
	}
	fake, err := keys.fakeRecord(id) // for every user, so that it takes the same time
	if err != nil {
		return nil, nil, fmt.Errorf("begin proof: %w", err)
	}
	if record == nil {
		record = fake
	}
	registration, err := s.Deserialize.RegistrationRecord(record)
	if err != nil {
		return nil, nil, fmt.Errorf("begin proof: read record: %w", err)
	}
	answer, secret, err := s.GenerateKE2(request, &opaque.ClientRecord{
		RegistrationRecord: registration, CredentialIdentifier: credential(id), ClientIdentity: id,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("begin proof: %w: %w", ErrMalformed, err)
	}
	clear(secret.SessionSecret)
	return answer.Serialize(), &Attempt{mac: secret.ClientMAC}, nil
}

// Finish checks the Guest's KE3 in constant time: nil if the Guest knows the password, else ErrWrong. KE3 may be of any
// length; a Guest that found the password wrong sends none. A second call is ErrWrong.
func (a *Attempt) Finish(ke3 []byte) error {
	mac := a.mac
	a.mac = nil
	defer clear(mac)
	if len(mac) != KE3Len || !hmac.Equal(mac, ke3) {
		return ErrWrong
	}
	return nil
}

// Format shows nothing of the proof for any verb.
func (a Attempt) Format(f fmt.State, _ rune) { fmt.Fprint(f, a.String()) }

// String shows nothing of the proof.
func (a Attempt) String() string { return "attempt of a password proof" }

// LogValue is String.
func (a Attempt) LogValue() slog.Value { return slog.StringValue(a.String()) }
