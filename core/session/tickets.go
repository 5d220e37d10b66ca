package session

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"

	"impero/core/wire"
)

// maxAhead is how far a ticket's number may be ahead of the last one: numbers are lost with connections that broke while
// they joined.
const maxAhead = 1024

// tickets is the chain of a session's tickets, PROTOCOL.md §10.3. Each side has one.
type tickets struct {
	number uint32 // of the last ticket used
	chain  []byte // chain(number + 1), from which the next ones come
}

func newTickets(first Sealed) *tickets {
	return &tickets{chain: derive(first.Export("session tickets"), "next ticket")}
}

// derive is PROTOCOL.md §4's Derive with an empty context, for 32 bytes.
func derive(secret []byte, label string) []byte {
	out, err := hkdf.Expand(sha256.New, secret, "impero v1 "+label+"\x00", sha256.Size)
	if err != nil {
		panic("session: " + err.Error()) // only for a wrong length; it is constant
	}
	return out
}

// advance moves the chain on.
func advance(chain []byte) []byte {
	defer clear(chain)
	return derive(chain, "next ticket")
}

// next gives a ticket nobody used. The caller erases it.
func (t *tickets) next() (number uint32, ticket []byte) {
	t.number++
	ticket = derive(t.chain, "ticket")
	t.chain = advance(t.chain)
	return t.number, ticket
}

// take gives ticket number if it was not used and is the right one, and uses up all up to it.
func (t *tickets) take(number uint32, right func(ticket []byte) bool) ([]byte, bool) {
	if number <= t.number || number-t.number > maxAhead {
		return nil, false
	}
	chain := append([]byte(nil), t.chain...)
	for range number - t.number - 1 {
		chain = advance(chain)
	}
	ticket := derive(chain, "ticket")
	if !right(ticket) {
		clear(chain)
		clear(ticket)
		return nil, false
	}
	clear(t.chain)
	t.number, t.chain = number, advance(chain)
	return ticket, true
}

// proofs are what the two sides of a joining connection prove, tied to its handshake.
type proofs struct{ join, ticket []byte }

func proofsOf(rec Sealed, ticket []byte) proofs { return proofs{rec.Export("join"), ticket} }

func (p proofs) guest(m *wire.SessionJoin) [wire.ProofLen]byte {
	rest := binary.BigEndian.AppendUint32(m.Session[:], m.Ticket)
	return p.mac("guest join", binary.BigEndian.AppendUint64(rest, m.Control))
}

func (p proofs) host(m *wire.SessionJoined) [wire.ProofLen]byte {
	if m == nil {
		return [wire.ProofLen]byte{}
	}
	return p.mac("host join", binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, m.Control), m.Input))
}

func (p proofs) mac(label string, rest []byte) (proof [wire.ProofLen]byte) {
	k := derive(p.ticket, label)
	defer clear(k)
	mac := hmac.New(sha256.New, k)
	mac.Write(p.join)
	mac.Write(rest)
	mac.Sum(proof[:0])
	return proof
}
