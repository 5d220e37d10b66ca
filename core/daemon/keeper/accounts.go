package keeper

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"impero/core/directory"
	"impero/core/host"
)

// Check implements host.Accounts.
func (n nobody) Check(context.Context, string, []byte, netip.Addr) (host.Result, error) {
	return host.Result{}, errors.New("the accounts of this system cannot be checked: " + n.why)
}

// Groups implements host.Accounts.
func (n nobody) Groups(string) ([]string, error) {
	return nil, errors.New("the accounts of this system cannot be checked: " + n.why)
}

// Accounts gives the accounts of a system as a Host asks them, or why this program may not.
func Accounts(of directory.Accounts) (host.Accounts, string) {
	if err := directory.Allowed(); err != nil {
		return nil, err.Error()
	}
	return accounts{of}, ""
}

// accounts are a directory's as a Host asks them.
type accounts struct{ of directory.Accounts }

var outcomes = map[directory.Verdict]host.Outcome{
	directory.Right: host.Right, directory.Wrong: host.Wrong, directory.Unknown: host.Unknown, directory.Expired: host.Expired,
	directory.Locked: host.Locked, directory.MustChange: host.MustChange, directory.Denied: host.Locked,
}

// Check implements host.Accounts.
func (a accounts) Check(ctx context.Context, user string, password []byte, from netip.Addr) (host.Result, error) {
	address := ""
	if from.IsValid() {
		address = from.String()
	}
	v, err := a.of.Check(ctx, user, string(password), address)
	if err != nil || v != directory.Right {
		return host.Result{Outcome: outcomes[v]}, err
	}
	account, err := a.of.Find(ctx, user)
	if err != nil {
		return host.Result{}, err
	}
	return host.Result{Outcome: host.Right, User: account.Name}, nil
}

// groupsTime bounds a question for groups.
const groupsTime = 20 * time.Second

// Groups implements host.Accounts.
func (a accounts) Groups(user string) ([]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), groupsTime)
	defer cancel()
	account, err := a.of.Find(ctx, user)
	if errors.Is(err, directory.ErrUnknown) {
		return nil, host.ErrNoAccount
	}
	if err != nil {
		return nil, err
	}
	names := make([]string, len(account.Groups))
	for i, g := range account.Groups {
		names[i] = g.Name
	}
	return names, nil
}
