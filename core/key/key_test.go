package key

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

func TestIdentityText(t *testing.T) {
	i, err := Generate()
	if err != nil {
		t.Fatal(err)
	}
	text := i.Text()
	j, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if !i.Public().Equal(j.Public()) || !bytes.Equal(j.Text(), text) {
		t.Error("another identity came back")
	}
	message := []byte("message")
	if !i.Public().Verify(message, j.Sign(message)) {
		t.Error("the signature of the one does not hold for the other")
	}
	other, _ := Generate()
	if other.Public().Equal(i.Public()) || other.Public().Verify(message, i.Sign(message)) {
		t.Error("two identities are one")
	}
}

// TestVectors are RFC 8032's first two test keys; the fingerprints are this package's own and must never change.
func TestVectors(t *testing.T) {
	for _, c := range []struct{ seed, public, fingerprint string }{
		{
			"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
			"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", fingerprint1,
		},
		{
			"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
			"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", fingerprint2,
		},
	} {
		i, err := Parse([]byte("impero identity 1\nseed " + c.seed + "\npublic ed25519:" + c.public + "\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got := i.Public().Text(); got != "ed25519:"+c.public {
			t.Errorf("public key %s", got)
		}
		if got := i.Public().Fingerprint(); got != c.fingerprint {
			t.Errorf("fingerprint %q, want %q", got, c.fingerprint)
		}
	}
}

const (
	fingerprint1 = "LKKZ HKUR LYQ9 WDMK L8X8 XUYB MKXD WR2Q"
	fingerprint2 = "B69J FCXX UY5Q TV7T B73Q 2RK7 9CX7 KNQZ"
)

func TestFingerprintForm(t *testing.T) {
	form := regexp.MustCompile(`^([2-9A-HJ-NP-Z]{4} ){7}[2-9A-HJ-NP-Z]{4}$`)
	seen := map[rune]bool{}
	for range 100 {
		i, err := Generate()
		if err != nil {
			t.Fatal(err)
		}
		f := i.Public().Fingerprint()
		if !form.MatchString(f) {
			t.Fatalf("%q", f)
		}
		for _, r := range f {
			seen[r] = true
		}
	}
	if len(seen) != 33 { // 32 and the space
		t.Errorf("%d characters are used", len(seen))
	}
}

// TestEveryBitIsInTheFingerprint changes each bit of a key.
func TestEveryBitIsInTheFingerprint(t *testing.T) {
	p := Public{b: [Size]byte{5}}
	seen := map[string]bool{p.Fingerprint(): true}
	for bit := range 8 * Size {
		q := p
		q.b[bit/8] ^= 1 << (bit % 8)
		if f := q.Fingerprint(); seen[f] {
			t.Errorf("bit %d: %s is there already", bit, f)
		} else {
			seen[f] = true
		}
	}
}

func TestParseRefuses(t *testing.T) {
	i, _ := Generate()
	other, _ := Generate()
	good := string(i.Text())
	seed := strings.Split(good, "\n")[1]
	for name, text := range map[string]string{
		"nothing":            "",
		"another version":    strings.Replace(good, "identity 1", "identity 2", 1),
		"no end of line":     strings.TrimSuffix(good, "\n"),
		"a line more":        good + "\n",
		"upper case":         strings.ToUpper(good),
		"upper case digits":  strings.Replace(good, seed, "seed "+strings.ToUpper(seed[5:]), 1),
		"another public key": strings.Replace(good, i.Public().Text(), other.Public().Text(), 1),
		"a letter in a seed": strings.Replace(good, seed, seed[:len(seed)-1]+"g", 1),
		"carriage return":    strings.Replace(good, "\npublic", "\r\npublic", 1),
	} {
		if text == good {
			continue // a seed without letters has no upper case
		}
		if _, err := Parse([]byte(text)); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), seed[5:15]) {
			t.Errorf("%s: the error shows the seed: %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"nothing": "", "no prefix": i.Public().Text()[8:], "short": i.Public().Text()[:70], "long": i.Public().Text() + "00",
		"another algorithm": "ed448:" + i.Public().Text()[8:] + "00", "no digits": "ed25519:" + strings.Repeat("zz", 32),
		"upper case": "ed25519:" + strings.Repeat("AB", 32), "zero": Public{}.Text(),
	} {
		if _, err := ParsePublic(text); !errors.Is(err, ErrKey) {
			t.Errorf("public, %s: %v", name, err)
		}
	}
}

// TestSmallOrderIsRefused shows for each point of small order that a signature without a private key holds for some
// message, and that it is no key here.
func TestSmallOrderIsRefused(t *testing.T) {
	for _, text := range []string{
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0000000000000000000000000000000000000000000000000000000000000080",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
	} {
		b, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		if !forgeable(b) {
			t.Errorf("%s: no forged signature holds, so this is not such a point", text)
		}
		if _, err := PublicFromBytes(b); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{ // y of 2^255-19 and more: other encodings of y = 0, 1, 18
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	} {
		b, _ := hex.DecodeString(text)
		if _, err := PublicFromBytes(b); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// forgeable looks for a message for which R = the neutral point and s = 0 are a signature.
func forgeable(public []byte) bool {
	signature := make([]byte, ed25519.SignatureSize)
	signature[0] = 1
	for i := range 500 {
		if ed25519.Verify(public, []byte{byte(i), byte(i >> 8)}, signature) {
			return true
		}
	}
	return false
}

func TestAnIdentityShowsNothing(t *testing.T) {
	i, _ := Generate()
	seed := i.private.Seed()
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "a", i, "b", struct{ I *Identity }{i})
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "a", i, "b", []*Identity{i})
	shown := log.String() + fmt.Sprint(i, *i, []*Identity{i}, struct{ I *Identity }{i}, struct{ i *Identity }{i}, struct{ i Identity }{*i})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		shown += fmt.Sprintf(verb, i) + fmt.Sprintf(verb, struct{ I *Identity }{i})
	}
	for _, form := range []string{hex.EncodeToString(seed)[:12], fmt.Sprint(seed)[1:20], strings.ToUpper(hex.EncodeToString(seed))[:12]} {
		if strings.Contains(shown, form) {
			t.Errorf("shown: %s", shown)
		}
	}
	if !strings.Contains(shown, i.Public().Fingerprint()) {
		t.Error("the fingerprint is not shown")
	}
	if b, err := json.Marshal(i); err == nil {
		t.Errorf("marshalled: %s", b)
	}
}

func TestPublicJSON(t *testing.T) {
	i, _ := Generate()
	b, err := json.Marshal(map[string]Public{"key": i.Public()})
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]Public
	if err := json.Unmarshal(b, &back); err != nil || !back["key"].Equal(i.Public()) {
		t.Errorf("%s: %v", b, err)
	}
	if err := json.Unmarshal([]byte(`{"key":"ed25519:00"}`), &back); err == nil {
		t.Error("a short key was taken")
	}
}

func TestZeroAndEqual(t *testing.T) {
	var zero Public
	if !zero.IsZero() || zero.Verify(nil, make([]byte, 64)) {
		t.Error("the zero value is a key")
	}
	if reflect.TypeFor[Public]().Comparable() || reflect.TypeFor[Identity]().Comparable() {
		t.Error("keys can be compared with ==")
	}
}

func FuzzParse(f *testing.F) {
	i, _ := Generate()
	f.Add(i.Text())
	f.Add([]byte("impero identity 1\nseed \npublic \n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if i, err := Parse(text); err == nil && !bytes.Equal(i.Text(), text) {
			t.Errorf("%q comes back as %q", text, i.Text())
		}
		if p, err := ParsePublic(string(text)); err == nil && p.Text() != string(text) {
			t.Errorf("%q comes back as %q", text, p.Text())
		}
	})
}
