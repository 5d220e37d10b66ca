// Package local is how programs of one computer speak to its daemon: a socket in a folder of the daemon's own, or a named
// pipe, at whose other end the system says who is. What is sent proves nothing about who sends it; Peer does.
//
// Everybody on the computer may connect: whoever accepts decides by Peer, and whoever dials must too, see Peer.Rules.
// Functions are safe for concurrent use.
package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// dialTime bounds Dial.
const dialTime = 5 * time.Second

// Peer is who is at the other end of a connection, as the system says. It is who it was when the connection was made.
type Peer struct {
	User    string // number of its user, on Windows its SID: as os/user has it
	Process int    // 0 where the system does not say
}

// Rules says whether the peer may rule this computer: it is root, or on Windows the system or an administrator. Only such a one
// can be its daemon.
func (p Peer) Rules() bool { return rules(p.User) }

// Same says whether the peer is this program's own user.
func (p Peer) Same() bool { return p.User == own() }

func (p Peer) String() string { return fmt.Sprintf("user %s, process %d", p.User, p.Process) }

// Errors of this package.
var (
	// ErrNobody says that nobody listens: the daemon does not run.
	ErrNobody = errors.New("nobody listens there")
	// ErrUnsupported says that this system does not tell who a peer is.
	ErrUnsupported = errors.New("local connections with a verified peer are not supported on this system")
	// ErrForeignFolder says that others could replace what listens.
	ErrForeignFolder = errors.New("the folder of the socket belongs to another user, or others may write in it")
)

// Conn is a connection and who is at its other end.
type Conn struct {
	net.Conn
	Peer Peer
}

// Listener accepts connections from programs of this computer.
type Listener struct{ l net.Listener }

// Listen listens at path, which Home of package store names. On Unix its folder is made if it is missing, for its owner to
// write and for all to pass; what a daemon that was killed left there is replaced. Two daemons must be kept apart otherwise.
func Listen(path string) (*Listener, error) {
	l, err := listen(path)
	if err != nil {
		return nil, fmt.Errorf("listen at %s: %w", path, err)
	}
	return &Listener{l}, nil
}

// Accept gives the next connection whose peer is known. Its errors are those of the listener: net.ErrClosed once it is closed.
func (l *Listener) Accept() (*Conn, error) {
	for {
		c, err := l.l.Accept()
		if err != nil {
			return nil, accepted(err)
		}
		p, err := peerOf(c)
		if err != nil { // it may be gone already
			c.Close()
			continue
		}
		return &Conn{c, p}, nil
	}
}

// Close stops listening. Connections go on. Closing again does nothing.
func (l *Listener) Close() error {
	if err := accepted(l.l.Close()); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// Dial connects to who listens at path. The error wraps ErrNobody if nobody does.
func Dial(ctx context.Context, path string) (*Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	c, err := dial(ctx, path)
	if errors.Is(err, os.ErrNotExist) || err != nil && refused(err) {
		err = fmt.Errorf("%w: %w", ErrNobody, err)
	}
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", path, err)
	}
	p, err := listenerOf(c)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("see who listens at %s: %w", path, err), c.Close())
	}
	return &Conn{c, p}, nil
}
