package bench

import (
	"context"
	"fmt"
	"net"
	"time"

	"impero/core/lab"
)

// Link is a way between a server at its one end and viewers at the other.
type Link interface {
	// Address is the IP address that the server listens on and that viewers know it by.
	Address() string
	// Run starts a program at the server's end. Displays are reached from both ends.
	Run(ctx context.Context, display string, argv ...string) (*lab.Process, error)
	// Dial connects from the viewers' end to "address:port" of the server, by TCP.
	Dial(ctx context.Context, address string) (net.Conn, error)
	// Close takes the link away; what ran at its ends has been stopped.
	Close() error
}

// Loss is random and the same in every run; queues hold 256 KiB.
var shapes = map[string]lab.Shape{
	"20mbit-10ms":       {Rate: 20_000_000, Delay: 10 * time.Millisecond},
	"20mbit-10ms-1loss": {Rate: 20_000_000, Delay: 10 * time.Millisecond, Loss: 0.01},
	"2mbit-50ms":        {Rate: 2_000_000, Delay: 50 * time.Millisecond},
}

// openLink makes a link by its name.
func openLink(ctx context.Context, name string) (Link, error) {
	if name == Loopback {
		return loopback{}, nil
	}
	shape, ok := shapes[name]
	if !ok {
		return nil, fmt.Errorf("there is no link called %q", name)
	}
	l, err := lab.RunLink(ctx, lab.Symmetric(shape))
	if err != nil {
		return nil, err
	}
	return emulated{l}, nil
}

// emulated is a link of the laboratory: the server is at its end B, viewers are at A.
type emulated struct{ l *lab.Link }

func (e emulated) Address() string { return e.l.B.Addr().String() }

func (e emulated) Run(ctx context.Context, display string, argv ...string) (*lab.Process, error) {
	return e.l.B.Run(ctx, display, argv...)
}

func (e emulated) Dial(ctx context.Context, address string) (net.Conn, error) {
	return e.l.A.Dial(ctx, address)
}

func (e emulated) Close() error { return e.l.Close() }

// loopback is no link at all: both ends are this machine.
type loopback struct{}

func (loopback) Address() string { return "127.0.0.1" }

func (loopback) Run(ctx context.Context, display string, argv ...string) (*lab.Process, error) {
	return lab.RunProcess(ctx, display, argv...)
}

func (loopback) Dial(ctx context.Context, address string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, "tcp", address)
}

func (loopback) Close() error { return nil }
