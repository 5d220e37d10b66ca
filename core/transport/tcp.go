// Package transport makes the reliable, ordered byte streams that sessions run on. What makes them is a communication
// profile; nothing above knows whether a Host was dialled or has registered outwards. Functions are safe for
// concurrent use.
package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// DefaultPort is the port of the default profiles: `TCP 1` of the Host and `Internet (TCP)` of the Guest.
const DefaultPort = 6502

// DialTimeout bounds a whole attempt to open a connection, over all addresses of a name.
const DialTimeout = 15 * time.Second

// Kinds of failure of Dial, for errors.Is.
var (
	ErrNameNotFound = errors.New("no such name")
	ErrNobody       = errors.New("nobody listens on that port")
	ErrNoAnswer     = errors.New("no answer")
)

// Dial opens a TCP connection to address, "host:port", trying the name's IPv6 and IPv4 addresses side by side
// (RFC 8305). Errors wrap ErrNameNotFound, ErrNobody or ErrNoAnswer where they are that, or the context's error.
func Dial(ctx context.Context, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: DialTimeout}
	c, err := d.DialContext(ctx, "tcp", address)
	if err == nil {
		return c, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return nil, fmt.Errorf("dial %s: %w", address, classify(err))
}

func classify(err error) error {
	var dns *net.DNSError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Errorf("%w: %w", ErrNameNotFound, err)
	case refused(err):
		return fmt.Errorf("%w: %w", ErrNobody, err)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout(), unreachable(err):
		return fmt.Errorf("%w: %w", ErrNoAnswer, err)
	}
	return err
}

// Listen listens on a TCP address, "host:port". An empty host means every IPv4 and IPv6 address of this machine.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	lc := net.ListenConfig{KeepAlive: -1} // sessions have their own, sooner; and it costs four system calls a connection
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return l, nil
}

// InUse says whether err of Listen means that another program has the port.
func InUse(err error) bool { return inUse(err) }
