package lab

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"

	"impero/core/wire"
)

// maxTampered is the longest record that is taken as one. From a longer one on
// a direction is passed on as it comes.
const maxTampered = 1 << 20

// Tamper is someone between Guests and a Host at a TCP address.
type Tamper struct {
	listener net.Listener
	stop     context.CancelFunc
	running  sync.WaitGroup
}

// RunTamper listens at a free port of 127.0.0.1 and puts rules between each
// connection and a new one to the target. rules is called for each, so that
// each has rules of its own. It ends with ctx or with Close.
func RunTamper(ctx context.Context, target string, rules func() Rules) (*Tamper, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("sit between: %w", err)
	}
	t := &Tamper{listener: listener}
	ctx, t.stop = context.WithCancel(ctx)
	t.running.Go(func() { t.accept(ctx, target, rules) })
	context.AfterFunc(ctx, func() { listener.Close() })
	return t, nil
}

// StartTamper is [RunTamper] for a test.
func StartTamper(t testing.TB, target string, rules func() Rules) *Tamper {
	t.Helper()
	tamper, err := RunTamper(context.Background(), target, rules)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tamper.Close() })
	return tamper
}

func (t *Tamper) accept(ctx context.Context, target string, rules func() Rules) {
	for {
		guest, err := t.listener.Accept()
		if err != nil {
			return
		}
		r := rules()
		t.running.Go(func() {
			host, err := new(net.Dialer).DialContext(ctx, "tcp", target)
			if err != nil {
				guest.Close()
				return
			}
			r.Between(ctx, guest, host)
		})
	}
}

// Addr is where Guests are to connect to ("127.0.0.1:7").
func (t *Tamper) Addr() string { return t.listener.Addr().String() }

// Close ends it and its connections, and returns when all is gone.
func (t *Tamper) Close() error {
	t.stop()
	t.running.Wait()
	return nil
}

// Between lets a Guest and a Host that are at the other ends of two
// connections speak through the rules, until both have ended, one of them
// fails, or ctx ends. It closes both connections.
func (r Rules) Between(ctx context.Context, guest, host net.Conn) {
	closeBoth := func() { guest.Close(); host.Close() }
	defer context.AfterFunc(ctx, closeBoth)()
	defer closeBoth()
	toHost, toGuest := &outlet{conn: host}, &outlet{conn: guest}
	var ways sync.WaitGroup
	pass := func(from net.Conn, opening func(io.Reader) ([]byte, error), rule Rule, on, back *outlet) {
		if tamper(from, opening, rule, on, back) != nil || !endHalf(from, on.conn) {
			closeBoth()
		}
	}
	ways.Go(func() { pass(guest, readPreamble, r.ToHost, toHost, toGuest) })
	ways.Go(func() { pass(host, readAnswer, r.ToGuest, toGuest, toHost) })
	ways.Wait()
}

// Wrap puts the rules between a Guest that uses the result and a Host at the
// other end of conn. Closing the result closes conn.
func (r Rules) Wrap(conn net.Conn) net.Conn {
	guest, middle := net.Pipe()
	go r.Between(context.Background(), middle, conn)
	return guest
}

func readPreamble(r io.Reader) ([]byte, error) {
	_, raw, err := wire.ReadPreamble(r)
	return raw, err
}

func readAnswer(r io.Reader) ([]byte, error) {
	_, raw, err := wire.ReadAnswer(r)
	return raw, err
}

// outlet is one direction's way out. Both directions write to it.
type outlet struct {
	mu   sync.Mutex // guards conn's writing
	conn net.Conn
}

func (o *outlet) write(parts ...[]byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, err := o.conn.Write(bytes.Join(parts, nil))
	return err
}

// endHalf passes on that one direction has ended, and says whether the other
// can go on: not if one of the connections ends as a whole only.
func endHalf(from, to net.Conn) bool {
	type halves interface{ CloseWrite() error }
	half, can := to.(halves)
	if _, both := from.(halves); !can || !both {
		return false
	}
	return half.CloseWrite() == nil
}

// tamper passes on one direction until it ends; nil is an end in order.
func tamper(from net.Conn, opening func(io.Reader) ([]byte, error), rule Rule, on, back *outlet) error {
	read := bufio.NewReaderSize(from, 1<<16)
	var seen bytes.Buffer // what the opening took, should it be none
	raw, err := opening(io.TeeReader(read, &seen))
	if err != nil {
		if err := on.write(seen.Bytes()); err != nil {
			return err
		}
		return passRest(read, on)
	}
	if err := on.write(raw); err != nil {
		return err
	}
	for number := 0; ; number++ {
		head, err := read.Peek(wire.HeaderLen)
		if err != nil || binary.BigEndian.Uint32(head) > maxTampered {
			return passRest(read, on)
		}
		r := Record{Number: number, Header: wire.Header{
			Length: binary.BigEndian.Uint32(head), Channel: wire.Channel(head[4]), Epoch: binary.BigEndian.Uint16(head[6:])}}
		r.Bytes = make([]byte, wire.HeaderLen+int(r.Header.Length))
		if n, err := io.ReadFull(read, r.Bytes); err != nil {
			return on.write(r.Bytes[:n])
		}
		if err := pass(r, rule, on, back); err != nil {
			return err
		}
	}
}

// pass does with one record what the rule says.
func pass(r Record, rule Rule, on, back *outlet) error {
	if rule == nil {
		return on.write(r.Bytes)
	}
	onward, returned := rule(r)
	if len(returned) > 0 {
		if err := back.write(returned...); err != nil {
			return err
		}
	}
	if len(onward) == 0 {
		return nil
	}
	return on.write(onward...)
}

func passRest(from io.Reader, on *outlet) error {
	buffer := make([]byte, 1<<16)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if err := on.write(buffer[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
