package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"unicode"

	"github.com/kardianos/service"

	"impero/core/machine"
	"impero/core/store"
	files "impero/packaging/service"
)

// control does a command: it runs the daemon, or tells the system's service manager.
func control(o *options, home store.Home, out io.Writer) error {
	s, err := service.New(&running{o: o, home: home}, serviceConfig(o))
	if err != nil {
		return fmt.Errorf("find this system's service manager: %w", err)
	}
	switch o.command {
	case commandRun:
		if managedHere() {
			return s.Run()
		}
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		context.AfterFunc(ctx, stop) // a second signal ends the program at once
		return serve(ctx, o, home)
	case "status":
		state, err := s.Status()
		if err != nil {
			return fmt.Errorf("ask for the service: %w", err)
		}
		fmt.Fprintln(out, states[state])
		return nil
	}
	if err := service.Control(s, o.command); err != nil {
		return fmt.Errorf("%s the service: %w", o.command, err)
	}
	fmt.Fprintf(out, "The service %s was told to %s.\n", machine.ServiceName, o.command)
	return nil
}

var states = map[service.Status]string{
	service.StatusUnknown: "The service is not installed, or cannot be asked.",
	service.StatusRunning: "The service runs.",
	service.StatusStopped: "The service does not run.",
}

// serviceConfig describes the service to every kind of manager. systemd and SysV get the files of this tree, with this
// program's own place in them.
func serviceConfig(o *options) *service.Config {
	self, err := os.Executable()
	if err != nil {
		self = files.Program
	}
	unit := strings.ReplaceAll(files.Systemd, files.Program+" run", files.Program+" "+strings.Join(append([]string{"run"}, quoted(o.arguments)...), " "))
	script := strings.ReplaceAll(files.SysV, "${OPTIONS:-}", "${OPTIONS:-"+strings.Join(o.arguments, " ")+"}")
	return &service.Config{
		Name: machine.ServiceName, DisplayName: "Impero Host", Description: "Impero Host: lets permitted Guests see and control this computer",
		Arguments: append([]string{commandRun}, o.arguments...),
		Option: service.KeyValue{
			"SystemdScript": strings.ReplaceAll(unit, files.Program, self), "SysvScript": strings.ReplaceAll(script, files.Program, self),
			"KeepAlive": true, "RunAtLoad": true, "OnFailure": "restart", "OnFailureDelayDuration": "5s",
		},
	}
}

// checkInstalled says whether the arguments can stand in every manager's file as they are.
func checkInstalled(args []string) error {
	for _, a := range args {
		if strings.ContainsFunc(a, func(r rune) bool {
			return !strings.ContainsRune("_./:=,-+@[]", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}) {
			return fmt.Errorf("%q cannot be an option of an installed service: it has characters that mean something to the service manager", a)
		}
	}
	return nil
}

// quoted are arguments as systemd reads them.
func quoted(args []string) []string {
	var list []string
	for _, a := range args {
		list = append(list, `"`+a+`"`)
	}
	return list
}

// running is the daemon as the service manager of Windows sees it.
type running struct {
	o    *options
	home store.Home
	stop context.CancelFunc
	done chan error
}

// Start implements service.Interface.
func (r *running) Start(s service.Service) error {
	ctx, cancel := context.WithCancel(context.Background())
	r.stop, r.done = cancel, make(chan error, 1)
	go func() {
		err := serve(ctx, r.o, r.home)
		r.done <- err
		if ctx.Err() == nil { // it ended by itself
			s.Stop()
		}
	}()
	return nil
}

// Stop implements service.Interface.
func (r *running) Stop(service.Service) error {
	r.stop()
	return <-r.done
}
