//go:build !linux

package directory

import (
	"errors"
	"fmt"
	"os/user"
)

// findHere looks an account up, by its number or its name.
func findHere(name string, byID bool) (Account, error) {
	look := user.Lookup
	if byID {
		look = user.LookupId
	}
	u, err := look(name)
	var noName user.UnknownUserError
	var noID user.UnknownUserIdError
	switch {
	case errors.As(err, &noName), errors.As(err, &noID):
		return Account{}, ErrUnknown
	case err != nil:
		return Account{}, fmt.Errorf("look up %s: %w", name, err)
	}
	a := Account{Name: u.Username, ID: u.Uid, Group: u.Gid, Home: u.HomeDir}
	ids, err := u.GroupIds()
	if err != nil {
		return Account{}, fmt.Errorf("look up the groups of %s: %w", name, err)
	}
	for _, id := range ids[:min(len(ids), maxGroups)] {
		g := Group{ID: id}
		if found, err := user.LookupGroupId(id); err == nil {
			g.Name = found.Name
		}
		a.Groups = append(a.Groups, g)
	}
	return a, nil
}
