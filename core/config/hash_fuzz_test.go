package config

import (
	"encoding/base64"
	"testing"
)

// FuzzHash: only what HashPassword writes is taken; with other numbers a file could have a Host work for hours.
func FuzzHash(f *testing.F) {
	f.Add(hashPrefix + "AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=4294967295,t=3,p=4$AAAA$AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		both := parseHash(text)
		if both == nil {
			return
		}
		b := base64.RawStdEncoding
		if again := hashPrefix + b.EncodeToString(both[:hashSalt]) + "$" + b.EncodeToString(both[hashSalt:]); again != text {
			t.Fatalf("%q is taken, which would be written %q", text, again)
		}
	})
}
