package password

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha512"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"

	"github.com/bytemare/opaque"

	"impero/core/key"
)

// Verifier is what a Host keeps of its accounts' passwords: keys of its own, and a record an account. The account of a
// Host's own password has the empty name. Its zero value is only good to unmarshal into.
type Verifier struct {
	mu     sync.RWMutex
	server key.Public        // guards: everything below
	keys   keys              //
	users  map[string][]byte // record by user name in normal form C
}

// keys are a Host's own, made once.
type keys struct {
	seed    []byte // of each account's OPRF key
	private []byte // of the key exchange
	fake    []byte // of what unknown accounts are answered with
}

// NewVerifier makes a Verifier without accounts for the Host with this key.
func NewVerifier(server key.Public) (*Verifier, error) {
	if server.IsZero() {
		return nil, fmt.Errorf("make verifier: %w", key.ErrKey)
	}
	v := &Verifier{server: server, users: map[string][]byte{}}
	private, _ := configuration(nil).KeyGen()
	v.keys = keys{seed: make([]byte, seedLen), private: private.Encode(), fake: make([]byte, seedLen)}
	rand.Read(v.keys.seed)
	rand.Read(v.keys.fake)
	return v, nil
}

// Server is the key of the Host that v was made for; with another the proofs do not hold.
func (v *Verifier) Server() key.Public {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.server
}

// SetPassword sets an account's password, and makes the account if there is none. It takes as long as a logon does on
// the Guest: one Argon2id. Which passwords are good enough is for the caller to say; here 1 to MaxPassword characters.
func (v *Verifier) SetPassword(user, password string) error {
	if err := checkUser(user); err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	if err := checkPassword(password); err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	v.mu.RLock()
	server, keys := v.server, v.keys
	v.mu.RUnlock()
	record, err := keys.register(server, identity(user), prepare(password))
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if name := string(identity(user)); v.users[name] != nil || len(v.users) < MaxUsers {
		v.users[name] = record
		return nil
	}
	return fmt.Errorf("set password: there are %d accounts, no more are kept", MaxUsers)
}

// Remove removes an account. It is not an error if there is none.
func (v *Verifier) Remove(user string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.users, string(identity(user)))
}

// Users lists the accounts by name.
func (v *Verifier) Users() []string {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return slices.Sorted(maps.Keys(v.users))
}

// Format shows nothing of the keys and records for any verb.
func (v *Verifier) Format(f fmt.State, _ rune) { fmt.Fprint(f, v.String()) }

// String shows nothing of the keys and records.
func (v *Verifier) String() string { return "password verifier" }

// GoString is String.
func (v *Verifier) GoString() string { return v.String() }

// LogValue is String.
func (v *Verifier) LogValue() slog.Value { return slog.StringValue(v.String()) }

// server makes the library's server for one binding.
func (k keys) server(server key.Public, binding []byte) (*opaque.Server, error) {
	c := configuration(binding)
	s, err := c.Server()
	if err != nil {
		return nil, err
	}
	private, err := s.Deserialize.DecodePrivateKey(k.private)
	if err != nil {
		return nil, err
	}
	id := server.Bytes()
	return s, s.SetKeyMaterial(&opaque.ServerKeyMaterial{
		PrivateKey:     private,
		PublicKeyBytes: c.AKE.Group().Base().Multiply(private).Encode(),
		OPRFGlobalSeed: k.seed,
		Identity:       id[:],
	})
}

// credential names an account to the key derivation, which takes no empty name.
func credential(user []byte) []byte { return append([]byte("user "), user...) }

// register makes an account's record, playing both sides, and erases password.
func (k keys) register(host key.Public, user, password []byte) ([]byte, error) {
	defer clear(password)
	server, err := k.server(host, nil)
	if err != nil {
		return nil, err
	}
	client, err := configuration(nil).Client()
	if err != nil {
		return nil, err
	}
	defer client.ClearState()
	request, err := client.RegistrationInit(password)
	if err != nil {
		return nil, err
	}
	response, err := server.RegistrationResponse(request, credential(user), nil)
	if err != nil {
		return nil, err
	}
	id := host.Bytes()
	record, export, err := client.RegistrationFinalize(response, user, id[:], stretch())
	if err != nil {
		return nil, err
	}
	clear(export)
	return record.Serialize(), nil
}

// fakeRecord is what an account that does not exist is answered with: always the same for the same name, a client key
// whose private key nobody knows, and an envelope that opens for no password (RFC 9807, 6.3.2.2).
func (k keys) fakeRecord(user []byte) ([]byte, error) {
	material, err := hkdf.Expand(sha512.New, k.fake, "impero v1 fake record\x00"+string(user), 2*maskingLen)
	if err != nil {
		return nil, fmt.Errorf("make fake record: %w", err)
	}
	defer clear(material)
	public := opaque.RistrettoSha512.Group().HashToGroup(material[maskingLen:], []byte("impero v1 fake client key"))
	record := make([]byte, recordLen)
	copy(record, public.Encode())
	copy(record[elementLen:], material[:maskingLen])
	return record, nil
}
