package core_test

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"impero/core/guest"
	"impero/core/picture"
	"impero/core/secure"
	"impero/core/store"
	"impero/core/wire"
)

// TestHandshakesOfOneAddressPutOutNobodyElse floods with whole hellos from one address while a Guest of another is in the
// middle of its logon, and a third logs on. On Linux all of 127.0.0.0/8 is this computer.
func TestHandshakesOfOneAddressPutOutNobodyElse(t *testing.T) {
	b := besiege(t, "Full control", 0)
	elsewhere := func(ctx context.Context, address string) (net.Conn, error) {
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 9, 0, 1)}}
		return d.DialContext(ctx, "tcp", address)
	}
	early, err := elsewhere(t.Context(), b.address)
	if err != nil {
		t.Fatal(err)
	}
	defer early.Close()
	compared, ended := b.compares(early)
	flooded := b.floodWithHellos()
	e, err := guest.New(guest.Config{Home: store.At(t.TempDir()), Order: picture.RGBX, Dial: elsewhere})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 { // until the flood is refused, and then some
		g, err := b.connect(e, &person{passwords: []string{goodPassword}})
		if err != nil {
			t.Fatalf("from elsewhere: %v", err)
		}
		g.Close()
		if flooded.refused.Load() > 500 {
			break
		}
	}
	flooded.end()
	close(compared)
	<-ended
	figure(t, "%d begun, %d refused", flooded.begun.Load(), flooded.refused.Load())
	if flooded.refused.Load() == 0 {
		t.Error("the flood was not refused")
	}
	if b.log.count(wire.CloseBusy.String()) == 0 {
		t.Error("no refusal was logged")
	}
	b.isQuiet(150)
}

// compares has a Guest in the middle of its logon on a connection: it compares the fingerprint until compared is closed, and must get
// its offer then. ended is closed when that is known.
func (b *besieged) compares(early net.Conn) (compared, ended chan struct{}) {
	compared, ended = make(chan struct{}), make(chan struct{})
	waits := make(chan struct{})
	go func() {
		defer close(ended)
		conn, err := secure.Guest(context.Background(), early, secure.GuestConfig{Verify: func(context.Context, secure.HostID) error {
			close(waits)
			<-compared
			return nil
		}})
		if err == nil {
			_, _, err = conn.ReadRecord() // the offer
		}
		if err != nil {
			b.t.Errorf("a Guest that compared a fingerprint was put out: %v", err)
		}
	}()
	<-waits
	return compared, ended
}

// hellos is a flood of them; end ends it.
type hellos struct {
	begun, refused atomic.Int64
	end            func()
}

// floodWithHellos floods with whole hellos, whose connections stay open.
func (b *besieged) floodWithHellos() *hellos {
	f, stop := new(hellos), make(chan struct{})
	var wg sync.WaitGroup
	f.end = func() { close(stop); wg.Wait() }
	for range 4 {
		wg.Go(func() {
			var open []net.Conn
			defer func() {
				for _, c := range open {
					c.Close()
				}
			}()
			for {
				select {
				case <-stop:
					return
				default:
				}
				c, err := net.Dial("tcp", b.address)
				if err != nil {
					continue
				}
				open = append(open, c)
				if _, err = secure.Guest(context.Background(), c, secure.GuestConfig{Verify: func(context.Context, secure.HostID) error { return nil }}); err != nil {
					f.refused.Add(1)
				} else {
					f.begun.Add(1)
				}
			}
		})
	}
	return f
}
