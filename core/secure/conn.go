package secure

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"impero/core/wire"
)

// Conn is a sealed connection. One goroutine at a time may read, one may write, and any may call the other methods.
type Conn struct {
	conn     net.Conn
	peer     Peer
	self     wire.Side
	exporter [secretLen]byte
	limits   limits

	in       *reader
	receive  [wire.Channels]channel // owned by the reading goroutine
	readErr  error
	out      []byte                 // one record
	send     [wire.Channels]channel // owned by the writing goroutine
	writeErr error

	closing  sync.Once
	closeErr error
	tampered atomic.Pointer[error] // what the reading goroutine closed the connection for
}

// newConn makes the session's keys of a finished handshake, for connection 0 of a session, and overwrites session. in
// goes on where the handshake stopped reading.
func newConn(conn net.Conn, in *reader, session []byte, from wire.Side, peer Peer) *Conn {
	c := &Conn{
		conn: conn, peer: peer, self: from, limits: epochLimits, in: in,
		out: make([]byte, 0, wire.HeaderLen+in.maxBytes),
	}
	in.open()
	c.rekey(session, 0, wire.EpochSession)
	return c
}

// rekey derives everything of a secret, which it overwrites: the traffic secrets of a connection's number, and the exporter.
func (c *Conn) rekey(secret []byte, number uint32, epoch uint16) {
	defer clear(secret)
	for ch := wire.ChannelControl; ch <= wire.ChannelBulk; ch++ {
		mine, theirs := trafficSecret(secret, c.self, number, ch), trafficSecret(secret, wire.FromBoth^c.self, number, ch)
		p := c.peer.Level.Protection(ch)
		c.send[ch], c.receive[ch] = newChannel(mine, p, epoch), newChannel(theirs, p, epoch)
		clear(mine)
		clear(theirs)
	}
	exporter := derive(secret, "exporter", "", secretLen)
	defer clear(exporter)
	copy(c.exporter[:], exporter)
}

// Join mixes ticket, a secret of a session's two ends, into the keys of everything that follows (PROTOCOL.md §10.3):
// both ends call it after the same record, while nobody reads or writes. number is the connection's in its session. bulk
// lets records of up to wire.MaxBulkRecord come and go: 512 KiB of buffers more.
func (c *Conn) Join(ticket []byte, number uint32, bulk bool) {
	salt := c.Export("join keys")
	defer clear(salt)
	joined, err := hkdf.Extract(sha256.New, ticket, salt)
	if err != nil {
		panic("secure: " + err.Error()) // only for a short ticket in FIPS mode; it has 32 bytes
	}
	c.rekey(joined, number, wire.EpochJoined)
	if bulk {
		c.in.grow(wire.MaxBulkRecord)
		c.out = make([]byte, 0, wire.HeaderLen+wire.MaxBulkRecord)
	}
}

// MaxPayload is the longest plaintext of a record.
func (c *Conn) MaxPayload() int { return c.in.maxBytes - wire.TagLen }

// ReadRecord waits for the next record. The plaintext is good until the next call.
//
// io.EOF means that the stream ended between records, which anyone between can bring about; an end in order is a
// message. A record that is malformed or does not open gives an error that wraps ErrRecord and closes the connection.
// Every error but a deadline's is given again by later calls; after a deadline (os.ErrDeadlineExceeded) reading goes on.
func (c *Conn) ReadRecord() (wire.Channel, []byte, error) {
	if c.readErr != nil {
		return 0, nil, c.readErr
	}
	h, record, err := c.in.record()
	if err != nil {
		return 0, nil, c.readFailed(err)
	}
	plaintext, err := c.receive[h.Channel].take(h, record, c.limits)
	if err != nil {
		c.readErr = fmt.Errorf("read record: %w: %w", ErrRecord, err)
		c.breakOff()
		return 0, nil, c.readErr
	}
	return h.Channel, plaintext, nil
}

func (c *Conn) readFailed(err error) error {
	var n net.Error
	switch {
	case errors.As(err, &n) && n.Timeout():
		return fmt.Errorf("read record: %w", err)
	case errors.Is(err, wire.ErrMalformed):
		c.readErr = fmt.Errorf("read record: %w: %w", ErrRecord, err)
		c.breakOff()
		return c.readErr
	}
	c.readErr = fmt.Errorf("read record: %w", err)
	return c.readErr
}

// breakOff closes the connection for readErr, and has the writing goroutine give that as its reason too: whoever comes
// first is heard.
func (c *Conn) breakOff() {
	why := c.readErr
	c.tampered.Store(&why)
	c.Close()
}

// WriteRecord seals 1 to MaxPayload bytes and writes them as one record. It does not keep plaintext. An error but
// ErrTooLong ends writing for good: later calls give it again.
func (c *Conn) WriteRecord(ch wire.Channel, plaintext []byte) error {
	switch {
	case c.writeErr != nil:
		return c.writeErr
	case ch < wire.ChannelControl || ch > wire.ChannelBulk:
		return fmt.Errorf("write record: there is no %s", ch)
	case len(plaintext) == 0 || len(plaintext) > c.MaxPayload():
		return fmt.Errorf("write record: %w: %d bytes, 1 to %d allowed", ErrTooLong, len(plaintext), c.MaxPayload())
	}
	current := &c.send[ch]
	if (current.spent(c.limits) || current.old(c.limits)) && !current.ratchet() {
		return c.writeFailed(errors.New("the last epoch is spent"))
	}
	if _, err := c.conn.Write(current.seal(c.out[:0], ch, current.epoch, plaintext)); err != nil {
		return c.writeFailed(err)
	}
	return nil
}

// writeFailed ends writing: after a part of a record nothing that follows could be read.
func (c *Conn) writeFailed(err error) error {
	if why := c.tampered.Load(); why != nil {
		err = *why
	}
	c.writeErr = fmt.Errorf("write record: %w", err)
	c.Close()
	return c.writeErr
}

// Peer gives what the handshake settled.
func (c *Conn) Peer() Peer { return c.peer }

// Export gives 32 secret bytes that both ends of this connection share and nobody else knows, others for each label.
func (c *Conn) Export(name string) []byte { return derive(c.exporter[:], "export", name, secretLen) }

// SetDeadline bounds reading and writing, as net.Conn's does.
func (c *Conn) SetDeadline(t time.Time) error { return c.conn.SetDeadline(t) }

// SetReadDeadline bounds reading.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.conn.SetReadDeadline(t) }

// SetWriteDeadline bounds writing. A write that misses it ends writing for good.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.conn.SetWriteDeadline(t) }

// NetConn is the stream underneath, for its options; nobody else reads or writes it.
func (c *Conn) NetConn() net.Conn { return c.conn }

// LocalAddr is this end's address.
func (c *Conn) LocalAddr() net.Addr { return c.conn.LocalAddr() }

// RemoteAddr is the other end's address.
func (c *Conn) RemoteAddr() net.Addr { return c.conn.RemoteAddr() }

// Close closes the stream. It says nothing to the other side; the session does that before.
func (c *Conn) Close() error {
	c.closing.Do(func() { c.closeErr = c.conn.Close() })
	return c.closeErr
}
