package host

import (
	"sync"
	"time"
)

// idle calls over once nothing was touched for a limit. The zero limit is never.
type idle struct {
	over func()

	mu    sync.Mutex
	limit time.Duration
	timer *time.Timer
	gone  bool
}

// set changes the limit, from now on.
func (i *idle) set(limit time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.gone || limit == i.limit {
		return
	}
	i.limit = limit
	if i.timer != nil {
		i.timer.Stop()
		i.timer = nil
	}
	if limit > 0 {
		i.timer = time.AfterFunc(limit, i.over)
	}
}

// running is the limit that a timer runs for; 0 if none does.
func (i *idle) running() time.Duration {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.timer == nil || i.gone {
		return 0
	}
	return i.limit
}

// touch begins the time anew.
func (i *idle) touch() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.timer != nil && !i.gone {
		i.timer.Reset(i.limit)
	}
}

// stop is the end; over is not called any more, or is being called.
func (i *idle) stop() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.gone = true
	if i.timer != nil {
		i.timer.Stop()
	}
}
