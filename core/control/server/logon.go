package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"impero/core/config"
	"impero/core/control"
	"impero/core/directory"
	"impero/core/local"
	"impero/core/logs/event"
)

// rights are what a connection may do.
type rights struct {
	user    string // for people and logs
	see     bool   // the configuration
	change  bool
	only    control.Scope // the part that may be changed; 0 for all
	steer   bool          // disconnect, start, stop
	unasked bool          // no maintenance password is asked for
	reason  control.Reason
}

func (r rights) message(p local.Peer) *control.Rights {
	return &control.Rights{User: r.user, See: r.see, Change: r.change, Paths: r.change && ruler(p), Only: r.only, Steer: r.steer, Reason: r.reason}
}

// access is where the configuration says who may change it.
const access = config.Root + "/Configuration/LocalConfiguration/HostComputer/Security/ConfigurationAccess"

// hello answers the first request.
func (k *conn) hello(ctx context.Context, r *control.Request) (*control.Reply, error) {
	if r.Version != control.Version {
		return nil, control.ErrVersion
	}
	state := k.s.cfg.Host.State()
	h := &control.Hello{Version: control.Version, Host: state.Name, Wants: control.WantsAccount, Here: k.here()}
	switch {
	case ruler(k.peer):
		h.Wants = control.WantsNothing
	case len(opened(state.Protected)) > 0:
		h.Wants = control.WantsEither
	}
	h.User = k.ownName(ctx)
	k.step = stepLogon
	return &control.Reply{Hello: h}, nil
}

func (k *conn) here() bool { return k.s.cfg.Here != nil && k.s.cfg.Here(k.peer.User) }

// ownName is the name of the peer's account, or empty.
func (k *conn) ownName(ctx context.Context) string {
	return k.s.names.of(k.peer.User, func() string {
		a, err := k.s.cfg.Accounts.FindID(ctx, k.peer.User)
		if err != nil {
			return ""
		}
		return a.Name
	})
}

// opened are the parts of the configuration that the maintenance password opens.
func opened(protected []control.Scope) (list []control.Scope) {
	for _, s := range []control.Scope{control.ScopeGuestAccess, control.ScopeConfiguration} {
		if slices.Contains(protected, s) {
			list = append(list, s)
		}
	}
	return list
}

// logon answers the second request.
func (k *conn) logon(ctx context.Context, r *control.Request) (*control.Reply, error) {
	if r.Account == nil {
		return nil, errOrder
	}
	var given rights
	var err error
	switch a := *r.Account; {
	case a == (control.Account{}):
		given, err = k.byPeer(ctx)
	case a.Maintenance != "" && a.User == "" && a.Password == "":
		given, err = k.byMaintenance(ctx, a.Maintenance)
	case a.Maintenance == "" && a.User != "":
		given, err = k.byAccount(ctx, a.User, a.Password)
	default:
		return nil, errOrder
	}
	if err != nil {
		return nil, err
	}
	k.rights, k.step = given, stepRequests
	k.log = k.log.With("who", given.user)
	k.log.Info("logged on to the control socket", "see", given.see, "change", given.change)
	return &control.Reply{Rights: given.message(k.peer)}, nil
}

// byPeer gives what the user of the other program may do without a password.
func (k *conn) byPeer(ctx context.Context) (rights, error) {
	name := k.ownName(ctx)
	if name == "" {
		name = "user " + k.peer.User
	}
	switch {
	case ruler(k.peer):
		return rights{user: name, see: true, change: true, steer: true, unasked: true}, nil
	case k.here():
		return rights{user: name, steer: true, reason: control.ReasonScreen}, nil
	}
	k.refuse("logon without an account", name)
	return rights{}, control.ErrNotAllowed
}

// byMaintenance gives what the maintenance password opens.
func (k *conn) byMaintenance(ctx context.Context, password string) (rights, error) {
	list := opened(k.s.cfg.Host.State().Protected)
	if len(list) == 0 {
		k.refuse("logon with a maintenance password, which opens nothing here", "")
		return rights{}, &control.DeniedError{Left: -1}
	}
	if err := k.maintenance(list[0], password); err != nil {
		return rights{}, err
	}
	given := rights{user: k.ownName(ctx), see: true, change: true, steer: true}
	if len(list) == 1 {
		given.only, given.reason = list[0], control.ReasonScope
	}
	k.proven = time.Now()
	return given, nil
}

// maintenance checks the maintenance password, one try of a user at a time.
func (k *conn) maintenance(s control.Scope, password string) error {
	if !slices.Contains(k.s.cfg.Host.State().Protected, s) {
		return nil
	}
	free, err := k.turnToTry()
	if err != nil {
		return err
	}
	defer free()
	if err := k.s.cfg.Host.CheckMaintenance(k.peer.User, s, password); err != nil {
		k.record("MAIN-", event.Denied, fmt.Sprintf("scope %d", s))
		return later(k.wrong(err.Error(), maintenanceAccount), err)
	}
	k.s.tries.right(k.peer.User, maintenanceAccount)
	k.record("MAIN+", "", fmt.Sprintf("scope %d", s))
	return nil
}

// later is the refusal of this server, or of the Host if that locks longer.
func later(ours *control.DeniedError, err error) error {
	var theirs *control.DeniedError
	if errors.As(err, &theirs) && theirs.Until.After(ours.Until) {
		return theirs
	}
	return ours
}

// byAccount has the system check an account, and gives what the configuration lets it do.
func (k *conn) byAccount(ctx context.Context, user, password string) (rights, error) {
	free, err := k.turnToTry()
	if err != nil {
		return rights{}, err
	}
	defer free()
	select {
	case k.s.checks <- struct{}{}:
		defer func() { <-k.s.checks }()
	case <-ctx.Done():
		return rights{}, ctx.Err()
	}
	verdict, err := k.s.cfg.Accounts.Check(ctx, user, password, "")
	if err != nil {
		return rights{}, k.wrong("the account could not be checked: "+err.Error(), user)
	}
	if verdict != directory.Right {
		return rights{}, k.wrong(verdict.String(), user)
	}
	account, err := k.s.cfg.Accounts.Find(ctx, user)
	if err != nil {
		return rights{}, k.wrong("the account's groups could not be found: "+err.Error(), user)
	}
	k.s.tries.right(k.peer.User, user)
	given := rights{user: account.Name, see: true, reason: control.ReasonGroup}
	if k.s.administers(account) {
		given.change, given.steer, given.reason = true, true, ""
	}
	return given, nil
}

// administrators is the group that rules a computer with Windows. Elsewhere no group has such a number.
const administrators = "S-1-5-32-544"

// administers says whether an account may change the configuration: the system's administrator, or whom the configuration names.
func (s *Server) administers(a directory.Account) bool {
	if a.ID == "0" || slices.ContainsFunc(a.Groups, func(g directory.Group) bool { return g.ID == administrators }) {
		return true
	}
	if s.cfg.Keeper == nil {
		return false
	}
	d, _, _, _ := s.cfg.Keeper.Snapshot()
	account, err := d.Get(access, "Account")
	if err == nil && account != "" && account == a.Name {
		return true
	}
	group, err := d.Get(access, "Group")
	return err == nil && a.In(group)
}

// turnToTry waits for nobody: a user who tries twice at once is wrong, as is one who is locked out.
func (k *conn) turnToTry() (free func(), err error) {
	if until := k.s.tries.locked(k.peer.User); !until.IsZero() {
		k.refuse("a try while locked out", "")
		return nil, &control.DeniedError{Until: until}
	}
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	if k.s.checking[k.peer.User] {
		return nil, &control.DeniedError{Left: -1}
	}
	k.s.checking[k.peer.User] = true
	return func() {
		k.s.mu.Lock()
		defer k.s.mu.Unlock()
		delete(k.s.checking, k.peer.User)
	}, nil
}

// maintenanceAccount stands for the maintenance password among accounts; none has such a name.
const maintenanceAccount = ":maintenance"

// wrong counts a wrong try.
func (k *conn) wrong(why, account string) *control.DeniedError {
	left, until := k.s.tries.wrong(k.peer.User, account)
	k.log.Warn("refused at the control socket", "account", account, "reason", why, "left", left)
	k.record("CONF-", event.Denied, "logon: "+why)
	return &control.DeniedError{Left: left, Until: until}
}

// refuse logs what somebody may not do, of one user once a second, so that nobody pushes all else out of the logs, and ends a
// connection that goes on with it.
func (k *conn) refuse(what, account string) {
	if k.refused++; k.refused >= maxRefused {
		k.c.Close()
	}
	if !k.s.mayComplain(k.peer.User) {
		return
	}
	k.log.Warn("refused at the control socket", "account", account, "what", what)
	k.record("CONF-", event.Denied, what)
}

// record records an event of this connection.
func (k *conn) record(code event.Code, outcome event.Outcome, what string) {
	who := k.rights.user
	if who == "" {
		who = "user " + k.peer.User
	}
	k.s.cfg.Events.Record(event.Event{Code: code, Outcome: outcome, Who: who, Way: fmt.Sprintf("control, user %s, process %d", k.peer.User, k.peer.Process), What: what})
}
