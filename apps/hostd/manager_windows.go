package main

import (
	"context"
	"errors"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"

	"impero/core/machine"
)

const agentName = "Imperohost.exe"

// asRoot comes before a command that only the administrator may give: here it is the console that must be the administrator's.
const asRoot = ""

// underManager serves for the service manager of Windows, if it started this program; else it gives false at once. Who started it is
// asked of the manager itself, which takes nobody else.
func underManager(serve func(context.Context) error) (bool, error) {
	h := &handler{serve: serve}
	err := svc.Run(machine.ServiceName, h)
	if errors.Is(err, windows.ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) {
		return false, nil
	}
	return true, errors.Join(err, h.failed)
}

// handler is the daemon as the service manager has it.
type handler struct {
	serve  func(context.Context) error
	failed error
}

// Execute implements svc.Handler. A daemon that ends with an error ends the service with one, which the manager starts again.
func (h *handler) Execute(_ []string, requests <-chan svc.ChangeRequest, told chan<- svc.Status) (own bool, code uint32) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	told <- svc.Status{State: svc.StartPending}
	ended := make(chan error, 1)
	go func() { ended <- h.serve(ctx) }()
	told <- svc.Status{State: svc.Running, Accepts: svc.AcceptStop | svc.AcceptShutdown}
	for {
		select {
		case h.failed = <-ended:
			if h.failed != nil {
				return true, exitError
			}
			return false, 0
		case r := <-requests:
			switch r.Cmd {
			case svc.Interrogate:
				told <- r.CurrentStatus
			case svc.Stop, svc.Shutdown:
				told <- svc.Status{State: svc.StopPending}
				cancel()
			}
		}
	}
}

// mayManage says whether who asks may change the services of this computer: the service manager says so itself.
func mayManage() bool { return true }
