package host

import (
	"context"
	"sync"

	"impero/core/agent"
	"impero/core/seam"
)

// Later is the user of an agent whose windows are made when they are first needed: until then it costs nothing. It stands in for
// Prompts, which Use gives.
type Later struct {
	wanted, ready chan struct{} // are closed

	mu     sync.Mutex
	want   bool
	opens  bool // the Host's window is to be shown
	p      *Prompts
	hangUp func(uint32)
	list   []seam.Watcher

	notices []*seam.Notice // that wait for windows
}

// maxNotices is how many notices wait for windows; what comes on top is said by those.
const maxNotices = 4

var _ agent.Prompts = (*Later)(nil)

// NewLater makes one that wants no windows yet.
func NewLater() *Later {
	return &Later{wanted: make(chan struct{}), ready: make(chan struct{})}
}

// Wanted is closed once windows are needed.
func (l *Later) Wanted() <-chan struct{} { return l.wanted }

// Open has the Host's window shown as soon as there is one.
func (l *Later) Open() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.opens = true
	l.need()
}

// need closes wanted; mu is held.
func (l *Later) need() {
	if !l.want {
		l.want = true
		close(l.wanted)
	}
}

// Use passes on to p what came until now, and all that comes. It is called once, and says whether the window is to be shown.
func (l *Later) Use(p *Prompts) (open bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.p = p
	p.Ends(l.hangUp)
	p.Watching(l.list)
	for _, n := range l.notices {
		p.Notice(n)
	}
	l.notices = nil
	close(l.ready)
	return l.opens
}

// prompts gives those there are, nil before Use.
func (l *Later) prompts() *Prompts {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.p
}

// Ask implements agent.Prompts.
func (l *Later) Ask(ctx context.Context, q *seam.Ask) seam.Answer {
	l.mu.Lock()
	l.need()
	l.mu.Unlock()
	select {
	case <-l.ready:
		return l.prompts().Ask(ctx, q)
	case <-ctx.Done():
		return seam.AnswerRefuse
	}
}

// Watching implements agent.Prompts.
func (l *Later) Watching(list []seam.Watcher) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.list = list; len(list) > 0 {
		l.need()
	}
	if l.p != nil {
		l.p.Watching(list)
	}
}

// Notice implements agent.Prompts.
func (l *Later) Notice(n *seam.Notice) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.need()
	if l.p != nil {
		l.p.Notice(n)
	} else if len(l.notices) < maxNotices {
		l.notices = append(l.notices, n)
	}
}

// Ends implements agent.Prompts.
func (l *Later) Ends(hangUp func(session uint32)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hangUp = hangUp
	if l.p != nil {
		l.p.Ends(hangUp)
	}
}
