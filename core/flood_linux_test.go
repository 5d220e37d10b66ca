package core_test

import (
	"context"
	"net"
	"sync"
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
	compared, waits := make(chan struct{}), make(chan struct{})
	var ends sync.WaitGroup
	ends.Go(func() {
		conn, err := secure.Guest(context.Background(), early, secure.GuestConfig{Verify: func(context.Context, secure.HostID) error {
			close(waits)
			<-compared
			return nil
		}})
		if err == nil {
			_, _, err = conn.ReadRecord() // the offer
		}
		if err != nil {
			t.Errorf("a Guest that compared a fingerprint was put out: %v", err)
		}
	})
	<-waits
	stop := make(chan struct{})
	var wg sync.WaitGroup
	var mu sync.Mutex
	flooded := map[string]int{}
	for range 4 {
		wg.Go(func() {
			var open []net.Conn
			for {
				select {
				case <-stop:
					for _, c := range open {
						c.Close()
					}
					return
				default:
				}
				c, err := net.Dial("tcp", b.address)
				if err != nil {
					continue
				}
				open = append(open, c)
				_, err = secure.Guest(context.Background(), c, secure.GuestConfig{Verify: func(context.Context, secure.HostID) error { return nil }})
				mu.Lock()
				if err != nil {
					flooded["refused"]++
				} else {
					flooded["begun"]++
				}
				mu.Unlock()
			}
		})
	}
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
		mu.Lock()
		enough := flooded["refused"] > 500
		mu.Unlock()
		if enough {
			break
		}
	}
	close(stop)
	wg.Wait()
	close(compared)
	ends.Wait()
	figure(t, "%v", flooded)
	if flooded["refused"] == 0 {
		t.Error("the flood was not refused")
	}
	if b.log.count(wire.CloseBusy.String()) == 0 {
		t.Error("no refusal was logged")
	}
	b.isQuiet(150)
}
