package host

import (
	"sync"

	"impero/core/seam"
)

// asks are the questions that wait for the Host's user.
type asks struct {
	mu   sync.Mutex
	last uint32
	of   map[uint32]chan<- seam.Answer // with room for one
}

// begin numbers a question; false if too many wait.
func (a *asks) begin(heard chan<- seam.Answer) (uint32, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.of) >= maxAsks {
		return 0, false
	}
	if a.of == nil {
		a.of = map[uint32]chan<- seam.Answer{}
	}
	a.last++
	a.of[a.last] = heard
	return a.last, true
}

func (a *asks) end(id uint32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.of, id)
}

// answered takes the agent's answer; the first one counts.
func (a *asks) answered(m *seam.Verdict) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if heard := a.of[m.ID]; heard != nil {
		heard <- m.Answer
		delete(a.of, m.ID)
	}
}
