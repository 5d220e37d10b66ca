// Package people looks up the accounts and groups of this computer for Host Manager, by their names alone and without any right.
// It is safe for concurrent use.
package people

import (
	"context"
	"errors"
	"os/user"

	"impero/ui/hostmanager/presenter"
)

// Missing implements presenter.Backend's: it gives those of some names that nobody has.
func Missing(ctx context.Context, names []presenter.SystemName) ([]presenter.SystemName, error) {
	var list []presenter.SystemName
	for _, n := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if unknown(n) {
			list = append(list, n)
		}
	}
	return list, nil
}

// unknown says whether the system is sure that it does not know a name.
func unknown(n presenter.SystemName) bool {
	if n.Group {
		_, err := user.LookupGroup(n.Name)
		var none user.UnknownGroupError
		return errors.As(err, &none)
	}
	_, err := user.Lookup(n.Name)
	var none user.UnknownUserError
	return errors.As(err, &none)
}
