package host

import (
	"sync"
	"time"

	"impero/core/seam"
)

// Who asks again before the Host's user has forgotten the last question waits: askPause after the first that came to nothing,
// twice as long after each further one, up to maxAskPause. An answer that lets the Guest in ends it.
const (
	askPause    = 5 * time.Second
	maxAskPause = 5 * time.Minute
	askMemory   = time.Hour // after so long without a question the first pause is short again
	maxAskers   = 1024
)

// asks are the questions that wait for the Host's user, and who may not ask another yet.
type asks struct {
	mu     sync.Mutex
	last   uint32
	of     map[uint32]chan<- seam.Answer // with room for one
	askers map[string]*asker
}

// asker is somebody whose questions came to nothing, or who has one.
type asker struct {
	asking bool
	vain   int // questions in a row
	until  time.Time
}

// begin numbers a question of somebody; false if too many wait, or this one may not ask yet but in wait.
func (a *asks) begin(who string, heard chan<- seam.Answer, now time.Time) (id uint32, wait time.Duration, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.of) >= maxAsks {
		return 0, 0, false
	}
	if a.of == nil {
		a.of, a.askers = map[uint32]chan<- seam.Answer{}, map[string]*asker{}
	}
	x := a.askers[who]
	if x == nil {
		a.makeRoom(now)
		x = &asker{}
		a.askers[who] = x
	}
	if !x.asking && now.Sub(x.until) > askMemory {
		x.vain = 0
	}
	switch {
	case x.asking:
		return 0, askPause, false
	case now.Before(x.until):
		return 0, x.until.Sub(now), false
	}
	x.asking = true
	a.last++
	a.of[a.last] = heard
	return a.last, 0, true
}

// count is how many Guests wait for an answer.
func (a *asks) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.of)
}

// makeRoom forgets those who may ask again for long; mu is held.
func (a *asks) makeRoom(now time.Time) {
	if len(a.askers) < maxAskers {
		return
	}
	var oldest string
	for who, x := range a.askers {
		switch {
		case x.asking:
		case now.After(x.until.Add(maxAskPause)):
			delete(a.askers, who)
		case oldest == "" || x.until.Before(a.askers[oldest].until):
			oldest = who
		}
	}
	if len(a.askers) >= maxAskers {
		delete(a.askers, oldest)
	}
}

// end takes a question away. vain says that it bothered the Host's user for nothing.
func (a *asks) end(id uint32, who string, vain bool, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.of, id)
	x := a.askers[who]
	if x == nil {
		return
	}
	if x.asking = false; !vain {
		delete(a.askers, who)
		return
	}
	pause := maxAskPause
	if x.vain < 6 {
		pause = askPause << x.vain
	}
	x.vain++
	x.until = now.Add(pause)
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
