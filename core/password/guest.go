package password

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/bytemare/opaque"

	"impero/core/key"
)

// Proof is the Guest's side of one try.
type Proof struct {
	client  *opaque.Client // nil once it was used
	user    []byte
	options *opaque.ClientOptions // stretch; a fuzz test makes it cheap
}

// Begin begins to prove a user's password and gives KE1. binding is the 32 bytes both ends of the connection share and
// nobody else. Any text may be tried, also one that could not be set.
func Begin(binding []byte, user, password string) (p *Proof, ke1 []byte, err error) {
	if err := checkBinding(binding); err != nil {
		return nil, nil, fmt.Errorf("begin proof: %w", err)
	}
	if err := checkUser(user); err != nil {
		return nil, nil, fmt.Errorf("begin proof: %w", err)
	}
	if len(password) > maxTyped {
		return nil, nil, fmt.Errorf("begin proof: a password of %d bytes, at most %d are tried", len(password), maxTyped)
	}
	client, err := configuration(binding).Client()
	if err != nil {
		return nil, nil, fmt.Errorf("begin proof: %w", err)
	}
	secret := prepare(password)
	defer clear(secret)
	m, err := client.GenerateKE1(secret)
	if err != nil {
		return nil, nil, fmt.Errorf("begin proof: %w", err)
	}
	return &Proof{client: client, user: identity(user), options: stretch()}, m.Serialize(), nil
}

// Finish takes the Host's KE2 and gives KE3. hostKey is the key the Host proved in the handshake. Once it returns
// without an error, the Host has proved that it knows the account too. It takes 64 MiB and one Argon2id, the same
// whether the password is right or not. The error is ErrWrong, or wraps ErrMalformed if no Host sends such a KE2. p is of
// no further use.
func (p *Proof) Finish(hostKey key.Public, ke2 []byte) (ke3 []byte, err error) {
	if p.client == nil {
		return nil, errors.New("finish proof: it was used already")
	}
	client := p.client
	p.client = nil
	defer client.ClearState()
	m, err := client.Deserialize.KE2(ke2)
	if err != nil {
		return nil, fmt.Errorf("finish proof: %w: %w", ErrMalformed, err)
	}
	id := hostKey.Bytes()
	last, session, export, err := client.GenerateKE3(m, p.user, id[:], p.options)
	clear(session)
	clear(export)
	if err != nil {
		return nil, ErrWrong
	}
	return last.Serialize(), nil
}

// Format shows nothing of the proof for any verb.
func (p Proof) Format(f fmt.State, _ rune) { fmt.Fprint(f, p.String()) }

// String shows nothing of the proof.
func (p Proof) String() string { return "password proof" }

// LogValue is String.
func (p Proof) LogValue() slog.Value { return slog.StringValue(p.String()) }
