package hostile

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"impero/core/secure"
)

// TestAGuestTakesNoImpostorForAHost tells every Guest that it may trust.
func TestAGuestTakesNoImpostorForAHost(t *testing.T) {
	names := map[string]bool{}
	for _, a := range Answers() {
		if names[a.Name] {
			t.Errorf("two answers are called %q", a.Name)
		}
		names[a.Name] = true
		t.Run(a.Name, func(t *testing.T) {
			i := StartImpostor(t, a, 1)
			conn, err := net.Dial("tcp", i.Addr())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			asked := false
			cfg := secure.GuestConfig{Verify: func(context.Context, secure.HostID) error { asked = true; return nil }}
			if a.Holds {
				cfg.Timeout = 100 * time.Millisecond
			}
			_, err = secure.Guest(t.Context(), conn, cfg)
			if err == nil || asked {
				t.Errorf("an impostor was taken for a Host: %v", err)
			}
			var late net.Error
			if timed := errors.As(err, &late) && late.Timeout(); timed != a.Holds {
				t.Errorf("the Guest ends with %v", err)
			}
		})
	}
}

func TestAnImpostorEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	i, err := RunImpostor(ctx, Answers()[1], 1)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", i.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.ReadFull(conn, make([]byte, 3)); err != nil {
		t.Fatal(err)
	}
	cancel()
	io.Copy(io.Discard, conn) // returns
	for range 2 {
		if err := i.Close(); err != nil {
			t.Error(err)
		}
	}
}
