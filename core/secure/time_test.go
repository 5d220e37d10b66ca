package secure

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"impero/core/wire"
)

// timed runs f and says how long it took on the bubble's clock.
func timed(f func() error) (time.Duration, error) {
	start := time.Now()
	err := f()
	return time.Since(start), err
}

func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		go io.Copy(io.Discard, b) // takes everything, says nothing
		took, err := timed(func() error { _, err := Guest(context.Background(), a, GuestConfig{Verify: trust}); return err })
		if took != DefaultTimeout || !errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, ErrHandshake) {
			t.Errorf("guest: after %s: %v", took, err)
		}
		a, b = net.Pipe()
		took, err = timed(func() error { _, err := Host(context.Background(), b, HostConfig{Identity: hostKey(t)}); return err })
		if took != DefaultTimeout || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("host: after %s: %v", took, err)
		}
		if _, err := a.Write([]byte{0}); err == nil {
			t.Error("the Host's connection is open")
		}
		a, _ = net.Pipe() // does not even read
		took, err = timed(func() error {
			_, err := Guest(context.Background(), a, GuestConfig{Verify: trust, Timeout: time.Second})
			return err
		})
		if took != time.Second || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("guest that cannot write: after %s: %v", took, err)
		}
	})
}

// TestSlowCaller sends a byte a second: the Host's time is for all of them together.
func TestSlowCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			all := wire.Preamble{Newest: 1, Oldest: 1, Purpose: wire.PurposeSession}.Append(nil)
			record, _ := clearFrame(&wire.GuestHello{Levels: []wire.Level{1}})
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for _, v := range append(all, record...) {
				<-tick.C
				if _, err := a.Write([]byte{v}); err != nil {
					return
				}
			}
		}()
		took, err := timed(func() error { _, err := Host(context.Background(), b, HostConfig{Identity: hostKey(t)}); return err })
		if took != DefaultTimeout || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("after %s: %v", took, err)
		}
		<-gone // its next byte finds the connection closed
	})
}

// TestCallerThatDoesNotRead leaves the Host's answer where it is.
func TestCallerThatDoesNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		cfg := GuestConfig{Verify: trust}
		hello, _, err := cfg.hello()
		if err != nil {
			t.Fatal(err)
		}
		record, _ := clearFrame(hello)
		go a.Write(append(wire.Preamble{Newest: 1, Oldest: 1, Purpose: wire.PurposeSession}.Append(nil), record...))
		took, err := timed(func() error { _, err := Host(context.Background(), b, HostConfig{Identity: hostKey(t)}); return err })
		if took != DefaultTimeout || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("after %s: %v", took, err)
		}
	})
}

func TestPersonTakesTime(t *testing.T) {
	for _, c := range []struct {
		thinks time.Duration
		ok     bool
	}{{4 * time.Minute, true}, {VerifyTimeout - time.Second, true}, {VerifyTimeout + time.Second, false}} {
		synctest.Test(t, func(t *testing.T) {
			a, b := net.Pipe()
			g, h := meet(t, a, b, GuestConfig{Verify: func(ctx context.Context, _ HostID) error {
				select {
				case <-time.After(c.thinks):
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			}}, HostConfig{})
			if (g.err == nil) != c.ok || (h.err == nil) != c.ok {
				t.Errorf("after %s: guest %v, host %v", c.thinks, g.err, h.err)
			}
			if !c.ok && !errors.Is(g.err, context.DeadlineExceeded) {
				t.Errorf("guest: %v", g.err)
			}
			if c.ok { // no deadline of the handshake is left
				sent := make(chan error, 1)
				time.AfterFunc(time.Hour, func() { sent <- g.conn.WriteRecord(control, []byte("later")) })
				if _, _, err := h.conn.ReadRecord(); err != nil {
					t.Error(err)
				}
				if err := <-sent; err != nil {
					t.Error(err)
				}
				g.conn.Close()
				h.conn.Close()
			}
		})
	}
}

// TestNobodyAnswersThePrompt lets a Guest neither finish nor hang up.
func TestNobodyAnswersThePrompt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		done := make(chan error)
		start := time.Now()
		go func() {
			_, err := Host(context.Background(), b, HostConfig{Identity: hostKey(t)})
			done <- err
		}()
		if _, _, err := (strangeGuest{}).call(a); err != nil {
			t.Fatal(err)
		}
		if err := <-done; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
		if took := time.Since(start); took != VerifyTimeout+DefaultTimeout {
			t.Errorf("after %s", took)
		}
	})
}

func TestCancel(t *testing.T) {
	why := errors.New("the person closed the window")
	for name, run := range map[string]func(ctx context.Context) error{
		"guest, silence": func(ctx context.Context) error {
			a, b := net.Pipe()
			go io.Copy(io.Discard, b)
			_, err := Guest(ctx, a, GuestConfig{Verify: trust})
			return err
		},
		"host, silence": func(ctx context.Context) error {
			_, b := net.Pipe()
			_, err := Host(ctx, b, HostConfig{Identity: hostKey(t)})
			return err
		},
		"guest, while the person thinks": func(ctx context.Context) error {
			a, b := net.Pipe()
			go Host(context.Background(), b, HostConfig{Identity: hostKey(t)})
			_, err := Guest(ctx, a, GuestConfig{Verify: func(ctx context.Context, _ HostID) error { <-ctx.Done(); return ctx.Err() }})
			return err
		},
		"host, while the person thinks": func(ctx context.Context) error {
			a, b := net.Pipe()
			go strangeGuest{}.call(a)
			_, err := Host(ctx, b, HostConfig{Identity: hostKey(t)})
			return err
		},
		"guest, a Verify that does not see it": func(ctx context.Context) error {
			a, b := net.Pipe()
			go Host(context.Background(), b, HostConfig{Identity: hostKey(t)})
			_, err := Guest(ctx, a, GuestConfig{Verify: func(ctx context.Context, _ HostID) error { <-ctx.Done(); return nil }})
			return err
		},
		"host, refusing": func(ctx context.Context) error {
			a, b := net.Pipe()
			go a.Write(wire.Preamble{Newest: 1, Oldest: 1, Purpose: wire.PurposeTest}.Append(nil))
			time.AfterFunc(time.Second, func() {}) // the Host lingers
			_, err := Host(ctx, b, HostConfig{Identity: hostKey(t)})
			return err
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(context.Background())
			time.AfterFunc(time.Second, func() { cancel(why) })
			took, err := timed(func() error { return run(ctx) })
			if took != time.Second || !errors.Is(err, why) {
				t.Errorf("%s: after %s: %v", name, took, err)
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	conn := newScript()
	if _, err := Guest(ctx, conn, GuestConfig{Verify: trust}); !errors.Is(err, context.Canceled) || !conn.closed {
		t.Errorf("cancelled before: %v", err)
	}
}

// TestGuestMeetsAnotherProgram dials what else listens on a port.
func TestGuestMeetsAnotherProgram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			says string
			want error
		}{
			"SSH":          {"SSH-2.0-OpenSSH_9.2\r\n", wire.ErrNotImpero},
			"SMTP":         {"220 mail ESMTP\r\n", wire.ErrNotImpero},
			"RFB":          {"RFB 003.008\n", wire.ErrNotImpero},
			"one letter":   {"Imperator", wire.ErrNotImpero},
			"hangs up":     {"", io.ErrUnexpectedEOF},
			"half a magic": {"Impero", io.ErrUnexpectedEOF},
		} {
			a, b := net.Pipe()
			go io.Copy(io.Discard, b)
			go func() {
				io.WriteString(b, c.says)
				if c.want == io.ErrUnexpectedEOF {
					b.Close()
				}
			}()
			took, err := timed(func() error { _, err := Guest(context.Background(), a, GuestConfig{Verify: trust}); return err })
			if took != 0 || !errors.Is(err, c.want) {
				t.Errorf("%s: after %s: %v", name, took, err)
			}
			b.Close()
		}
	})
}

func TestGuestDialsAWebServer(t *testing.T) {
	// A web server that waits for TLS resets the connection without a word, so that nobody can say what it speaks.
	for name, secured := range map[string]bool{"HTTP": false, "HTTPS": true} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		srv := &http.Server{ErrorLog: quiet(), Handler: http.NotFoundHandler()}
		listener := net.Listener(l)
		if secured {
			listener = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{certificate(t)}})
		}
		go srv.Serve(listener)
		defer srv.Close()
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		_, err = Guest(context.Background(), c, GuestConfig{Verify: trust})
		if !secured && !errors.Is(err, wire.ErrNotImpero) || err == nil || errors.Is(err, ErrHandshake) {
			t.Errorf("%s: %v", name, err)
		}
		if time.Since(start) > 5*time.Second {
			t.Errorf("%s: told after %s", name, time.Since(start))
		}
	}
}

func TestHostIsCalledByAnotherProgram(t *testing.T) {
	junk := make([]byte, 5000)
	rand.Read(junk)
	junk[0] = 0x16
	for name, says := range map[string]string{
		"HTTP":     "GET / HTTP/1.1\r\nHost: desk\r\n\r\n",
		"TLS":      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
		"SSH":      "SSH-2.0-OpenSSH_9.2\r\n",
		"RDP":      "\x03\x00\x00\x13\x0e\xe0\x00\x00",
		"junk":     string(junk),
		"one more": "Impero\r\r",
	} {
		synctest.Test(t, func(t *testing.T) {
			a, b := net.Pipe()
			go io.WriteString(a, says)
			took, err := timed(func() error { _, err := Host(context.Background(), b, HostConfig{Identity: hostKey(t)}); return err })
			if took != 0 || !errors.Is(err, wire.ErrNotImpero) {
				t.Errorf("%s: after %s: %v", name, took, err)
			}
			got, _ := io.ReadAll(a)
			if len(got) > 0 {
				t.Errorf("%s: was answered %q", name, got)
			}
		})
	}
	for name, says := range map[string][]byte{
		"versions the wrong way round": append([]byte(wire.Magic), 0, 1, 0, 2, 1, 0),
		"purpose 0":                    append([]byte(wire.Magic), 0, 1, 0, 1, 0, 0),
		"target with a control":        append([]byte(wire.Magic), 0, 1, 0, 1, 1, 1, 7),
	} {
		if _, err := Host(context.Background(), newScript(says), HostConfig{Identity: hostKey(t)}); !errors.Is(err, ErrHandshake) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
