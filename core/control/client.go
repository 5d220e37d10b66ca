package control

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"impero/core/config"
	"impero/core/local"
)

// pingEvery is how often a client that watches says that it is still there. The daemon lets nobody be silent for long.
const pingEvery = time.Minute

// Client speaks to the daemon of this computer. After an error that wraps ErrGone, and after Close, Hello connects anew, and
// Open is needed again. The zero value has no daemon: Path is needed.
type Client struct {
	// Path is the daemon's control socket, as Home of package store names it.
	Path string
	// Own takes a daemon of this program's own user for the real one too: where all state was moved to a folder of the user's.
	Own bool
	// Window says that this client has the Host's window: Watch hears Raise.
	Window bool
	// Dial connects; nil for local.Dial.
	Dial func(ctx context.Context, path string) (*local.Conn, error)

	mu   sync.Mutex
	link *link
	bell chan struct{}
	news News // since bell was closed last
}

// Configuration is a configuration at one moment.
type Configuration struct {
	Document *config.Document // redacted, the receiver's own
	Revision string
	Written  time.Time
	Trouble  string
	// Overruled are attributes that the daemon's command line goes before.
	Overruled []config.Overruled
}

// configuration reads a snapshot.
func (s *Snapshot) configuration() (*Configuration, error) {
	if s == nil {
		return nil, fmt.Errorf("%w: the configuration is missing", ErrForm)
	}
	d, err := config.Parse([]byte(s.Document))
	if err != nil {
		return nil, fmt.Errorf("read the configuration that came: %w", err)
	}
	return &Configuration{Document: d, Revision: s.Revision, Written: s.Written, Trouble: s.Trouble, Overruled: s.Overruled}, nil
}

// Applied is what applying did.
type Applied struct {
	Now       *Configuration // in force
	Restarted bool
	Ended     int
	Pending   bool
}

// Hello connects, and says whom this client speaks to and what Open wants. Its error wraps ErrGone where no daemon answers.
func (c *Client) Hello(ctx context.Context) (*Hello, error) {
	dial := c.Dial
	if dial == nil {
		dial = local.Dial
	}
	conn, err := dial(ctx, c.Path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrGone, err)
	}
	if !conn.Peer.Rules() && !(c.Own && conn.Peer.Same()) {
		return nil, errors.Join(ErrImpostor, conn.Close())
	}
	l := begin(conn, c.hear)
	c.replace(l)
	reply, err := l.call(ctx, Request{Op: OpHello, Version: Version})
	if err == nil && reply.Hello == nil {
		err = fmt.Errorf("%w: %w", ErrGone, ErrForm)
	}
	if err != nil {
		return nil, err
	}
	return reply.Hello, nil
}

// replace makes l the link, nil for none.
func (c *Client) replace(l *link) {
	c.mu.Lock()
	old := c.link
	c.link = l
	c.mu.Unlock()
	if old != nil {
		old.end()
	}
}

// Close ends the connection.
func (c *Client) Close() { c.replace(nil) }

// Open logs on. Errors are a *DeniedError, ErrNotAllowed and those that wrap ErrGone.
func (c *Client) Open(ctx context.Context, a Account) (Rights, error) {
	reply, err := c.call(ctx, Request{Op: OpLogon, Account: &a})
	if errors.Is(err, ErrGone) { // a person may take longer to type than the daemon waits
		if _, err = c.Hello(ctx); err == nil {
			reply, err = c.call(ctx, Request{Op: OpLogon, Account: &a})
		}
	}
	if err != nil {
		return Rights{}, err
	}
	if reply.Rights == nil {
		return Rights{}, fmt.Errorf("%w: %w", ErrGone, ErrForm)
	}
	return *reply.Rights, nil
}

func (c *Client) call(ctx context.Context, r Request) (*Reply, error) {
	c.mu.Lock()
	l := c.link
	c.mu.Unlock()
	if l == nil {
		return nil, ErrGone
	}
	return l.call(ctx, r)
}

// Load gives the configuration.
func (c *Client) Load(ctx context.Context) (*Configuration, error) {
	reply, err := c.call(ctx, Request{Op: OpSnapshot})
	if err != nil {
		return nil, err
	}
	return reply.Snapshot.configuration()
}

// Check gives the faults that the Host finds in a document; nothing is changed.
func (c *Client) Check(ctx context.Context, d *config.Document) ([]*config.Fault, error) {
	reply, err := c.call(ctx, Request{Op: OpCheck, Document: string(d.Text())})
	if err != nil {
		return nil, err
	}
	return faults(reply.Faults), nil
}

// Apply makes d, which was made from the configuration of that revision, the Host's. Nothing is changed if there is an error:
// a *[ConflictError], *[config.InvalidError], *[config.Fault], *[DeniedError] (the old maintenance password is wrong), ErrNotAllowed;
// after one that wraps ErrGone it is not known.
func (c *Client) Apply(ctx context.Context, d *config.Document, revision string) (*Applied, error) {
	reply, err := c.call(ctx, Request{Op: OpApply, Document: string(d.Text()), Revision: revision})
	if err != nil {
		return nil, err
	}
	if reply.Outcome == nil {
		return nil, ErrForm
	}
	o := reply.Outcome
	now, err := o.Snapshot.configuration()
	if err != nil {
		return nil, err
	}
	return &Applied{Now: now, Restarted: o.Restarted, Ended: o.Ended, Pending: o.Pending}, nil
}

// State gives the Host's state.
func (c *Client) State(ctx context.Context) (*State, error) {
	reply, err := c.call(ctx, Request{Op: OpState})
	if err != nil {
		return nil, err
	}
	if reply.State == nil {
		return nil, ErrForm
	}
	return reply.State, nil
}

// Do asks for what has no answer but an error: OpStart, OpStop, OpDisconnect (session, 0 for all), OpRaise.
func (c *Client) Do(ctx context.Context, op Op, session uint32) error {
	_, err := c.call(ctx, Request{Op: op, Session: session})
	return err
}

// CheckMaintenance proves the maintenance password for a scope, and opens the way to the next OpStop. The error is a *[DeniedError]
// if it is wrong.
func (c *Client) CheckMaintenance(ctx context.Context, s Scope, password string) error {
	_, err := c.call(ctx, Request{Op: OpMaintenance, Scope: s, Account: &Account{Maintenance: password}})
	return err
}

// Watch calls changed with what is new, all of it at first, until ctx ends, or the daemon is gone; then the error wraps ErrGone. One Watch runs at a time.
func (c *Client) Watch(ctx context.Context, changed func(News)) error {
	c.mu.Lock()
	l := c.link
	bell := make(chan struct{}, 1)
	c.bell, c.news = bell, 0
	c.mu.Unlock()
	if l == nil {
		return ErrGone
	}
	if _, err := l.call(ctx, Request{Op: OpWatch, Window: c.Window}); err != nil {
		return err
	}
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-l.gone:
			return fmt.Errorf("%w any more: %w", ErrGone, l.why())
		case <-bell:
			changed(c.heard())
		case <-ping.C:
			if _, err := l.call(ctx, Request{Op: OpPing}); err != nil {
				return err
			}
		}
	}
}

// hear keeps news for Watch; it does not block.
func (c *Client) hear(n News) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.news |= n
	select {
	case c.bell <- struct{}{}:
	default: // it rings already, or nobody watches
	}
}

func (c *Client) heard() News {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.news
	c.news = 0
	return n
}
