package transport

import (
	"context"
	"errors"
	"net"
	"testing"
)

func TestDialTellsWhy(t *testing.T) {
	ctx := context.Background()
	l, err := Listen(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := l.Addr().String()
	if _, err := Listen(ctx, free); !InUse(err) {
		t.Errorf("a port in use gives %v", err)
	}
	c, err := Dial(ctx, free)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	l.Close()
	if _, err := Dial(ctx, free); !errors.Is(err, ErrNobody) {
		t.Errorf("a port nobody listens on gives %v", err)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := Dial(gone, free); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled dial gives %v", err)
	}
}

func TestClassify(t *testing.T) {
	if err := classify(&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", IsNotFound: true}}); !errors.Is(err, ErrNameNotFound) {
		t.Errorf("an unknown name gives %v", err)
	}
	if err := classify(&net.OpError{Op: "dial", Err: &timeout{}}); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("a timeout gives %v", err)
	}
}

type timeout struct{}

func (*timeout) Error() string   { return "timed out" }
func (*timeout) Timeout() bool   { return true }
func (*timeout) Temporary() bool { return true }
