package lab

import (
	"bytes"
	"encoding/binary"

	"impero/core/wire"
)

// Record is one record of a connection, as someone between sees it.
type Record struct {
	Number int         // of its direction, from 0: the hellos are records
	Header wire.Header // as it stands there, sound or not
	Bytes  []byte      // header and body; the rule may keep and change them
}

// Rule says what becomes of a record: what goes on in its place, and what goes
// back to its sender. It is called with one record after another, by one
// goroutine. nil passes everything on.
type Rule func(Record) (on, back [][]byte)

// Rules is what someone between a Guest and a Host does to records. What comes
// before them (the preamble, the answer to it) passes unchanged, as does
// everything if it is none.
type Rules struct{ ToHost, ToGuest Rule }

// Drop leaves out record n.
func Drop(n int) Rule {
	return at(n, func(r Record) (on, back [][]byte) { return nil, nil })
}

// Duplicate sends record n twice.
func Duplicate(n int) Rule { return Replay(n, n) }

// Replay repeats record n after record after, which is not before it.
func Replay(n, after int) Rule {
	var kept []byte
	return func(r Record) (on, back [][]byte) {
		on = [][]byte{r.Bytes}
		if r.Number == n {
			kept = bytes.Clone(r.Bytes)
		}
		if r.Number == after && kept != nil {
			on = append(on, kept)
		}
		return on, nil
	}
}

// Swap sends record n after the one that follows it. Until that comes n is
// held.
func Swap(n int) Rule {
	var held []byte
	return func(r Record) (on, back [][]byte) {
		switch r.Number {
		case n:
			held = r.Bytes
			return nil, nil
		case n + 1:
			return [][]byte{r.Bytes, held}, nil
		}
		return [][]byte{r.Bytes}, nil
	}
}

// Truncate leaves out the last bytes of record n, whose header says the old
// length, so that what follows is taken for them.
func Truncate(n, count int) Rule {
	return at(n, func(r Record) (on, back [][]byte) {
		return [][]byte{r.Bytes[:max(0, len(r.Bytes)-count)]}, nil
	})
}

// Shorten leaves out the last bytes of record n's body and says so in its
// header.
func Shorten(n, count int) Rule {
	return at(n, func(r Record) (on, back [][]byte) {
		r.Bytes = r.Bytes[:max(wire.HeaderLen, len(r.Bytes)-count)]
		binary.BigEndian.PutUint32(r.Bytes, uint32(len(r.Bytes)-wire.HeaderLen))
		return [][]byte{r.Bytes}, nil
	})
}

// FlipBit changes one bit of record n, counted from the header's first; from
// its last bit back if negative (-1 is the last).
func FlipBit(n, bit int) Rule {
	return at(n, func(r Record) (on, back [][]byte) {
		i := bit
		if i < 0 {
			i += 8 * len(r.Bytes)
		}
		if i >= 0 && i < 8*len(r.Bytes) {
			r.Bytes[i/8] ^= 0x80 >> (i % 8)
		}
		return [][]byte{r.Bytes}, nil
	})
}

// Reflect sends record n back to its sender instead of on.
func Reflect(n int) Rule {
	return at(n, func(r Record) (on, back [][]byte) { return nil, [][]byte{r.Bytes} })
}

// Insert sends bytes of one's own after record n.
func Insert(n int, text []byte) Rule {
	return at(n, func(r Record) (on, back [][]byte) { return [][]byte{r.Bytes, text}, nil })
}

// at is a rule for record n alone.
func at(n int, rule Rule) Rule {
	return func(r Record) (on, back [][]byte) {
		if r.Number != n {
			return [][]byte{r.Bytes}, nil
		}
		return rule(r)
	}
}
