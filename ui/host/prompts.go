package host

import (
	"context"
	"sync"
	"time"

	"impero/core/agent"
	"impero/core/seam"
	"impero/ui/shell/phrase"
)

// Asker is what the user sees of prompts; all of it is called through the shell's Post.
type Asker interface {
	// ShowQuestion opens a window for a question; the answer may come once. tick shows how much time is past, shut closes
	// the window.
	ShowQuestion(q Question, limit time.Duration, answer func(seam.Answer)) (tick func(past time.Duration), shut func())
	// ShowWatchers shows the strip, or takes it away if nobody watches.
	ShowWatchers([]seam.Watcher)
	// ShowNotice says that a Guest came or went.
	ShowNotice(phrase.Phrase)
}

// Prompts brings what the agent asks and tells to the user: it is the agent's user.
type Prompts struct {
	post func(func())
	view Asker

	mu     sync.Mutex
	hangUp func(uint32)
}

var _ agent.Prompts = (*Prompts)(nil)

// Ask implements agent.Prompts. The user has as long as the question says, less if the Guest gives up.
func (p *Prompts) Ask(ctx context.Context, q *seam.Ask) seam.Answer {
	heard := make(chan seam.Answer, 1)
	began := time.Now()
	var tick func(time.Duration)
	var shut func()
	p.post(func() {
		if ctx.Err() != nil { // it took long to get here
			return
		}
		tick, shut = p.view.ShowQuestion(Ask(q), time.Duration(q.Seconds)*time.Second, func(a seam.Answer) {
			select {
			case heard <- a:
			default:
			}
		})
		tick(0)
	})
	defer p.post(func() {
		if shut != nil {
			shut()
		}
	})
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case a := <-heard:
			return a
		case <-ctx.Done():
			return seam.AnswerRefuse
		case <-ticker.C:
			past := time.Since(began)
			p.post(func() {
				if tick != nil && len(heard) == 0 {
					tick(past)
				}
			})
		}
	}
}

// Watching implements agent.Prompts.
func (p *Prompts) Watching(list []seam.Watcher) { p.post(func() { p.view.ShowWatchers(list) }) }

// Notice implements agent.Prompts.
func (p *Prompts) Notice(n *seam.Notice) { p.post(func() { p.view.ShowNotice(Told(n)) }) }

// Ends implements agent.Prompts.
func (p *Prompts) Ends(hangUp func(uint32)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hangUp = hangUp
}

// disconnect ends the sessions of all who watch.
func (p *Prompts) disconnect(list []seam.Watcher) {
	p.mu.Lock()
	hangUp := p.hangUp
	p.mu.Unlock()
	if hangUp == nil {
		return
	}
	go func() { // it may wait for the Host's other half
		for _, w := range list {
			hangUp(w.Session)
		}
	}()
}
