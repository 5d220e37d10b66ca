package pane

import (
	"slices"
	"sync"
	"time"
)

// kept is over how many pictures the times are taken.
const kept = 128

// clock collects the times of the last pictures. The zero clock is empty; it is
// safe for concurrent use.
type clock struct {
	mu    sync.Mutex
	count uint64
	last  [kept]time.Duration
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last[c.count%kept] = d
	c.count++
}

func (c *clock) times() Times {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := int(min(c.count, kept))
	if n == 0 {
		return Times{}
	}
	sorted := slices.Sorted(slices.Values(c.last[:n]))
	return Times{Count: c.count, Median: sorted[n/2], Worst: sorted[n-1]}
}
