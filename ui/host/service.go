package host

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"impero/core/control"
	engine "impero/core/host"
)

// Times of a Service.
const (
	askTime   = 10 * time.Second // for an answer
	askAgain  = 2 * time.Second  // after the service was gone
	noService = "The Host service does not answer. It is tried again."
)

// Service is the Host of this computer's service, as its window at the user's screen has it: an Engine over the control socket.
// Run keeps it true. What it may do the service decides.
type Service struct {
	client  *control.Client
	trouble func(error)
	changes chan struct{}

	mu    sync.Mutex
	state engine.State
	raise func()
}

var _ Engine = (*Service)(nil)

// NewService makes one that knows nothing before Run. trouble hears what goes wrong, from any goroutine.
func NewService(c *control.Client, trouble func(error)) *Service {
	return &Service{client: c, trouble: trouble, changes: make(chan struct{}, 1), state: gone(engine.State{})}
}

// gone is what is known while the service does not answer.
func gone(was engine.State) engine.State {
	return engine.State{
		Name: was.Name, Addresses: was.Addresses, Port: was.Port, Fingerprint: was.Fingerprint, PasswordSet: true, Mode: was.Mode, Role: was.Role,
		Levels: was.Levels, Protected: was.Protected, Problem: noService,
	}
}

// OnRaise has f called, on any goroutine, when the user wants to see the window.
func (s *Service) OnRaise(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.raise = f
}

// Run follows the service until ctx ends; then the connection has ended.
func (s *Service) Run(ctx context.Context) {
	defer s.client.Close()
	for ctx.Err() == nil {
		err := s.follow(ctx)
		if ctx.Err() != nil {
			return
		}
		s.trouble(err)
		s.set(gone(s.State()))
		select {
		case <-ctx.Done():
		case <-time.After(askAgain):
		}
	}
}

// follow connects and keeps the state until the service is gone.
func (s *Service) follow(ctx context.Context) error {
	if _, err := s.client.Hello(ctx); err != nil {
		return err
	}
	if _, err := s.client.Open(ctx, control.Account{}); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	refresh := func() {
		if err := s.refresh(ctx); err != nil {
			cancel(err)
		}
	}
	err := s.client.Watch(ctx, func(n control.News) {
		if n&control.Raise != 0 {
			s.show()
		}
		if n&control.NewState != 0 {
			refresh()
		}
	})
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

func (s *Service) show() {
	s.mu.Lock()
	raise := s.raise
	s.mu.Unlock()
	if raise != nil {
		raise()
	}
}

func (s *Service) refresh(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	c, err := s.client.State(ctx)
	if err != nil {
		return err
	}
	s.set(engine.StateOf(c))
	return nil
}

func (s *Service) set(now engine.State) {
	s.mu.Lock()
	s.state = now
	s.mu.Unlock()
	select {
	case s.changes <- struct{}{}:
	default:
	}
}

// State implements Engine.
func (s *Service) State() engine.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.state
	now.Sessions = slices.Clone(now.Sessions)
	return now
}

// Changes implements Engine.
func (s *Service) Changes() <-chan struct{} { return s.changes }

// do asks for something, and takes the state after it.
func (s *Service) do(op control.Op, session uint32) error {
	ctx, cancel := context.WithTimeout(context.Background(), askTime)
	defer cancel()
	err := s.client.Do(ctx, op, session)
	if err == nil {
		err = s.refresh(ctx)
	}
	if err != nil {
		s.trouble(err)
	}
	return err
}

// Start implements Engine.
func (s *Service) Start() error {
	err := s.do(control.OpStart, 0)
	if errors.Is(err, control.ErrNoPassword) {
		return engine.ErrNoPassword
	}
	return err
}

// Stop implements Engine. Where it is protected, CheckMaintenance was right just before.
func (s *Service) Stop() { s.do(control.OpStop, 0) }

// Disconnect implements Engine.
func (s *Service) Disconnect(id uint32) { s.do(control.OpDisconnect, id) }

// DisconnectAll implements Engine.
func (s *Service) DisconnectAll() { s.do(control.OpDisconnect, 0) }

// SetPassword implements Engine: that is an administrator's, in Host Manager.
func (s *Service) SetPassword(string) error { return control.ErrNotAllowed }

// CheckMaintenance implements Engine.
func (s *Service) CheckMaintenance(scope engine.Scope, pw string) error {
	ctx, cancel := context.WithTimeout(context.Background(), askTime)
	defer cancel()
	err := s.client.CheckMaintenance(ctx, control.Scope(scope), pw)
	var denied *control.DeniedError
	switch {
	case errors.As(err, &denied) && !denied.Until.IsZero():
		return &engine.MaintenanceLockedError{Wait: time.Until(denied.Until)}
	case err != nil:
		return engine.ErrMaintenance
	}
	return nil
}
