package main

import (
	"context"
	"errors"
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

// manage does a command: it runs the daemon, or tells the system's service manager. It returns the exit code.
func manage(o *options, home store.Home, out, errs io.Writer) int {
	s, err := service.New(nothing{}, serviceConfig(o))
	if err != nil {
		return complain(errs, exitError, fmt.Errorf("find this system's service manager: %w", err))
	}
	switch o.command {
	case commandRun:
		err = begin(o, home, errs)
	case commandStatus:
		return status(home, func() bool { return installed(s) }, out, errs)
	default:
		var said string
		if said, err = tell(s, home, o.command); err == nil {
			fmt.Fprintf(out, said, machine.ServiceName)
		}
	}
	if err != nil {
		return complain(errs, exitError, err)
	}
	return exitDone
}

// tell has the service manager do a command, and gives what to say of it.
func tell(s service.Service, home store.Home, command string) (said string, err error) {
	here := installed(s)
	switch {
	case command == commandInstall && here:
		return "", errInstalled
	case command == commandUninstall && !here:
		return "", errNothingInstalled
	case command != commandInstall && !here:
		return "", errNotInstalled
	case !mayManage():
		return "", fmt.Errorf("only root may do that: %s%s %s", asRoot, program, command)
	}
	if said, ok := already[command]; ok && running(s, home) == (command == commandStart) {
		return said, nil
	}
	if command == commandUninstall {
		s.Stop() // fails if it does not run; one that goes on could be stopped by its number alone
	}
	if err := service.Control(s, command); err != nil {
		return "", fmt.Errorf("%s the service: %w", command, err)
	}
	if command == commandUninstall {
		err = tidy()
	}
	return done[command], err
}

// Why a command is not given to the service manager.
var (
	errInstalled        = errors.New("the service is installed already. To give it other options, uninstall it first: " + asRoot + program + " uninstall")
	errNothingInstalled = errors.New("the service is not installed, so there is nothing to uninstall")
	errNotInstalled     = errors.New("the service is not installed. Install it: " + asRoot + program + " install")
)

// begin runs the daemon until it is told to end, by the service manager or a signal.
func begin(o *options, home store.Home, errs io.Writer) error {
	if !mayManage() && os.Getenv(store.HomeVariable) == "" {
		return fmt.Errorf("the Host as a service of the computer is for root to run: %s%s", asRoot, program)
	}
	if here, err := underManager(func(ctx context.Context) error { return serve(ctx, o, home, io.Discard) }); here {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	return serve(ctx, o, home, errs)
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

// nothing is what package service would run: it only tells managers here, see underManager.
type nothing struct{}

// Start implements service.Interface.
func (nothing) Start(service.Service) error { return nil }

// Stop implements service.Interface.
func (nothing) Stop(service.Service) error { return nil }
