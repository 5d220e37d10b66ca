package host

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// page is what a log wrote.
type page struct {
	mu sync.Mutex
	bytes.Buffer
}

func (p *page) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.Buffer.Write(b)
}

func TestNotesSayAKindOnceAPeriod(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := new(page)
		log := slog.New(slog.NewTextHandler(b, nil))
		n := newNotes(10 * time.Second)
		said := func(want string) {
			t.Helper()
			synctest.Wait()
			b.mu.Lock()
			defer b.mu.Unlock()
			if got := strings.Count(b.String(), "\n"); got != strings.Count(want, "|")+1 && want != "" || want == "" && got != 0 {
				t.Errorf("logged %d lines: %s", got, b.String())
			}
			for part := range strings.SplitSeq(want, "|") {
				if !strings.Contains(b.String(), part) {
					t.Errorf("%q is not in %s", part, b.String())
				}
			}
			b.Reset()
		}
		flood, rare := kind{message: "flood"}, kind{message: "rare", free: 2}
		for i := range 1000 {
			n.add(log, flood, "from", i)
		}
		n.add(log, kind{message: "flood", of: 1}, "from", "another kind")
		said(`msg=flood from=0|another kind`)
		time.Sleep(10 * time.Second)
		said(`msg=flood more=999 from=999`)
		if !n.add(log, flood, "from", 1) || n.add(log, flood, "from", 2) {
			t.Error("not the first alone of a period is its first")
		}
		said("")
		time.Sleep(10 * time.Second)
		said(`more=2`)
		time.Sleep(10 * time.Second)
		if !n.add(log, flood) {
			t.Error("a first one is none")
		}
		said("msg=flood")
		for i := range 4 {
			n.add(log, rare, "from", i)
		}
		said("from=0|from=1|from=2")
		n.close()
		said("msg=rare more=1 from=3")
		n.add(log, rare, "from", "late")
		said("from=late")
	})
}
