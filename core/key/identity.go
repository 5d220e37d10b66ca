package key

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// Identity is a Host's private key.
type Identity struct {
	_       [0]func()           // not comparable
	private *ed25519.PrivateKey // behind a pointer, because fmt follows none inside a value whose methods it cannot call
	public  Public
}

// Generate makes a new identity.
func Generate() (*Identity, error) {
	var seed [ed25519.SeedSize]byte
	defer clear(seed[:])
	if _, err := rand.Read(seed[:]); err != nil {
		return nil, fmt.Errorf("generate identity: %w", err)
	}
	return fromSeed(seed[:])
}

func fromSeed(seed []byte) (*Identity, error) {
	private := ed25519.NewKeyFromSeed(seed)
	public, err := PublicFromBytes(private[ed25519.SeedSize:])
	if err != nil {
		return nil, err
	}
	return &Identity{private: &private, public: public}, nil
}

// Lines of an identity's text form. The number is the form's version.
const (
	identityTitle  = "impero identity 1"
	identitySeed   = "seed "
	identityPublic = "public "
)

// Parse takes the text form that Text gives. It does not keep text; the caller may erase it.
func Parse(text []byte) (*Identity, error) {
	const length = len(identityTitle) + 1 + len(identitySeed) + 2*ed25519.SeedSize + 1 + len(identityPublic) + len(publicPrefix) + 2*Size + 1
	if len(text) != length {
		return nil, errIdentity("%d bytes, %d needed", len(text), length)
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) != 4 || lines[3] != "" {
		return nil, errIdentity("not three lines")
	}
	if lines[0] != identityTitle {
		return nil, errIdentity("the first line is not %q", identityTitle)
	}
	digits, ok := strings.CutPrefix(lines[1], identitySeed)
	if !ok || len(digits) != 2*ed25519.SeedSize || digits != strings.ToLower(digits) {
		return nil, errIdentity("the second line is not a seed")
	}
	seed, err := hex.DecodeString(digits)
	defer clear(seed)
	if err != nil {
		return nil, errIdentity("the second line is not a seed") // the error would show a part of it
	}
	i, err := fromSeed(seed)
	if err != nil {
		return nil, err
	}
	if lines[2] != identityPublic+i.public.Text() {
		return nil, errIdentity("the third line is not the public key of the second")
	}
	return i, nil
}

func errIdentity(format string, args ...any) error {
	return fmt.Errorf("parse identity: %w: %s", ErrKey, fmt.Sprintf(format, args...))
}

// Text gives the form for a file that only the Host may read:
//
//	impero identity 1
//	seed <64 hexadecimal digits>
//	public ed25519:<64 hexadecimal digits>
//
// The seed is RFC 8032's private key. The public key tells a damaged file.
func (i *Identity) Text() []byte {
	return fmt.Appendf(nil, "%s\n%s%x\n%s%s\n", identityTitle, identitySeed, i.private.Seed(), identityPublic, i.public.Text())
}

// Public gives the public key.
func (i *Identity) Public() Public { return i.public }

// Sign signs a message. Equal messages have equal signatures.
func (i *Identity) Sign(message []byte) []byte { return ed25519.Sign(*i.private, message) }

// Format shows the public key's fingerprint for every verb.
func (i Identity) Format(f fmt.State, _ rune) { fmt.Fprint(f, i.String()) }

// String shows the public key's fingerprint.
func (i Identity) String() string { return "identity " + i.public.Fingerprint() }

// GoString is String.
func (i Identity) GoString() string { return i.String() }

// LogValue is String.
func (i Identity) LogValue() slog.Value { return slog.StringValue(i.String()) }

// MarshalText always fails: a private key goes into a file by Text, on purpose, or not at all.
func (i Identity) MarshalText() ([]byte, error) {
	return nil, errors.New("marshal identity: a private key is not marshalled")
}
