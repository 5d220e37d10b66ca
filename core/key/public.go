package key

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// Size is the length of a public key's bytes.
const Size = ed25519.PublicKeySize

// publicPrefix opens a public key's text form and names its algorithm.
const publicPrefix = "ed25519:"

// ErrKey is wrapped by the error of everything that is not a key.
var ErrKey = errors.New("not a key")

// Public is an Ed25519 public key.
type Public struct {
	_ [0]func() // not comparable: Equal
	b [Size]byte
}

// PublicFromBytes takes the 32 bytes of RFC 8032. It refuses another length, a y coordinate that is not reduced, and
// the points of small order, for which anyone can make a signature. That the bytes are a point at all shows when a
// signature is verified.
func PublicFromBytes(b []byte) (Public, error) {
	if len(b) != Size {
		return Public{}, fmt.Errorf("%w: %d bytes, %d needed", ErrKey, len(b), Size)
	}
	p := Public{b: [Size]byte(b)}
	if !reduced(p.b) || smallOrder(p.b) {
		return Public{}, fmt.Errorf("%w: a point that proves nothing", ErrKey)
	}
	return p, nil
}

// ParsePublic takes the text form that Text gives: "ed25519:" and 64 hexadecimal digits in lower case.
func ParsePublic(text string) (Public, error) {
	digits, ok := strings.CutPrefix(text, publicPrefix)
	if !ok || len(digits) != 2*Size || digits != strings.ToLower(digits) {
		return Public{}, fmt.Errorf("%w: the text form is %q and %d hexadecimal digits", ErrKey, publicPrefix, 2*Size)
	}
	b, err := hex.DecodeString(digits)
	if err != nil {
		return Public{}, fmt.Errorf("%w: %v", ErrKey, err)
	}
	return PublicFromBytes(b)
}

// Bytes gives the 32 bytes of RFC 8032.
func (p Public) Bytes() [Size]byte { return p.b }

// IsZero says whether p is the zero value, which is no key.
func (p Public) IsZero() bool { return p.b == [Size]byte{} }

// Equal says whether both are the same key, in constant time.
func (p Public) Equal(q Public) bool { return subtle.ConstantTimeCompare(p.b[:], q.b[:]) == 1 }

// Verify says whether signature is p's over message.
func (p Public) Verify(message, signature []byte) bool {
	return !p.IsZero() && ed25519.Verify(p.b[:], message, signature)
}

// Text gives the form for files.
func (p Public) Text() string { return publicPrefix + hex.EncodeToString(p.b[:]) }

// Alphabet of fingerprints: digits and capitals without 0, 1, I and O, which look like one another.
const fingerprintAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

const fingerprintLabel = "impero v1 fingerprint\x00"

// Fingerprint gives what two people compare: eight groups of four characters with spaces between, 160 bits of the
// SHA-256 of a label and the key.
func (p Public) Fingerprint() string {
	sum := sha256.Sum256(append([]byte(fingerprintLabel), p.b[:]...))
	var s strings.Builder
	for i := range 32 { // 5 bits a character, the first bits first
		if i > 0 && i%4 == 0 {
			s.WriteByte(' ')
		}
		at := i * 5
		v := uint16(sum[at/8])<<8 | uint16(sum[at/8+1])
		s.WriteByte(fingerprintAlphabet[v>>(11-at%8)&31])
	}
	return s.String()
}

// String is the fingerprint.
func (p Public) String() string { return p.Fingerprint() }

// LogValue is the fingerprint.
func (p Public) LogValue() slog.Value { return slog.StringValue(p.Fingerprint()) }

// MarshalText is Text.
func (p Public) MarshalText() ([]byte, error) { return []byte(p.Text()), nil }

// UnmarshalText is ParsePublic.
func (p *Public) UnmarshalText(text []byte) error {
	q, err := ParsePublic(string(text))
	if err != nil {
		return err
	}
	*p = q
	return nil
}

// reduced says whether the y coordinate in b, little-endian without its highest bit, is below 2^255 - 19.
func reduced(b [Size]byte) bool {
	if b[31]&0x7f != 0x7f || b[0] < 0xed {
		return true
	}
	for _, v := range b[1:31] {
		if v != 0xff {
			return true
		}
	}
	return false
}

// smallOrder says whether b is one of the eight points whose order divides the cofactor. They have five y coordinates:
// 0, 1, -1 and the two of order 8.
func smallOrder(b [Size]byte) bool {
	b[31] &= 0x7f
	switch hex.EncodeToString(b[:]) {
	case "0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a":
		return true
	}
	return false
}
