package bench

import (
	"context"
	"errors"
	"fmt"
	"net"

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

// errNoLink says that a link of the plan cannot be made here.
var errNoLink = errors.New("this build has no emulator of links")

// openers make links by their name.
var openers = map[string]func(context.Context) (Link, error){
	Loopback: func(context.Context) (Link, error) { return loopback{}, nil },
}

func openLink(ctx context.Context, name string) (Link, error) {
	open, ok := openers[name]
	if !ok {
		return nil, fmt.Errorf("%w: %s", errNoLink, name)
	}
	return open(ctx)
}

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
