package password

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"impero/core/key"
)

const textVersion = 1

// suiteName tells a reader of the file what the version stands for.
const suiteName = "OPAQUE-3DH ristretto255-SHA512 HKDF-SHA512 HMAC-SHA512 Argon2id(3, 64 MiB, 4)"

// verifierText is a Verifier's JSON form. Bytes are in hexadecimal.
type verifierText struct {
	Version int               `json:"version"`
	Suite   string            `json:"suite"`
	Server  key.Public        `json:"server"`
	Seed    string            `json:"seed"`
	Private string            `json:"private"`
	Fake    string            `json:"fake"`
	Users   map[string]string `json:"users"`
}

// MarshalJSON gives the form for a file that only the Host may read: with it passwords can be guessed, one Argon2id a
// guess.
func (v *Verifier) MarshalJSON() ([]byte, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.users == nil {
		return nil, errors.New("marshal verifier: it is the zero value")
	}
	t := verifierText{
		Version: textVersion, Suite: suiteName, Server: v.server,
		Seed: hex.EncodeToString(v.keys.seed), Private: hex.EncodeToString(v.keys.private), Fake: hex.EncodeToString(v.keys.fake),
		Users: make(map[string]string, len(v.users)),
	}
	for name, record := range v.users {
		t.Users[name] = hex.EncodeToString(record)
	}
	return json.Marshal(t)
}

// UnmarshalJSON takes what MarshalJSON gives, and refuses what could not be used. v is as before if it fails.
func (v *Verifier) UnmarshalJSON(b []byte) error {
	var t verifierText
	if err := json.Unmarshal(b, &t); err != nil {
		return fmt.Errorf("read verifier: %w", err)
	}
	switch {
	case t.Version > textVersion:
		return fmt.Errorf("read verifier: version %d is newer than this program, which knows %d", t.Version, textVersion)
	case t.Version != textVersion || t.Suite != suiteName:
		return fmt.Errorf("read verifier: version %d, suite %q are not known", t.Version, t.Suite)
	case t.Server.IsZero():
		return errors.New("read verifier: the Host's key is missing")
	case len(t.Users) > MaxUsers:
		return fmt.Errorf("read verifier: %d accounts, at most %d are kept", len(t.Users), MaxUsers)
	}
	var k keys
	var bad [3]error
	k.seed, bad[0] = fixed("seed", t.Seed, seedLen)
	k.private, bad[1] = fixed("private", t.Private, scalarLen)
	k.fake, bad[2] = fixed("fake", t.Fake, seedLen)
	if err := errors.Join(bad[:]...); err != nil {
		return fmt.Errorf("read verifier: %w", err)
	}
	users, err := k.readUsers(t.Server, t.Users)
	if err != nil {
		return fmt.Errorf("read verifier: %w", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.server, v.keys, v.users = t.Server, k, users
	return nil
}

// readUsers checks the keys and every record.
func (k keys) readUsers(server key.Public, texts map[string]string) (map[string][]byte, error) {
	s, err := k.server(server, nil)
	if err != nil {
		return nil, err
	}
	users := make(map[string][]byte, len(texts))
	for name, text := range texts {
		if err := checkUser(name); err != nil || name != string(identity(name)) {
			return nil, fmt.Errorf("%q is not a user name", name)
		}
		if users[name], err = fixed("record", text, recordLen); err != nil {
			return nil, fmt.Errorf("user %q: %w", name, err)
		}
		if _, err := s.Deserialize.RegistrationRecord(users[name]); err != nil {
			return nil, fmt.Errorf("user %q: %w", name, err)
		}
	}
	return users, nil
}

// fixed takes hexadecimal digits for n bytes. Its error does not show them.
func fixed(what, text string, n int) ([]byte, error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != n {
		return nil, fmt.Errorf("%s is not %d bytes in hexadecimal", what, n)
	}
	return b, nil
}
