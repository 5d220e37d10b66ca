//go:build unix

package x11

import (
	"errors"
	"net"
	"sync"
	"testing"
	"time"
)

// TestPoll: what is there is read without a wait, also where it fills the buffer to its last byte, and behind an answer.
func TestPoll(t *testing.T) {
	const events = 3*2048 - 1 // with the answer, three full buffers
	sent, more := make(chan struct{}), make(chan struct{})
	end := sync.OnceFunc(func() { close(more) })
	defer end()
	c := dial(t, serve(t, accepted(), func(s net.Conn) {
		request(s)
		many := message(1, 0, 1)
		for range events {
			many = append(many, message(12, 0, 1)...)
		}
		close(sent)
		s.Write(many)
		<-more
		s.Write(message(12, 0, 1)[:20]) // and is gone in the middle
	}))
	if _, err := c.Call(100, 0); err != nil {
		t.Fatal(err)
	}
	<-sent
	got := 0
	for deadline := time.Now().Add(20 * time.Second); got < events && time.Now().Before(deadline); {
		if _, err := c.Poll(); err != nil {
			t.Fatalf("after %d events: %v", got, err)
		}
		for _, ok := c.Queued(); ok; _, ok = c.Queued() {
			got++
		}
	}
	if read, err := c.Poll(); got != events || read || err != nil {
		t.Errorf("%d events of %d, then %t, %v", got, events, read, err)
	}
	end()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		if _, err := c.Poll(); err != nil {
			if _, again := c.Poll(); !errors.Is(err, ErrLost) || !errors.Is(again, ErrLost) {
				t.Errorf("a server that is gone gives %v, then %v", err, again)
			}
			return
		}
	}
	t.Error("a server that is gone is not noticed")
}
