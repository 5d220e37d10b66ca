//go:build !linux && !darwin && !windows

package host

import (
	"context"
	"errors"
)

// steps has none: what follows is an error.
func steps(what AfterSession) []Step {
	if what == AfterNothing {
		return nil
	}
	return []Step{{Name: what.String()}}
}

func runStep(context.Context, Step) error { return errors.ErrUnsupported }
