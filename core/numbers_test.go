package core_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"impero/core/session"
	"impero/core/wire"
)

// numbersOf is how many numbers of 8 bytes are sent at once.
const numbersOf = 2048

// errNumbers says that a stream of numbers is not what was sent.
var errNumbers = errors.New("a number is missing, twice or another")

// pieces is a parameter of kindNumbers: the Host waits so long between pieces.
func pieces(every time.Duration) []byte {
	return binary.BigEndian.AppendUint32(nil, uint32(every/time.Millisecond))
}

// sendNumbers sends 0, 1, 2 … until stop is closed, a piece at a time.
func sendNumbers(st *session.Stream, every time.Duration, stop <-chan struct{}) (sent uint64, err error) {
	tick := time.NewTicker(max(every, 1))
	defer tick.Stop()
	piece := make([]byte, 0, 8*numbersOf)
	for {
		select {
		case <-stop:
			return sent, nil
		default:
		}
		piece = piece[:0]
		for i := range uint64(numbersOf) {
			piece = binary.BigEndian.AppendUint64(piece, sent+i)
		}
		if _, err := st.Write(piece); err != nil {
			return sent, err
		}
		sent += numbersOf
		if every > 0 {
			select {
			case <-tick.C:
			case <-stop:
			}
		}
	}
}

// receiveNumbers takes 0, 1, 2 … to the stream's end, or to a number above all, which ends the count.
func receiveNumbers(from io.Reader, got *atomic.Uint64) (rest []uint64, err error) {
	r := bufio.NewReaderSize(struct{ io.Reader }{from}, 64<<10)
	var b [8]byte
	for {
		switch _, err := io.ReadFull(r, b[:]); {
		case err == io.EOF:
			return rest, nil
		case err != nil:
			return rest, err
		}
		n := binary.BigEndian.Uint64(b[:])
		switch {
		case n>>63 == 1 && len(rest) < 2:
			rest = append(rest, ^n)
		case n != got.Load() || len(rest) > 0:
			return rest, fmt.Errorf("%w: %d after %d", errNumbers, n, got.Load())
		default:
			got.Add(1)
		}
	}
}

// countAtHost takes numbers and sends numbers, until the Guest ends its own. Its last two say how many it got and sent.
func countAtHost(_ context.Context, st *session.Stream) {
	if st.Accept() != nil {
		return
	}
	var got atomic.Uint64
	every, stop := time.Duration(0), make(chan struct{})
	if len(st.Parameter) == 4 {
		every = time.Duration(binary.BigEndian.Uint32(st.Parameter)) * time.Millisecond
	}
	go func() {
		defer close(stop)
		if _, err := receiveNumbers(st, &got); errors.Is(err, errNumbers) {
			st.Reset(wire.CloseInternal, err.Error())
		}
	}()
	sent, err := sendNumbers(st, every, stop)
	<-stop
	if err == nil {
		st.Write(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, ^got.Load()), ^sent))
		st.CloseWrite()
	}
}

// numbers is the Guest's side of countAtHost.
type numbers struct {
	st       *session.Stream
	stop     chan struct{}
	finished chan error
	up, down atomic.Uint64
}

// beginNumbers sends and receives on a stream that is open.
func beginNumbers(st *session.Stream, every time.Duration) *numbers {
	n := &numbers{st: st, stop: make(chan struct{}), finished: make(chan error, 2)}
	sent := make(chan uint64, 1)
	go func() {
		count, err := sendNumbers(st, every, n.stop)
		n.up.Store(count)
		st.CloseWrite()
		sent <- count
		n.finished <- err
	}()
	go func() {
		rest, err := receiveNumbers(st, &n.down)
		if err == nil {
			if count := <-sent; len(rest) != 2 || rest[0] != count || rest[1] != n.down.Load() {
				err = fmt.Errorf("%w: %d sent, %d received, but the Host says %d", errNumbers, count, n.down.Load(), rest)
			}
		}
		n.finished <- err
	}()
	return n
}

// end ends the numbers and says whether every one arrived once, in order, both ways.
func (n *numbers) end() error {
	close(n.stop)
	return errors.Join(<-n.finished, <-n.finished)
}
