//go:build !linux

package main

import (
	"errors"

	"github.com/kardianos/service"
)

// tidy does nothing: uninstalling leaves nothing.
func tidy() error { return nil }

// installed says whether the system's service manager has the service. One that cannot be asked is taken to have it.
func installed(s service.Service) bool {
	_, err := s.Status()
	return !errors.Is(err, service.ErrNotInstalled)
}

// needless says whether a command has nothing to do, which the service manager would refuse.
func needless(s service.Service, command string) bool {
	state, err := s.Status()
	return err == nil && (command == "start" && state == service.StatusRunning || command == "stop" && state == service.StatusStopped)
}
