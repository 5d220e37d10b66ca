package viewer

import (
	"context"
	"io"
	"net"
	"sync/atomic"

	"impero/core/lab/rfb"
	"impero/core/picture"
)

// counted is a connection that counts what it receives.
type counted struct {
	net.Conn
	in atomic.Uint64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.in.Add(uint64(n))
	return n, err
}

// vnc is a session with a VNC server.
type vnc struct {
	stream *counted
	conn   *rfb.Conn
}

func openVNC(stream *counted) (*vnc, error) {
	conn, err := rfb.Open(stream)
	if err != nil {
		return nil, err
	}
	return &vnc{stream, conn}, nil
}

func (v *vnc) run(_ context.Context, look func(*picture.Frame)) error {
	for {
		painted, err := v.conn.Next()
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		if painted {
			look(v.conn.Frame())
		}
	}
}

func (v *vnc) key(down bool) error { return v.conn.Key('a', down) }
func (v *vnc) received() uint64    { return v.stream.in.Load() }
func (v *vnc) close()              { v.stream.Close() }
