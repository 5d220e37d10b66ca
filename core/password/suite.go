package password

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bytemare/opaque"
	"golang.org/x/text/unicode/norm"

	"impero/core/wire"
)

// ErrWrong says that the proof did not hold: another password, another account, another Host or another connection.
// Which of them cannot be told.
var ErrWrong = errors.New("the password is wrong")

// ErrMalformed is wrapped by the error of a message that no proof could have sent.
var ErrMalformed = errors.New("malformed password proof")

// Limits.
const (
	// MaxPassword is the longest password that can be set, in characters.
	MaxPassword = 64
	// MaxUsers is how many accounts a Verifier holds: 6 MiB.
	MaxUsers = 10_000

	maxTyped = 4096 // bytes of what may be tried as a password
)

// Sizes of the messages, in bytes.
const (
	KE1Len = 96
	KE2Len = 320
	KE3Len = 64
)

// BindingLen is the length of a binding: what both ends of one connection share, and no other.
const BindingLen = 32

const contextLabel = "impero v1 logon"

const (
	seedLen    = 64
	scalarLen  = 32
	elementLen = 32
	maskingLen = 64
	recordLen  = elementLen + maskingLen + 32 + 64
)

// configuration is the suite for one binding; nil to set a password, which no binding goes into.
func configuration(binding []byte) *opaque.Configuration {
	c := opaque.DefaultConfiguration() // ristretto255-SHA512 twice, HKDF, HMAC and hash of SHA-512, Argon2id
	if binding != nil {
		c.Context = append([]byte(contextLabel), binding...)
	}
	return c
}

// stretch are the parameters of Argon2id: those of RFC 9807 but for the memory, of which small machines have less. They
// are RFC 9106's second recommendation.
func stretch() *opaque.ClientOptions {
	return &opaque.ClientOptions{
		KSFSalt:       make([]byte, 16),
		KSFParameters: []uint64{3, 64 << 10, 4}, // passes, KiB, lanes
		KSFLength:     64,
	}
}

func checkBinding(binding []byte) error {
	if len(binding) != BindingLen {
		return fmt.Errorf("the binding has %d bytes, %d needed", len(binding), BindingLen)
	}
	return nil
}

// prepare gives a password's bytes: normal form C, and a plain space for every kind of space, so that keyboards of
// other systems give the same (RFC 8265, OpaqueString). The caller erases them.
func prepare(password string) []byte {
	return norm.NFC.Bytes([]byte(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}, password)))
}

// identity gives a user name's bytes; never nil, which the library would replace by a key.
func identity(user string) []byte { return append([]byte{}, norm.NFC.String(user)...) }

func checkUser(user string) error {
	if len(norm.NFC.String(user)) > wire.MaxUser || !printable(user) {
		return fmt.Errorf("a user name is a text of at most %d bytes without control characters", wire.MaxUser)
	}
	return nil
}

func checkPassword(password string) error {
	if n := utf8.RuneCountInString(password); n == 0 || n > MaxPassword || !printable(password) {
		return fmt.Errorf("a password is a text of 1 to %d characters without control characters", MaxPassword)
	}
	return nil
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}
