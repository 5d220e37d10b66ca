//go:build unix && !darwin

package capture

import "time"

const (
	settle     = 1500 * time.Microsecond // in which the rest of a burst of drawing comes
	shortly    = settle / 5
	loneBursts = 8 // drawings in a row after which nothing came within settle: then there is no use in waiting
)

// burst learns whether drawings come in bursts, so that one burst is one update and a lone drawing (the next picture of a
// video) does not wait for what will not come. The zero value is ready.
type burst struct{ alone int }

// wait is how long to wait for the rest of a drawing that is there, so long after the last one was taken.
func (b *burst) wait(sinceLast time.Duration) time.Duration {
	if sinceLast < settle {
		b.alone = 0 // the last one was torn in two
	}
	if b.alone >= loneBursts {
		return shortly
	}
	return settle
}

// waited notes whether more came during the wait.
func (b *burst) waited(more bool) {
	if more {
		b.alone = 0
	} else {
		b.alone++
	}
}
