package secure

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/mlkem"
	"crypto/sha256"
	"encoding/binary"
	"testing"
)

// The functions here are PROTOCOL.md §4 and §5 written down a second time, with nothing of this package: what the two
// agree on is what the specification says.

func specHash(parts ...[]byte) []byte {
	h := sha256.Sum256(bytes.Join(parts, nil))
	return h[:]
}

func specHMAC(key []byte, parts ...[]byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(bytes.Join(parts, nil))
	return m.Sum(nil)
}

// specDerive is HKDF-Expand (RFC 5869, 2.3) with the label as info.
func specDerive(key []byte, label string, context []byte, n int) []byte {
	var out, last []byte
	for i := byte(1); len(out) < n; i++ {
		last = specHMAC(key, last, []byte("impero v1 "+label+"\x00"), context, []byte{i})
		out = append(out, last...)
	}
	return out[:n]
}

func specAEAD(t *testing.T, material []byte, counter uint64) (cipher.AEAD, []byte) {
	t.Helper()
	block, err := aes.NewCipher(material[:32])
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	nonce := bytes.Clone(material[32:44])
	var c [8]byte
	binary.BigEndian.PutUint64(c[:], counter)
	for i, v := range c {
		nonce[4+i] ^= v
	}
	return aead, nonce
}

// specOpen takes the first record off stream.
func specOpen(t *testing.T, material []byte, counter uint64, stream []byte) (record, plaintext, rest []byte) {
	t.Helper()
	n := 8 + int(binary.BigEndian.Uint32(stream))
	record, rest = stream[:n], stream[n:]
	aead, nonce := specAEAD(t, material, counter)
	plaintext, err := aead.Open(nil, nonce, record[8:], record[:8])
	if err != nil {
		t.Fatalf("record %x: %v", record[:8], err)
	}
	return record, plaintext, rest
}

// specExchange derives every value of a handshake from the private keys of both sides and what was on the wire.
func specExchange(t *testing.T, in secrets, up, down []byte) *facts {
	t.Helper()
	f := &facts{}
	in.add(f)

	preamble := up[:14+int(up[13])]
	up = up[len(preamble):]
	helloRecord := up[:8+int(binary.BigEndian.Uint32(up))]
	up = up[len(helloRecord):]
	answer := down[:10]
	down = down[10:]
	hostHelloRecord := down[:8+int(binary.BigEndian.Uint32(down))]
	down = down[len(hostHelloRecord):]
	f.add("preamble", preamble)
	f.add("guest hello record", helloRecord)
	f.add("answer", answer)
	f.add("host hello record", hostHelloRecord)

	x, q := in.agree(t, hostHelloRecord[8:])
	f.add("x25519", x)
	f.add("mlkem", q)
	secret := specHMAC(specHash([]byte("impero v1 key schedule")), x, q) // HKDF-Extract
	f.add("secret", secret)
	t1 := specHash(preamble, answer, helloRecord[8:], hostHelloRecord[8:])
	f.add("T1", t1)
	hostKeys := specDerive(secret, "host handshake", t1, 44)
	f.add("host hs", hostKeys)

	record, identity, down := specOpen(t, hostKeys, 0, down)
	f.add("host identity frame", identity)
	f.add("host identity record", record)
	key, signature, name := identity[10:42], identity[42:106], identity[106:]
	message := append([]byte("impero v1 host identity\x00"), append(bytes.Clone(t1), name...)...)
	if !ed25519.Verify(key, message, signature) || !ed25519.NewKeyFromSeed(in.identity).Public().(ed25519.PublicKey).Equal(ed25519.PublicKey(key)) {
		t.Error("the Host's signature is not the specification's")
	}
	t2 := specHash(t1, identity)
	f.add("T2", t2)
	mac := specHMAC(specDerive(secret, "host finished", t1, 32), t2)
	f.add("host mac", mac)
	record, finished, down := specOpen(t, hostKeys, 1, down)
	checkFinished(t, finished, 4, mac)
	f.add("host finished record", record)
	t3 := specHash(t2, finished)
	f.add("T3", t3)

	guestKeys := specDerive(secret, "guest handshake", t1, 44)
	f.add("guest hs", guestKeys)
	mac = specHMAC(specDerive(secret, "guest finished", t1, 32), t3)
	f.add("guest mac", mac)
	record, finished, up = specOpen(t, guestKeys, 0, up)
	checkFinished(t, finished, 5, mac)
	f.add("guest finished record", record)
	t4 := specHash(t3, finished)
	f.add("T4", t4)
	if len(up) > 0 || len(down) > 0 {
		t.Errorf("%d bytes of the Guest and %d of the Host are left", len(up), len(down))
	}
	f.session(specDerive(secret, "session", t4, 32))
	return f
}

func checkFinished(t *testing.T, frame []byte, number byte, mac []byte) {
	t.Helper()
	if want := append([]byte{0x80, number, 0, 0, 0, 0, 0, 0, 0, 32}, mac...); !bytes.Equal(frame, want) {
		t.Errorf("finished is %x, the specification says %x", frame, want)
	}
}

// session adds what comes of the session's secret.
func (f *facts) session(session []byte) {
	f.add("session", session)
	f.add("exporter", specDerive(session, "exporter", nil, 32))
	f.add("export logon", specDerive(f.get("exporter"), "export", []byte("logon"), 32))
	for _, direction := range []byte{1, 2} {
		for channel := byte(1); channel <= 5; channel++ {
			name := trafficName(direction, channel)
			secret := specDerive(session, "traffic", []byte{direction, 0, 0, 0, 0, channel}, 32)
			f.add(name+" epoch 2", secret)
			f.add(name+" epoch 2 key", specDerive(secret, "key", nil, 44))
			secret = specDerive(secret, "next epoch", nil, 32)
			f.add(name+" epoch 3", secret)
			f.add(name+" epoch 3 key", specDerive(secret, "key", nil, 44))
		}
	}
}

func trafficName(direction, channel byte) string {
	return map[byte]string{1: "guest ", 2: "host "}[direction] +
		map[byte]string{1: "control", 2: "input", 3: "audio", 4: "screen", 5: "bulk"}[channel]
}

// secrets are the random values of one exchange.
type secrets struct {
	guestRandom, guestX25519, guestMLKEM []byte // guestMLKEM is d ‖ z of FIPS 203
	hostRandom, hostX25519, hostMLKEM    []byte // hostMLKEM is m of FIPS 203
	identity                             []byte // seed of RFC 8032
}

func (s *secrets) add(f *facts) {
	f.add("guest random", s.guestRandom)
	f.add("guest x25519 private", s.guestX25519)
	f.add("guest mlkem seed", s.guestMLKEM)
	f.add("host random", s.hostRandom)
	f.add("host x25519 private", s.hostX25519)
	f.add("host mlkem random", s.hostMLKEM)
	f.add("host identity seed", s.identity)
}

// agree finishes the Guest's side of both exchanges; hello is the HostHello's frame.
func (s *secrets) agree(t *testing.T, hello []byte) (x, q []byte) {
	t.Helper()
	private, err := ecdh.X25519().NewPrivateKey(s.guestX25519)
	if err != nil {
		t.Fatal(err)
	}
	public, err := ecdh.X25519().NewPublicKey(hello[10+32:][:32])
	if err != nil {
		t.Fatal(err)
	}
	if x, err = private.ECDH(public); err != nil {
		t.Fatal(err)
	}
	d, err := mlkem.NewDecapsulationKey768(s.guestMLKEM)
	if err != nil {
		t.Fatal(err)
	}
	if q, err = d.Decapsulate(hello[10+64:][:mlkem.CiphertextSize768]); err != nil {
		t.Fatal(err)
	}
	return x, q
}
