//go:build !linux

package main

import (
	"errors"

	"github.com/kardianos/service"

	"impero/core/store"
)

// tidy does nothing: uninstalling leaves nothing.
func tidy() error { return nil }

// installed says whether the system's service manager has the service. One that cannot be asked is taken to have it.
func installed(s service.Service) bool {
	_, err := s.Status()
	return !errors.Is(err, service.ErrNotInstalled)
}

// running says whether the service runs, as the system's service manager has it.
func running(s service.Service, _ store.Home) bool {
	state, err := s.Status()
	return err == nil && state == service.StatusRunning
}
