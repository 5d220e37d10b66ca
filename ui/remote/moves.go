package remote

import "time"

// moveEvery is the least time between two moves of a pane's pointer: a mouse
// tells up to 1000 a second, of which a Host could show no more than this.
const moveEvery = 4 * time.Millisecond

// moves lets the first move go at once and those that follow within moveEvery
// together. It belongs to its owner's lock, which later must take.
type moves struct {
	last  time.Time
	timer *time.Timer // runs while one waits
	x, y  int
}

// move sends a move now, or has later called in its time.
func (m *moves) move(x, y int, send func(x, y int), later func()) {
	m.x, m.y = x, y
	if m.timer != nil {
		return
	}
	now := time.Now()
	if wait := moveEvery - now.Sub(m.last); wait > 0 && !m.last.IsZero() {
		m.timer = time.AfterFunc(wait, later)
		return
	}
	m.last = now
	send(x, y)
}

// flush sends the move that waits: something that follows must come after it.
func (m *moves) flush(send func(x, y int)) {
	if m.timer != nil {
		m.drop()
		m.last = time.Now()
		send(m.x, m.y)
	}
}

// drop forgets the move that waits.
func (m *moves) drop() {
	if m.timer != nil {
		m.timer.Stop()
		m.timer = nil
	}
}
