package config

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// How the texts of secrets begin. A typed password waits in a document that is on its way from an editor to the Host;
// a kept one is what the editor got to see of the Host's. Neither is ever written to a file.
const (
	verifierPrefix = "verifier:"
	hashPrefix     = "argon2id:"
	sealedPrefix   = "sealed:"
	typedPrefix    = "typed:"
	keptPrefix     = "kept:"
)

// Hidden stands for a secret that is set, wherever one would be shown.
const Hidden = "••••••••"

// Typed is the value to [Document.Set] for a password as a person typed it; an empty one removes the password.
// [Document.Protect] turns it into what may be kept.
func Typed(password string) string {
	if password == "" {
		return ""
	}
	return typedPrefix + password
}

func (f SecretForm) prefix() string {
	switch f {
	case Verifier:
		return verifierPrefix
	case Hash:
		return hashPrefix
	case Sealed:
		return sealedPrefix
	}
	return ""
}

// checkSecret never puts the value into its message.
func (a *Attribute) checkSecret(value string) *Message {
	if typed, ok := strings.CutPrefix(value, typedPrefix); ok {
		if n := utf8.RuneCountInString(typed); n < a.Min || n > a.Max || !utf8.ValidString(typed) {
			return fault("The password has {{.Length}} characters. Use {{.Min}} to {{.Max}}.", "Length", n, "Min", a.Min, "Max", a.Max)
		}
		return nil
	}
	protected := a.Form.prefix() != "" && strings.HasPrefix(value, a.Form.prefix())
	switch {
	case value == "" || strings.HasPrefix(value, keptPrefix):
		return nil
	case !protected || len(value) > maxValue:
		return fault("A password does not stand in the file as it is typed. Set it in Host Manager.")
	case a.Form == Hash && parseHash(value) == nil:
		return fault("The hash of the password is damaged. Set the password anew in Host Manager.")
	}
	return nil
}

// Cost of a maintenance password's hash: 64 MiB for a moment. RFC 9106 names it for memory-constrained use.
const (
	hashPasses  = 3
	hashMemory  = 64 << 10 // KiB
	hashThreads = 1
	hashSalt    = 16
	hashLength  = 32
)

// ErrEmptyPassword says that there is nothing to hash.
var ErrEmptyPassword = errors.New("the password is empty")

// HashPassword gives the text of a Secret whose form is Hash: "argon2id:" and salt and hash in base64 with "$" between.
func HashPassword(password string) (string, error) {
	if password == "" {
		return "", ErrEmptyPassword
	}
	salt := make([]byte, hashSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("make salt: %w", err)
	}
	sum := argon2.IDKey(composed(password), salt, hashPasses, hashMemory, hashThreads, hashLength)
	enc := base64.RawStdEncoding
	return hashPrefix + enc.EncodeToString(salt) + "$" + enc.EncodeToString(sum), nil
}

// CheckHash says whether password is the one that was hashed. It takes as long for a wrong one. A damaged hash, and
// an empty one, match nothing.
func CheckHash(hash, password string) bool {
	both := parseHash(hash)
	if both == nil {
		return false
	}
	sum := argon2.IDKey(composed(password), both[:hashSalt], hashPasses, hashMemory, hashThreads, hashLength)
	return subtle.ConstantTimeCompare(sum, both[hashSalt:]) == 1
}

// composed is a password in the one form of Unicode, whichever keyboard it was typed with.
func composed(password string) []byte { return norm.NFC.Bytes([]byte(password)) }

// IsHash says whether a text is one that HashPassword gives.
func IsHash(text string) bool { return parseHash(text) != nil }

// parseHash gives the salt and the sum behind it, or nil.
func parseHash(text string) []byte {
	text, found := strings.CutPrefix(text, hashPrefix)
	salt, sum, cut := strings.Cut(text, "$")
	if !found || !cut || len(text) > 128 || strings.ContainsAny(text, "\r\n") { // base64 takes no notice of line breaks
		return nil
	}
	enc := base64.RawStdEncoding.Strict()
	first, err := enc.DecodeString(salt)
	second, err2 := enc.DecodeString(sum)
	if err != nil || err2 != nil || len(first) != hashSalt || len(second) != hashLength {
		return nil
	}
	return append(first, second...)
}
