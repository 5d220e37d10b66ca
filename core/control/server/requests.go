package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"impero/core/config"
	"impero/core/control"
	"impero/core/logs/event"
)

// answer does a request that has its place now. The error is why not.
func (k *conn) answer(ctx context.Context, r *control.Request) (*control.Reply, error) {
	switch {
	case k.step == stepHello && r.Op == control.OpHello:
		return k.hello(ctx, r)
	case k.step == stepLogon && r.Op == control.OpLogon:
		return k.logon(ctx, r)
	case k.step != stepRequests || r.Op == control.OpHello || r.Op == control.OpLogon:
		return nil, errOrder
	}
	do, ok := requests[r.Op]
	if !ok {
		return nil, control.ErrUnavailable
	}
	if !do.may(k.rights) || k.expired() {
		k.refuse("request "+string(r.Op), "")
		return nil, control.ErrNotAllowed
	}
	return do.do(k, ctx, r)
}

// expired says whether who was let in for being at the screen is there no more.
func (k *conn) expired() bool { return k.rights.reason == control.ReasonScreen && !k.here() }

// requests are what can be asked for, and who may.
var requests = map[control.Op]struct {
	may func(rights) bool
	do  func(*conn, context.Context, *control.Request) (*control.Reply, error)
}{
	control.OpPing:        {anybody, (*conn).ping},
	control.OpState:       {anybody, (*conn).state},
	control.OpWatch:       {anybody, (*conn).beginWatch},
	control.OpRaise:       {anybody, (*conn).raise},
	control.OpSnapshot:    {sees, (*conn).snapshot},
	control.OpCheck:       {sees, (*conn).check},
	control.OpApply:       {changes, (*conn).apply},
	control.OpStart:       {steers, (*conn).start},
	control.OpStop:        {steers, (*conn).stop},
	control.OpDisconnect:  {steers, (*conn).disconnect},
	control.OpMaintenance: {anybody, (*conn).prove},
}

func anybody(rights) bool   { return true }
func sees(r rights) bool    { return r.see }
func changes(r rights) bool { return r.change }
func steers(r rights) bool  { return r.steer }

func (k *conn) ping(context.Context, *control.Request) (*control.Reply, error) {
	return &control.Reply{}, nil
}

func (k *conn) state(context.Context, *control.Request) (*control.Reply, error) {
	state := k.s.cfg.Host.State()
	return &control.Reply{State: &state}, nil
}

func (k *conn) beginWatch(_ context.Context, r *control.Request) (*control.Reply, error) {
	k.watch(r.Window)
	return &control.Reply{}, nil
}

func (k *conn) raise(context.Context, *control.Request) (*control.Reply, error) {
	if !k.s.raise(k.peer.User) {
		return nil, control.ErrUnavailable
	}
	return &control.Reply{}, nil
}

func (k *conn) start(context.Context, *control.Request) (*control.Reply, error) {
	k.log.Info("communication is started by the control socket")
	return &control.Reply{}, k.s.cfg.Host.Start()
}

// stop stops communication. Where that is protected the maintenance password was given just before, for this one time.
func (k *conn) stop(context.Context, *control.Request) (*control.Reply, error) {
	guarded := !k.rights.unasked && slices.Contains(k.s.cfg.Host.State().Protected, control.ScopeExit)
	if guarded && time.Since(k.proven) > proofTime {
		k.refuse("stop communication without the maintenance password", "")
		return nil, control.ErrMaintenance
	}
	k.proven = time.Time{}
	k.log.Info("communication is stopped by the control socket")
	k.s.cfg.Host.Stop()
	return &control.Reply{}, nil
}

func (k *conn) disconnect(_ context.Context, r *control.Request) (*control.Reply, error) {
	k.log.Info("a Guest is disconnected by the control socket", "session", r.Session)
	if r.Session == 0 {
		k.s.cfg.Host.DisconnectAll()
	} else {
		k.s.cfg.Host.Disconnect(r.Session)
	}
	return &control.Reply{}, nil
}

func (k *conn) prove(_ context.Context, r *control.Request) (*control.Reply, error) {
	if r.Account == nil {
		return nil, errOrder
	}
	if err := k.maintenance(r.Scope, r.Account.Maintenance); err != nil {
		return nil, err
	}
	if r.Scope == control.ScopeExit {
		k.proven = time.Now()
	}
	return &control.Reply{}, nil
}

// snapshot gives the configuration.
func (k *conn) snapshot(context.Context, *control.Request) (*control.Reply, error) {
	if k.s.cfg.Keeper == nil {
		return nil, control.ErrUnavailable
	}
	now, _ := k.s.now()
	return &control.Reply{Snapshot: &now}, nil
}

// now gives the configuration as it travels, and as it is.
func (s *Server) now() (control.Snapshot, *config.Document) {
	d, revision, written, trouble := s.cfg.Keeper.Snapshot()
	return control.Snapshot{Document: string(d.Text()), Revision: revision, Written: written.UTC(), Trouble: trouble, Overruled: s.cfg.Keeper.Overruled()}, d
}

func (k *conn) check(_ context.Context, r *control.Request) (*control.Reply, error) {
	d, err := k.document(r)
	if err != nil {
		return nil, err
	}
	_, now := k.s.now()
	return &control.Reply{Faults: control.FaultsOf(append(k.s.cfg.Keeper.Check(d), k.reserved(now, d)...))}, nil
}

// reserved gives the faults of a change that is left to root, if the client is another.
func (k *conn) reserved(was, now *config.Document) []*config.Fault {
	if ruler(k.peer) {
		return nil
	}
	return config.RootOnly(was, now)
}

func (k *conn) document(r *control.Request) (*config.Document, error) {
	if k.s.cfg.Keeper == nil {
		return nil, control.ErrUnavailable
	}
	d, err := config.Parse([]byte(r.Document))
	if err != nil {
		return nil, fmt.Errorf("the configuration that was sent cannot be read: %w", err)
	}
	return d, nil
}

// conflictError is an ErrConflict with what is in force.
type conflictError struct{ now control.Snapshot }

func (e *conflictError) Error() string { return control.ErrConflict.Error() }
func (e *conflictError) Unwrap() error { return control.ErrConflict }

// apply makes a document the Host's configuration.
func (k *conn) apply(ctx context.Context, r *control.Request) (*control.Reply, error) {
	d, err := k.document(r)
	if err != nil {
		return nil, err
	}
	was, old := k.s.now()
	list := config.Diff(old, d)
	if where, ok := k.allowed(list); !ok {
		k.refuse("a change of "+where, "")
		return nil, control.ErrNotAllowed
	}
	if faults := k.reserved(old, d); len(faults) > 0 {
		k.refuse("a change of a path", "")
		return nil, &config.InvalidError{Faults: faults}
	}
	who := fmt.Sprintf("%s (user %s)", k.rights.user, k.peer.User)
	if was.Revision != r.Revision {
		err = control.ErrConflict
	}
	var o Outcome
	if err == nil {
		o, err = k.s.cfg.Keeper.Apply(ctx, d, r.Revision, who)
	}
	if err != nil {
		k.log.Warn("a change of the configuration was refused", "reason", err)
		k.record("CONF-", event.Denied, err.Error())
		if errors.Is(err, control.ErrConflict) {
			now, _ := k.s.now()
			err = &conflictError{now}
		}
		return nil, err
	}
	k.log.Info("the configuration was changed by the control socket", "changes", len(list))
	now, _ := k.s.now()
	return &control.Reply{Outcome: &control.Outcome{Snapshot: now, Restarted: o.Restarted, Ended: o.Ended, Pending: o.Pending}}, nil
}

// guestUsers is where the scope Guest access security begins.
const guestUsers = config.Root + "/Configuration/LocalConfiguration/GuestUsers"

// allowed says whether the connection may change all of a list, or where not.
func (k *conn) allowed(list []config.Change) (string, bool) {
	for _, c := range list {
		scope := control.ScopeConfiguration
		if c.Path == guestUsers || strings.HasPrefix(string(c.Path), string(guestUsers)+"/") {
			scope = control.ScopeGuestAccess
		}
		own := c.Path == access || strings.HasPrefix(string(c.Path), string(access)+"/") // it would give more than this part
		if k.rights.only != 0 && (k.rights.only != scope || own) {
			return string(c.Path), false
		}
	}
	return "", true
}
