package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"impero/core/capture"
	"impero/core/inject"
	"impero/core/seam"
)

// Config is what an agent is made of. The zero Config serves the user's own display.
type Config struct {
	// Capture opens the display's picture; nil for the best way this system has.
	Capture func() (capture.Source, error)
	// Inject opens a keyboard and mouse for one viewer; nil for the best way this system has.
	Inject func() (inject.Injector, error)
	// Prompts is how the user is asked and told; nil if there is nobody to ask and nothing to show.
	Prompts Prompts
	// Log gets what goes wrong; nil for none.
	Log *slog.Logger
}

// Agent is the user's half.
type Agent struct {
	cfg    Config
	log    *slog.Logger
	c      *seam.Conn
	mail   mailbox
	inputs *inputs
	asked  asked

	layout atomic.Uint32 // number of the layout shown now, for the pointer
	wg     sync.WaitGroup
}

// Run serves the daemon half on c until ctx ends or the daemon goes. It closes c.
func Run(ctx context.Context, c net.Conn, cfg Config) error {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Capture == nil {
		cfg.Capture = func() (capture.Source, error) { return capture.Open(capture.Config{}) }
	}
	if cfg.Inject == nil {
		desk := new(inject.Desk)
		cfg.Inject = func() (inject.Injector, error) { return inject.Open(inject.Config{Desk: desk}) }
	}
	seePixels()
	a := &Agent{cfg: cfg, log: cfg.Log, c: seam.New(c), inputs: newInputs()}
	defer a.c.Close()
	stop := context.AfterFunc(ctx, func() { a.c.Close() })
	defer stop()
	if err := a.c.Greet(); err != nil {
		return err
	}
	inner, cancel := context.WithCancel(ctx)
	a.wg.Go(func() { a.showScreen(inner) })
	h := &hands{open: cfg.Inject, log: a.log, layout: &a.layout, of: map[uint32]inject.Injector{}}
	a.wg.Go(func() { a.useHands(inner, h) })
	stopTelling := a.tellPrompts()
	defer stopTelling()
	err := a.serve(inner)
	cancel()
	a.c.Close()
	a.wg.Wait()
	if ctx.Err() != nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) {
		return nil
	}
	return err
}

// serve takes the daemon's messages. It never waits for the display.
func (a *Agent) serve(ctx context.Context) error {
	var said time.Time
	for {
		m, err := a.c.Receive()
		if err != nil {
			return err
		}
		switch m := m.(type) {
		case *seam.Input:
			if now := time.Now(); !a.inputs.put(m.Viewer, m.Message) && now.Sub(said) > complainEvery {
				said = now
				a.log.Warn("input came faster than the display takes it and was left out", "viewer", m.Viewer)
			}
		case *seam.Resume:
			a.inputs.recover()
			a.mail.put(m, 0)
		case *seam.Leave:
			a.inputs.leave(m.Viewer)
			a.mail.put(m, m.Viewer)
		case *seam.Join:
			a.mail.put(m, m.Viewer)
		case *seam.Ack:
			a.mail.put(m, m.Viewer)
		case *seam.Refresh:
			a.mail.put(m, m.Viewer)
		case *seam.Ask:
			a.ask(ctx, m)
		case *seam.AskEnd:
			a.asked.end(m.ID)
		case *seam.Watching, *seam.Notice:
			a.show(m)
		default:
			return fmt.Errorf("%T from the daemon half", m)
		}
	}
}

// mailbox holds what the daemon wants of the screen until the screen goroutine takes it, at most a few letters a viewer:
// an ack replaces the one before, a refresh goes with one that waits, and who leaves wants nothing more.
type mailbox struct {
	mu   sync.Mutex
	mail []letter
	wake context.CancelFunc // ends the screen goroutine's wait; nil while it does not wait
}

// letter is a seam.Join, Leave, Ack or Refresh of one viewer, or a seam.Resume.
type letter struct {
	viewer uint32
	m      any
	at     time.Time // it came: what an ack says depends on when
}

func (b *mailbox) put(m any, viewer uint32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.wake != nil {
		defer b.wake()
	}
	switch m := m.(type) {
	case *seam.Leave:
		b.mail = slices.DeleteFunc(b.mail, func(l letter) bool { return l.viewer == viewer })
	case *seam.Ack:
		for i, l := range b.mail {
			if old, ok := l.m.(*seam.Ack); ok && l.viewer == viewer {
				old.Sequence, old.Delivery = m.Sequence, max(old.Delivery, m.Delivery)
				b.mail[i].at = time.Now()
				return
			}
		}
	case *seam.Refresh:
		for _, l := range b.mail {
			if _, ok := l.m.(*seam.Refresh); ok && l.viewer == viewer {
				return
			}
		}
	}
	b.mail = append(b.mail, letter{viewer, m, time.Now()})
}

// take gives all mail.
func (b *mailbox) take() []letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	mail := b.mail
	b.mail = nil
	return mail
}

// context gives a context that ends when there is mail, at the deadline (if not zero), or with ctx. The caller calls
// cancel when its wait is over.
func (b *mailbox) context(ctx context.Context, deadline time.Time) (context.Context, context.CancelFunc) {
	wait, cancel := context.WithCancel(ctx)
	if !deadline.IsZero() {
		cancel()
		wait, cancel = context.WithDeadline(ctx, deadline)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wake = cancel
	if len(b.mail) > 0 {
		cancel()
	}
	return wait, cancel
}
