package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"impero/core/wire"
)

// Records is a sealed connection: whole records in, whole records out. *secure.Conn is one. ReadRecord and
// WriteRecord are each called by one goroutine at a time; the plaintext ReadRecord gives is good until its next call.
type Records interface {
	ReadRecord() (wire.Channel, []byte, error)
	WriteRecord(wire.Channel, []byte) error
	MaxPayload() int
	SetDeadline(time.Time) error
	Close() error
}

// Dialogue exchanges the messages of a logon, one at a time.
type Dialogue struct {
	rec   Records
	check wire.Checker
	rest  []byte
	ch    wire.Channel

	mu  sync.Mutex // guards writing and buf
	buf []byte
}

// NewDialogue begins the logon on rec; from is the other side.
func NewDialogue(rec Records, from wire.Side) *Dialogue {
	return &Dialogue{rec: rec, check: wire.Checker{From: from, State: wire.StateLogon}}
}

// Send sends m on the control channel.
func (d *Dialogue) Send(m wire.Message) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.buf = wire.AppendMessage(d.buf[:0], 0, m)
	if err := d.rec.WriteRecord(wire.ChannelControl, d.buf); err != nil {
		return fmt.Errorf("send logon message: %w", err)
	}
	return nil
}

// Receive waits for the other side's next message. Pings are answered on the way. A Close is a *wire.Closed error, a
// broken rule a *wire.Violation. ctx bounds the wait; after it ended the connection is of no more use.
func (d *Dialogue) Receive(ctx context.Context) (wire.Message, error) {
	stop := context.AfterFunc(ctx, func() { d.rec.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	for {
		m, err := d.next()
		if err != nil {
			if ctx.Err() != nil {
				err = ctx.Err()
			}
			return nil, fmt.Errorf("receive logon message: %w", err)
		}
		switch m := m.(type) {
		case nil, *wire.Pong:
		case *wire.Ping:
			if err := d.Send(&wire.Pong{Token: m.Token}); err != nil {
				return nil, err
			}
		case *wire.Close:
			return nil, &wire.Closed{Code: m.Code, Detail: m.Detail}
		default:
			return m, nil
		}
	}
}

// Idle waits until done is closed, while the other side has nothing to say. That it closes, or speaks, is noticed at once
// and an error as of Receive. At the end Idle makes sure, in one round trip, that nothing of the other side's was left out: the
// connection is of use for what follows.
func (d *Dialogue) Idle(ctx context.Context, done <-chan struct{}) error {
	stop := context.AfterFunc(ctx, func() { d.rec.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	token, over, sent := rand.Uint64(), make(chan struct{}), make(chan error, 1)
	go func() {
		select {
		case <-done:
			sent <- d.Send(&wire.Ping{Token: token})
		case <-over:
			sent <- nil
		}
	}()
	err := d.hush(token)
	close(over)
	if err = errors.Join(err, <-sent); err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return err
}

// hush reads until the Pong with token comes. Anything else than a Ping or Pong is an error.
func (d *Dialogue) hush(token uint64) error {
	for {
		m, err := d.next()
		if err != nil {
			return fmt.Errorf("receive logon message: %w", err)
		}
		switch m := m.(type) {
		case nil:
		case *wire.Pong:
			if m.Token == token {
				return nil
			}
		case *wire.Ping:
			if err := d.Send(&wire.Pong{Token: m.Token}); err != nil {
				return err
			}
		case *wire.Close:
			return &wire.Closed{Code: m.Code, Detail: m.Detail}
		default:
			return &wire.Violation{Code: wire.CloseProtocol, Err: fmt.Errorf("message %#x out of turn", uint16(m.Type()))}
		}
	}
}

// next gives the next message of this or the next record; nil for one to skip.
func (d *Dialogue) next() (wire.Message, error) {
	if len(d.rest) == 0 {
		ch, plain, err := d.rec.ReadRecord()
		if err != nil {
			return nil, err
		}
		d.ch, d.rest = ch, append([]byte(nil), plain...)
	}
	f, rest, err := wire.NextFrame(d.rest)
	if err != nil {
		return nil, &wire.Violation{Code: wire.CloseProtocol, Err: err}
	}
	d.rest = rest
	return d.check.Check(d.ch, f)
}

// Close ends the connection with a reason. It does not wait for the other side.
func (d *Dialogue) Close(code wire.CloseCode, detail string) {
	d.rec.SetDeadline(time.Now().Add(closeTime))
	d.Send(&wire.Close{Code: code, Detail: clip(detail, wire.MaxDetail)})
	d.rec.Close()
}

// CodeOf gives the close code that a failure of this side's reading is answered with, and whether there is one to send.
func CodeOf(err error) (wire.CloseCode, bool) {
	var v *wire.Violation
	if errors.As(err, &v) {
		return v.Code, true
	}
	return 0, false
}

// Dead says whether err is what a connection gives that broke or was closed without a word.
func Dead(err error) bool {
	var c *wire.Closed
	return err != nil && !errors.As(err, &c) && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || !hasCode(err))
}

func hasCode(err error) bool { _, ok := CodeOf(err); return ok }

// clip shortens s to at most n bytes at a character's edge, and makes control characters spaces.
func clip(s string, n int) string {
	out := make([]rune, 0, len(s))
	size := 0
	for _, r := range s {
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			r = ' '
		}
		if size += len(string(r)); size > n {
			break
		}
		out = append(out, r)
	}
	return string(out)
}
