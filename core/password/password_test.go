package password

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"impero/core/key"
)

const right = "correct horse battery"

var binding = bytes.Repeat([]byte{0xb1}, BindingLen)

func hostKey(t testing.TB) key.Public {
	t.Helper()
	id, err := key.Generate()
	if err != nil {
		t.Fatal(err)
	}
	return id.Public()
}

// verifier makes one for a new Host, with the account "ann" and the Host's own password.
func verifier(t testing.TB) *Verifier {
	t.Helper()
	v, err := NewVerifier(hostKey(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := v.SetPassword("", right); err != nil {
		t.Fatal(err)
	}
	v.mu.Lock() // one Argon2id less: a record of another name holds for no password, which is what most tests need
	v.users["ann"] = bytes.Clone(v.users[""])
	v.mu.Unlock()
	return v
}

// sent is what one try sent.
type sent struct{ ke1, ke2, ke3 []byte }

// try runs one try as a Guest and a Host do, and gives each side's end.
func try(t testing.TB, v *Verifier, host key.Public, user, password string) (s sent, guest, atHost error) {
	t.Helper()
	p, ke1, err := Begin(binding, user, password)
	if err != nil {
		t.Fatal(err)
	}
	ke2, a, err := v.Begin(binding, user, ke1)
	if err != nil {
		t.Fatal(err)
	}
	ke3, guest := p.Finish(host, ke2)
	return sent{ke1, ke2, ke3}, guest, a.Finish(ke3)
}

func TestProof(t *testing.T) {
	v := verifier(t)
	s, guest, atHost := try(t, v, v.Server(), "", right)
	if guest != nil || atHost != nil {
		t.Fatalf("the right password: guest %v, host %v", guest, atHost)
	}
	if len(s.ke1) != KE1Len || len(s.ke2) != KE2Len || len(s.ke3) != KE3Len {
		t.Errorf("messages of %d, %d, %d bytes", len(s.ke1), len(s.ke2), len(s.ke3))
	}
	for name, c := range map[string]struct{ user, password string }{
		"wrong password":      {"", right + "!"},
		"empty password":      {"", ""},
		"wrong user":          {"bob", right},
		"user without a name": {"ann", right},
	} {
		s, guest, atHost := try(t, v, v.Server(), c.user, c.password)
		if guest != ErrWrong || atHost != ErrWrong || s.ke3 != nil {
			t.Errorf("%s: guest %v, host %v, KE3 %x", name, guest, atHost, s.ke3)
		}
		if len(s.ke1) != KE1Len || len(s.ke2) != KE2Len {
			t.Errorf("%s: messages of %d and %d bytes", name, len(s.ke1), len(s.ke2))
		}
	}
}

// TestAnotherHostCannotFinish lets Hosts answer that have all of a Verifier but one thing.
func TestAnotherHostCannotFinish(t *testing.T) {
	v := verifier(t)
	guessed, err := NewVerifier(v.Server()) // a Host that knows the name and the key, and guesses the password
	if err != nil {
		t.Fatal(err)
	}
	if err := guessed.SetPassword("", "another password"); err != nil {
		t.Fatal(err)
	}
	if s, guest, _ := try(t, guessed, v.Server(), "", right); guest != ErrWrong || s.ke3 != nil {
		t.Errorf("a Host with another record: %v", guest)
	}
	// A stolen Verifier, at a Host of another key: the Guest hands in the key that the handshake proved.
	if s, guest, _ := try(t, v, hostKey(t), "", right); guest != ErrWrong || s.ke3 != nil {
		t.Errorf("a stolen verifier: %v", guest)
	}
}

// TestProofHoldsForOneBinding passes messages from one connection on to another, as somebody between would.
func TestProofHoldsForOneBinding(t *testing.T) {
	v := verifier(t)
	other := bytes.Repeat([]byte{0xb2}, BindingLen)
	p, ke1, err := Begin(binding, "", right)
	if err != nil {
		t.Fatal(err)
	}
	ke2, _, err := v.Begin(other, "", ke1)
	if err != nil {
		t.Fatal(err)
	}
	if ke3, err := p.Finish(v.Server(), ke2); err != ErrWrong || ke3 != nil {
		t.Errorf("the Guest took the answer of another connection: %v", err)
	}
	p, ke1, err = Begin(binding, "", right)
	if err != nil {
		t.Fatal(err)
	}
	ke2, a, err := v.Begin(binding, "", ke1)
	if err != nil {
		t.Fatal(err)
	}
	_, b, err := v.Begin(other, "", ke1)
	if err != nil {
		t.Fatal(err)
	}
	ke3, err := p.Finish(v.Server(), ke2)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Finish(ke3); err != ErrWrong {
		t.Errorf("the Host took the proof of another connection: %v", err)
	}
	if err := a.Finish(ke3); err != nil {
		t.Errorf("its own: %v", err)
	}
	if err := a.Finish(ke3); err != ErrWrong {
		t.Errorf("a second time: %v", err)
	}
	if _, err := p.Finish(v.Server(), ke2); err == nil {
		t.Error("a proof was used twice")
	}
}

func TestWrongKE3(t *testing.T) {
	v := verifier(t)
	for _, ke3 := range [][]byte{nil, {}, {1}, make([]byte, KE3Len), make([]byte, KE3Len+1), bytes.Repeat([]byte{1}, KE3Len)} {
		_, ke1, err := Begin(binding, "", right)
		if err != nil {
			t.Fatal(err)
		}
		_, a, err := v.Begin(binding, "", ke1)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Finish(ke3); err != ErrWrong {
			t.Errorf("%d bytes: %v", len(ke3), err)
		}
		if err := a.Finish(nil); err != ErrWrong {
			t.Errorf("nothing after %d bytes: %v", len(ke3), err)
		}
	}
}

// TestUnknownUsersLookReal asks several times for the same names. Only the first 32 bytes of KE2 (the evaluated element)
// depend on the name and KE1 alone, and they do so for real and unknown accounts alike.
func TestUnknownUsersLookReal(t *testing.T) {
	v := verifier(t)
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	restarted := new(Verifier)
	if err := json.Unmarshal(b, restarted); err != nil {
		t.Fatal(err)
	}
	_, ke1, err := Begin(binding, "", right)
	if err != nil {
		t.Fatal(err)
	}
	evaluated := map[string]string{}
	for _, user := range []string{"", "ann", "bob", "carol"} {
		var whole []string
		for _, v := range []*Verifier{v, v, restarted} {
			ke2, _, err := v.Begin(binding, user, ke1)
			if err != nil {
				t.Fatal(err)
			}
			if first := string(ke2[:32]); evaluated[user] != "" && evaluated[user] != first {
				t.Errorf("user %q: evaluated another way", user)
			} else {
				evaluated[user] = first
			}
			if slices.Contains(whole, string(ke2[32:])) {
				t.Errorf("user %q: the rest came twice", user)
			}
			whole = append(whole, string(ke2[32:]))
		}
	}
	if evaluated["bob"] == evaluated["carol"] || evaluated["bob"] == evaluated[""] {
		t.Error("two users are evaluated alike")
	}
	one, err := v.keys.fakeRecord([]byte("bob"))
	if err != nil {
		t.Fatal(err)
	}
	two, err := restarted.keys.fakeRecord([]byte("bob"))
	if err != nil || !bytes.Equal(one, two) {
		t.Error("an unknown user has another record each time")
	}
	if other, _ := v.keys.fakeRecord([]byte("carol")); bytes.Equal(other, one) {
		t.Error("two unknown users have one record")
	}
}

// TestUnknownUsersTakeAsLong compares the fastest of many answers, which the machine's load does not change much.
func TestUnknownUsersTakeAsLong(t *testing.T) {
	v := verifier(t)
	_, ke1, err := Begin(binding, "", right)
	if err != nil {
		t.Fatal(err)
	}
	fastest := map[string]time.Duration{"ann": time.Hour, "bob": time.Hour}
	for range 400 {
		for user := range fastest {
			start := time.Now()
			if _, _, err := v.Begin(binding, user, ke1); err != nil {
				t.Fatal(err)
			}
			fastest[user] = min(fastest[user], time.Since(start))
		}
	}
	known, unknown := fastest["ann"], fastest["bob"]
	t.Logf("a known user %s, an unknown one %s", known, unknown)
	if ratio := float64(known) / float64(unknown); ratio < 0.8 || ratio > 1.25 {
		t.Errorf("a known user takes %s, an unknown one %s", known, unknown)
	}
}

func TestVerifierText(t *testing.T) {
	v := verifier(t)
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b, []byte(right)) || bytes.Contains(b, []byte("636f72726563")) {
		t.Error("the password is in the file")
	}
	w := new(Verifier)
	if err := json.Unmarshal(b, w); err != nil {
		t.Fatal(err)
	}
	if again, err := json.Marshal(w); err != nil || !bytes.Equal(again, b) {
		t.Errorf("another text came back (%v)", err)
	}
	if _, guest, atHost := try(t, w, v.Server(), "", right); guest != nil || atHost != nil {
		t.Errorf("after a restart: guest %v, host %v", guest, atHost)
	}
	if got := w.Users(); !slices.Equal(got, []string{"", "ann"}) {
		t.Errorf("users %q", got)
	}
	w.Remove("ann")
	w.Remove("nobody")
	if got := w.Users(); !slices.Equal(got, []string{""}) {
		t.Errorf("users %q", got)
	}
}

func TestVerifierRefusesAnotherText(t *testing.T) {
	v := verifier(t)
	good, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(m map[string]any){
		"newer version":   func(m map[string]any) { m["version"] = 2 },
		"no version":      func(m map[string]any) { delete(m, "version") },
		"another suite":   func(m map[string]any) { m["suite"] = "OPAQUE-3DH P-256" },
		"no server":       func(m map[string]any) { delete(m, "server") },
		"bad server":      func(m map[string]any) { m["server"] = "ed25519:00" },
		"short seed":      func(m map[string]any) { m["seed"] = "00" },
		"no fake":         func(m map[string]any) { delete(m, "fake") },
		"private zero":    func(m map[string]any) { m["private"] = strings.Repeat("00", 32) },
		"private too big": func(m map[string]any) { m["private"] = strings.Repeat("ff", 32) },
		"record no hex":   func(m map[string]any) { m["users"] = map[string]string{"": "zz"} },
		"record no point": func(m map[string]any) { m["users"] = map[string]string{"": strings.Repeat("ff", recordLen)} },
		"user's form": func(m map[string]any) {
			m["users"] = map[string]string{"e\u0301": m["users"].(map[string]any)[""].(string)}
		},
	} {
		var m map[string]any
		if err := json.Unmarshal(good, &m); err != nil {
			t.Fatal(err)
		}
		change(m)
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, v); err == nil {
			t.Errorf("%s: was taken", name)
		} else if private := m["private"]; private != nil && strings.Contains(err.Error(), private.(string)[:20]) {
			t.Errorf("%s: the error shows a key: %v", name, err)
		}
	}
	if again, err := json.Marshal(v); err != nil || !bytes.Equal(again, good) {
		t.Error("a refused text changed the verifier")
	}
	if _, err := json.Marshal(new(Verifier)); err == nil {
		t.Error("the zero value was marshalled")
	}
}

func TestNothingIsShown(t *testing.T) {
	v := verifier(t)
	p, ke1, err := Begin(binding, "", right)
	if err != nil {
		t.Fatal(err)
	}
	_, a, err := v.Begin(binding, "", ke1)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v, "a", a, "p", p)
	shown := log.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		shown += fmt.Sprintf(verb, v) + fmt.Sprintf(verb, a) + fmt.Sprintf(verb, *a) + fmt.Sprintf(verb, p) + fmt.Sprintf(verb, *p)
	}
	for _, secret := range [][]byte{v.keys.seed, v.keys.private, v.keys.fake, v.users[""], a.mac, []byte(right)} {
		for _, form := range []string{fmt.Sprintf("%x", secret)[:16], fmt.Sprint(secret)[1:20], string(secret)} {
			if strings.Contains(shown, form) {
				t.Fatalf("shown: %s", shown)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	v, err := NewVerifier(hostKey(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, password := range []string{"", strings.Repeat("x", MaxPassword+1), "a\x00b", "line\n", "\xff"} {
		if err := v.SetPassword("", password); err == nil {
			t.Errorf("password %q was set", password)
		}
	}
	_, ke1, err := Begin(binding, "", right)
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{strings.Repeat("u", 257), "a\tb", "\xff"} {
		if err := v.SetPassword(user, right); err == nil {
			t.Errorf("user %q was made", user)
		}
		if _, _, err := Begin(binding, user, right); err == nil {
			t.Errorf("guest, user %q", user)
		}
		if _, _, err := v.Begin(binding, user, ke1); !errors.Is(err, ErrMalformed) {
			t.Errorf("host, user %q: %v", user, err)
		}
	}
	for _, b := range [][]byte{nil, make([]byte, 31), make([]byte, 33)} {
		if _, _, err := Begin(b, "", right); err == nil {
			t.Errorf("guest, a binding of %d bytes", len(b))
		}
		if _, _, err := v.Begin(b, "", ke1); err == nil {
			t.Errorf("host, a binding of %d bytes", len(b))
		}
	}
	if _, _, err := Begin(binding, "", strings.Repeat("x", maxTyped+1)); err == nil {
		t.Error("a very long password was tried")
	}
	for i := range MaxUsers {
		v.users[fmt.Sprint("user ", i)] = []byte{}
	}
	if err := v.SetPassword("one more", right); err == nil {
		t.Error("an account too many was made")
	}
	if _, err := NewVerifier(key.Public{}); err == nil {
		t.Error("a verifier for no Host")
	}
}

func TestPrepare(t *testing.T) {
	for _, pair := range [][2]string{
		{"cafe\u0301 noir", "caf\u00e9 noir"},
		{"a\u00a0b\u3000c\u2009d", "a b c d"},
		{"\u212bngstr\u00f6m", "\u00c5ngstr\u00f6m"},
	} {
		if a, b := prepare(pair[0]), prepare(pair[1]); !bytes.Equal(a, b) || string(b) != pair[1] {
			t.Errorf("%q is %q, %q is %q", pair[0], a, pair[1], b)
		}
	}
	if bytes.Equal(prepare("Password"), prepare("password")) || bytes.Equal(prepare("a  b"), prepare("a b")) {
		t.Error("different passwords are one")
	}
	if string(identity("e\u0301")) != "\u00e9" || identity("") == nil {
		t.Error("a user's name")
	}
}

func TestMalformed(t *testing.T) {
	v := verifier(t)
	p, ke1, err := Begin(binding, "", right)
	if err != nil {
		t.Fatal(err)
	}
	identityElement := slices.Concat(make([]byte, 32), ke1[32:])
	for name, b := range map[string][]byte{
		"nothing": nil, "short": ke1[:KE1Len-1], "long": append(bytes.Clone(ke1), 0), "the neutral element": identityElement,
		"a neutral key share": slices.Concat(ke1[:64], make([]byte, 32)), "no element": bytes.Repeat([]byte{0xff}, KE1Len),
		"no nonce": slices.Concat(ke1[:32], make([]byte, 32), ke1[64:]),
	} {
		if ke2, a, err := v.Begin(binding, "", b); !errors.Is(err, ErrMalformed) || ke2 != nil || a != nil {
			t.Errorf("KE1, %s: %v", name, err)
		}
	}
	ke2, _, err := v.Begin(binding, "", ke1)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"nothing": nil, "short": ke2[:KE2Len-1], "long": append(bytes.Clone(ke2), 0),
		"the neutral element": slices.Concat(make([]byte, 32), ke2[32:]), "no element": bytes.Repeat([]byte{0xff}, KE2Len),
		"a neutral key share": slices.Concat(ke2[:224], make([]byte, 32), ke2[256:]),
	} {
		if ke3, err := p.Finish(v.Server(), b); !errors.Is(err, ErrMalformed) || ke3 != nil {
			t.Errorf("KE2, %s: %v", name, err)
		}
		if p, _, err = Begin(binding, "", right); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAtOnce uses a Verifier from many goroutines; it shows something with the race detector.
func TestAtOnce(t *testing.T) {
	v := verifier(t)
	_, ke1, err := Begin(binding, "", right)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 10 {
				if _, _, err := v.Begin(binding, []string{"", "ann", "bob"}[i%3], ke1); err != nil {
					t.Error(err)
				}
				v.Remove("ann")
				v.Users()
			}
		})
	}
	wg.Go(func() {
		if err := v.SetPassword("carol", right); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
}
