package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
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
	// Log gets what goes wrong; nil for none.
	Log *slog.Logger
}

// Agent is the user's half.
type Agent struct {
	cfg  Config
	log  *slog.Logger
	c    *seam.Conn
	mail mailbox

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
	a := &Agent{cfg: cfg, log: cfg.Log, c: seam.New(c)}
	defer a.c.Close()
	stop := context.AfterFunc(ctx, func() { a.c.Close() })
	defer stop()
	if err := a.c.Greet(); err != nil {
		return err
	}
	inner, cancel := context.WithCancel(ctx)
	a.wg.Go(func() { a.showScreen(inner) })
	err := a.serve()
	cancel()
	a.c.Close()
	a.wg.Wait()
	if ctx.Err() != nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) {
		return nil
	}
	return err
}

// serve takes the daemon's messages. Input goes to the display from here, so that nothing stands between a key and its
// place in the queue of the display.
func (a *Agent) serve() error {
	hands := hands{open: a.cfg.Inject, log: a.log, layout: &a.layout, of: map[uint32]inject.Injector{}}
	defer hands.closeAll()
	for {
		m, err := a.c.Receive()
		if err != nil {
			return err
		}
		switch m := m.(type) {
		case *seam.Input:
			hands.use(m.Viewer, m.Message)
		case *seam.Leave:
			hands.close(m.Viewer)
			a.mail.put(m)
		case *seam.Join, *seam.Ack, *seam.Refresh:
			a.mail.put(m)
		default:
			return fmt.Errorf("%T from the daemon half", m)
		}
	}
}

// mailbox holds what the daemon wants of the screen until the screen goroutine takes it. It is bounded by the daemon's
// viewers: an ack replaces the viewer's last one.
type mailbox struct {
	mu   sync.Mutex
	mail []any
	wake context.CancelFunc // ends the screen goroutine's wait; nil while it does not wait
}

func (b *mailbox) put(m any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if ack, ok := m.(*seam.Ack); ok && len(b.mail) > 0 {
		if last, ok := b.mail[len(b.mail)-1].(*seam.Ack); ok && last.Viewer == ack.Viewer {
			last.Sequence = ack.Sequence
			return
		}
	}
	b.mail = append(b.mail, m)
	if b.wake != nil {
		b.wake()
	}
}

// take gives all mail.
func (b *mailbox) take() []any {
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
