package secure

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"

	"impero/core/wire"
)

const secretLen = sha256.Size

// label is PROTOCOL.md §4's label(s).
func label(s string) string { return "impero v1 " + s + "\x00" }

// derive is PROTOCOL.md §4's Derive: n bytes of HKDF-Expand under k with a label and a context, which is not secret.
func derive(k []byte, s, context string, n int) []byte {
	out, err := hkdf.Expand(sha256.New, k, label(s)+context, n)
	if err != nil {
		panic("secure: " + err.Error()) // only for n above 8160 or a short k; both are constants here
	}
	return out
}

// schedule walks through the key schedule of one handshake. Its transcript hash is T1, T2, T3, T4 in turn.
type schedule struct {
	secret     []byte
	t1         string
	transcript [sha256.Size]byte
}

// newSchedule mixes the two exchanges; hellos are the parts of T1.
func newSchedule(x25519, mlkem []byte, hellos ...[]byte) *schedule {
	s := &schedule{}
	salt := sha256.Sum256([]byte("impero v1 key schedule"))
	ikm := append(append(make([]byte, 0, len(x25519)+len(mlkem)), x25519...), mlkem...)
	defer clear(ikm)
	var err error
	if s.secret, err = hkdf.Extract(sha256.New, ikm, salt[:]); err != nil {
		panic("secure: " + err.Error()) // only for a short ikm
	}
	h := sha256.New()
	for _, b := range hellos {
		h.Write(b)
	}
	h.Sum(s.transcript[:0])
	s.t1 = string(s.transcript[:])
	return s
}

// add appends a frame to the transcript: T2, T3, T4.
func (s *schedule) add(frame []byte) {
	s.transcript = sha256.Sum256(append(s.transcript[:], frame...))
}

// handshakeKeys gives the keys of epoch 1 for what one side sends.
func (s *schedule) handshakeKeys(from wire.Side) *keys {
	name := "guest handshake"
	if from == wire.FromHost {
		name = "host handshake"
	}
	material := derive(s.secret, name, s.t1, keyLen+nonceLen)
	defer clear(material)
	return newKeys(material, wire.ProtectSealed)
}

// identityMessage is what a Host signs.
func (s *schedule) identityMessage(name string) []byte {
	e := wire.Encoder{B: []byte(label("host identity") + s.t1)}
	e.Text8(name)
	return e.B
}

// mac gives a side's finished MAC over the transcript as it stands.
func (s *schedule) mac(from wire.Side) []byte {
	name := "guest finished"
	if from == wire.FromHost {
		name = "host finished"
	}
	k := derive(s.secret, name, s.t1, secretLen)
	defer clear(k)
	m := hmac.New(sha256.New, k)
	m.Write(s.transcript[:])
	return m.Sum(nil)
}

// session ends the schedule: the transcript is T4, and everything before the session's secret is overwritten.
func (s *schedule) session() []byte {
	out := derive(s.secret, "session", string(s.transcript[:]), secretLen)
	s.erase()
	return out
}

func (s *schedule) erase() { clear(s.secret) }

// trafficSecret is a channel's first secret, of epoch 2, or 3 if session is what §4 calls joined.
func trafficSecret(session []byte, from wire.Side, connection uint32, ch wire.Channel) []byte {
	e := wire.Encoder{}
	e.U8(uint8(from))
	e.U32(connection)
	e.U8(uint8(ch))
	return derive(session, "traffic", string(e.B), secretLen)
}
