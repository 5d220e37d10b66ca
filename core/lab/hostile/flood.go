package hostile

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"

	"impero/core/wire"
)

// maxFlood bounds the connections of a flood: each is a file on both sides.
const maxFlood = 2000

// Flood is many connections at once that say little and stay.
type Flood struct {
	mu    sync.Mutex // guards open
	open  int
	ended chan struct{} // a token when open changed
	conns []net.Conn
	all   sync.WaitGroup
}

// Start opens n connections, at most 2000, and says the same text on each (it
// may be empty: half-open connections; or a part of a preamble or a hello).
// What the target answers is read and dropped. An error means that a connection
// was refused by the system, not by the target, which can only end it.
func (t Target) Start(ctx context.Context, n int, text []byte) (*Flood, error) {
	f := &Flood{ended: make(chan struct{}, 1)}
	for range min(n, maxFlood) {
		conn, err := t.dial(ctx)
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("open connection %d of a flood: %w", len(f.conns), err)
		}
		f.conns = append(f.conns, conn)
		f.mu.Lock()
		f.open++
		f.mu.Unlock()
		f.all.Go(func() {
			conn.Write(text) // the target may have ended it already
			io.Copy(io.Discard, conn)
			f.mu.Lock()
			f.open--
			f.mu.Unlock()
			select {
			case f.ended <- struct{}{}:
			default:
			}
		})
	}
	return f, nil
}

// Open is how many connections the target holds still.
func (f *Flood) Open() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.open
}

// Await waits until the target holds at most n.
func (f *Flood) Await(ctx context.Context, n int) error {
	for f.Open() > n {
		select {
		case <-f.ended:
		case <-ctx.Done():
			return fmt.Errorf("wait for a flood to fall to %d connections, there are %d: %w", n, f.Open(), ctx.Err())
		}
	}
	return nil
}

// Close ends the flood.
func (f *Flood) Close() error {
	for _, conn := range f.conns {
		conn.Close()
	}
	f.all.Wait()
	return nil
}

// Prefix is the first n bytes of what a good Guest says, for a flood.
func Prefix(n int) []byte {
	hello := guestHello(rand.New(rand.NewPCG(1, 1)))
	text := append(preamble(), clearRecord(wire.AppendMessage(nil, 0, hello))...)
	return text[:min(max(n, 0), len(text))]
}
