package secure

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"impero/core/wire"
)

// handshake is what both sides' handshakes have in common.
type handshake struct {
	conn  net.Conn
	in    *reader
	check wire.Checker // of what the other side sends

	whole  bool          // the Guest's hello was read, after which it waits for an answer
	linger chan struct{} // HostConfig.Linger
}

func newHandshake(conn net.Conn, from wire.Side) *handshake {
	return &handshake{
		conn:  conn,
		in:    newReader(conn, wire.MaxRecord),
		check: wire.Checker{From: from, State: wire.StateHello},
	}
}

// guarded runs a handshake and closes conn if it fails or ctx ends.
func guarded(ctx context.Context, conn net.Conn, run func() (*Conn, error)) (*Conn, error) {
	if ctx.Err() != nil {
		conn.Close()
		return nil, fmt.Errorf("secure connection: %w", context.Cause(ctx))
	}
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closed)
		conn.Close()
	})
	c, err := run()
	if !stop() {
		<-closed
		err = context.Cause(ctx)
	}
	if err != nil {
		conn.Close()
		if _, refused := err.(*RefusedError); refused {
			return nil, err // there may be many, and it says all
		}
		return nil, fmt.Errorf("secure connection: %w", err)
	}
	conn.SetDeadline(time.Time{}) // fails only if the connection is dead, which the next read tells
	return c, nil
}

// clearFrame makes a record in clear of one message, and the frame in it.
func clearFrame(m wire.Message) (record, frame []byte) {
	frame = wire.AppendMessage(nil, 0, m)
	h := wire.Header{Length: uint32(len(frame)), Channel: wire.ChannelControl, Epoch: wire.EpochClear}
	return append(h.Append(nil), frame...), frame
}

// sealedFrame appends a record of one message under the handshake keys to dst, and gives the frame in it.
func sealedFrame(dst []byte, k *keys, m wire.Message) (record, frame []byte) {
	frame = wire.AppendMessage(nil, 0, m)
	return k.seal(dst, wire.ChannelControl, wire.EpochHandshake, frame), frame
}

// next waits for the other side's next record, which holds exactly one message that may come now: in clear if k is nil,
// else under k. The message and its frame are good until the next call.
func (h *handshake) next(k *keys) (m wire.Message, frame []byte, err error) {
	header, record, err := h.in.record()
	switch {
	case errors.Is(err, wire.ErrMalformed):
		return nil, nil, failed("read handshake record: %w", err)
	case err != nil:
		return nil, nil, fmt.Errorf("read handshake record: %w", unexpected(err))
	}
	epoch := wire.EpochClear
	if k != nil {
		epoch = wire.EpochHandshake
	}
	if header.Channel != wire.ChannelControl || header.Epoch != epoch {
		return nil, nil, failed("a record of epoch %d on the %s channel", header.Epoch, header.Channel)
	}
	body := record[wire.HeaderLen:]
	if k != nil {
		if body, err = k.open(record); err != nil {
			return nil, nil, failed("open handshake record: %w", err)
		}
	}
	f, rest, err := wire.NextFrame(body)
	if err != nil {
		return nil, nil, failed("read handshake frame: %w", err)
	}
	if len(rest) > 0 {
		return nil, nil, failed("%d bytes after a handshake message", len(rest))
	}
	if m, err = h.check.Check(header.Channel, f); err != nil {
		return nil, nil, failed("read handshake message: %w", err)
	}
	return m, body, nil
}

// nextAs is next for one kind of message.
func nextAs[M wire.Message](h *handshake, k *keys) (M, []byte, error) {
	var none M
	m, frame, err := h.next(k)
	if err != nil {
		return none, nil, err
	}
	if m, ok := m.(M); ok {
		return m, frame, nil
	}
	return none, nil, failed("message %#x out of order", uint16(m.Type()))
}

// checkMAC compares a finished MAC in constant time.
func checkMAC(got [wire.FinishedLen]byte, want []byte) error {
	if !hmac.Equal(got[:], want) {
		return failed("the finished MAC is another")
	}
	return nil
}

// unexpected makes a stream's end in the middle of a handshake what it is.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
