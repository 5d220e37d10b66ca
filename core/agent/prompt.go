package agent

import (
	"context"
	"sync"

	"impero/core/seam"
)

// Prompts is the user, as the daemon half reaches him: windows, or what stands for one. Its methods may be called from
// several goroutines.
type Prompts interface {
	// Ask asks whether a Guest may come in. It may wait for the user, and returns soon after ctx ends: then nobody wants
	// to know any more.
	Ask(ctx context.Context, q *seam.Ask) seam.Answer
	// Watching shows who sees the screen now: all of them, nobody if the list is empty. It must not block.
	Watching([]seam.Watcher)
	// Notice tells that a Guest has come or gone. It must not block.
	Notice(*seam.Notice)
	// Ends takes what ends a session when the user wants it, until it is given another. With nil there is no Host.
	Ends(hangUp func(session uint32))
}

// maxAsked is how many questions wait for the user at once.
const maxAsked = seam.MaxViewers

// asked are the questions that wait.
type asked struct {
	mu sync.Mutex
	of map[uint32]context.CancelFunc
}

// begin gives the context of a question; false if there are too many.
func (a *asked) begin(ctx context.Context, id uint32) (context.Context, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.of == nil {
		a.of = map[uint32]context.CancelFunc{}
	}
	if _, twice := a.of[id]; twice || len(a.of) >= maxAsked {
		return nil, false
	}
	ctx, a.of[id] = context.WithCancel(ctx)
	return ctx, true
}

// end takes a question back.
func (a *asked) end(id uint32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if cancel := a.of[id]; cancel != nil {
		cancel()
		delete(a.of, id)
	}
}

// ask asks the user, on a goroutine of its own, and tells the daemon.
func (a *Agent) ask(ctx context.Context, q *seam.Ask) {
	if a.cfg.Prompts == nil {
		a.wg.Go(func() { a.c.Send(&seam.Verdict{ID: q.ID, Answer: seam.AnswerNobody}) })
		return
	}
	ctx, ok := a.asked.begin(ctx, q.ID)
	if !ok {
		a.log.Warn("too many questions wait for the user", "most", maxAsked)
		a.wg.Go(func() { a.c.Send(&seam.Verdict{ID: q.ID, Answer: seam.AnswerNobody}) })
		return
	}
	a.wg.Go(func() {
		answer := a.cfg.Prompts.Ask(ctx, q)
		late := ctx.Err() != nil
		a.asked.end(q.ID)
		if !late {
			a.c.Send(&seam.Verdict{ID: q.ID, Answer: answer}) // if it fails, serve ends too
		}
	})
}

// show gives the user what the daemon tells.
func (a *Agent) show(m any) {
	p := a.cfg.Prompts
	if p == nil {
		return
	}
	switch m := m.(type) {
	case *seam.Watching:
		p.Watching(m.Watchers)
	case *seam.Notice:
		p.Notice(m)
	}
}

// tellPrompts lets the user end sessions until the function it gives is called.
func (a *Agent) tellPrompts() (stop func()) {
	p := a.cfg.Prompts
	if p == nil {
		return func() {}
	}
	p.Ends(func(session uint32) { a.c.Send(&seam.HangUp{Session: session}) })
	return func() {
		p.Ends(nil)
		p.Watching(nil)
	}
}
