package host

import (
	"testing"
	"time"

	"impero/core/store"
)

// TestForget: a session that took its place and never began leaves nothing behind, whoever hangs up how often.
func TestForget(t *testing.T) {
	h, err := New(Config{Home: store.At(t.TempDir())})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	h.since = time.Now()
	for n := range 3 * MaxSessions {
		g := &guestSession{h: h, name: sessionName{byte(n), 1}}
		if err := h.enter(t.Context(), g); err != nil {
			t.Fatal(err)
		}
		h.forget(g)
	}
	if len(h.sessions)+len(h.named) != 0 {
		t.Errorf("%d sessions and %d names are left", len(h.sessions), len(h.named))
	}
}
