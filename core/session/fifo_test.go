package session

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

func TestFifoGivesWhatWasAdded(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	var f fifo
	var want []byte
	next := byte(0)
	for range 3000 {
		p := make([]byte, random.IntN(3*fifoPiece)>>random.IntN(16))
		for i := range p {
			p[i] = next
			next += 7
		}
		f.add(p)
		want = append(want, p...)
		if f.len() != len(want) {
			t.Fatalf("%d bytes, want %d", f.len(), len(want))
		}
		for n := 0; n < len(want); {
			got := f.from(n)
			if len(got) == 0 || !bytes.HasPrefix(want[n:], got) {
				t.Fatalf("from byte %d of %d: %d others", n, len(want), len(got))
			}
			n += len(got)
		}
		n := random.IntN(len(want) + 1)
		if random.IntN(4) == 0 || len(want) > 8*fifoPiece {
			n = len(want)
		}
		f.drop(n)
		want = want[n:]
	}
	f.drop(f.len())
	if got := len(f.pieces) + len(f.spare); got > 1+fifoSpare {
		t.Errorf("an empty fifo keeps %d pieces", got)
	}
}

// TestFifoOfFewBytes: a stream that carries little takes little.
func TestFifoOfFewBytes(t *testing.T) {
	var f fifo
	for range 1000 {
		f.add([]byte("a key"))
		f.drop(5)
	}
	if c := cap(f.pieces[0]); c > 64 {
		t.Errorf("five bytes at a time take %d", c)
	}
}
