package bench

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
)

// relay takes a viewer's connections here and carries them over a link, and counts what comes back. A viewer with a
// window dials by itself, and nobody else can tell what it received.
type relay struct {
	listener net.Listener
	back     atomic.Uint64
	cancel   context.CancelFunc
	all      sync.WaitGroup
}

func startRelay(ctx context.Context, link Link, address string) (*relay, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	r := &relay{listener: l, cancel: cancel}
	r.all.Go(func() {
		for {
			here, err := l.Accept()
			if err != nil {
				return
			}
			r.all.Go(func() { r.carry(ctx, link, address, here) })
		}
	})
	return r, nil
}

func (r *relay) address() string { return r.listener.Addr().String() }

func (r *relay) carry(ctx context.Context, link Link, address string, here net.Conn) {
	defer here.Close()
	there, err := link.Dial(ctx, address)
	if err != nil {
		return // the viewer says that it lost its connection
	}
	end := sync.OnceFunc(func() { here.Close(); there.Close() })
	stop := context.AfterFunc(ctx, end)
	defer stop()
	defer end()
	r.all.Go(func() {
		defer end()
		io.Copy(there, here)
	})
	io.Copy(&counter{here, &r.back}, there)
}

// counter counts what is written.
type counter struct {
	io.Writer
	n *atomic.Uint64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.Writer.Write(b)
	c.n.Add(uint64(n))
	return n, err
}

func (r *relay) close() {
	r.cancel()
	r.listener.Close()
	r.all.Wait()
}
