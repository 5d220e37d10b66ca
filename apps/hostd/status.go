package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"impero/core/config"
	"impero/core/control"
	"impero/core/host"
	"impero/core/local"
	"impero/core/machine"
	"impero/core/store"
)

// The exit codes of status, as the Linux Standard Base has them; a service that runs is exitDone.
const (
	exitNotRunning = 3
	exitUnknown    = 4
)

// statusTime bounds how long the service is asked.
const statusTime = 10 * time.Second

// status asks the service and says on out what is true of it: all of it to root and to the user at the screen. It returns the exit
// code. present says whether the service is installed.
func status(home store.Home, present func() bool, out, errs io.Writer) int {
	ctx, cancel := context.WithTimeout(context.Background(), statusTime)
	defer cancel()
	process := 0
	c := &control.Client{Path: home.ControlSocket(), Own: os.Getenv(store.HomeVariable) != "",
		Dial: func(ctx context.Context, path string) (*local.Conn, error) {
			conn, err := local.Dial(ctx, path)
			if err == nil {
				process = conn.Peer.Process
			}
			return conn, err
		}}
	defer c.Close()
	hello, err := c.Hello(ctx)
	switch {
	case errors.Is(err, local.ErrNobody):
		return notRunning(home, present(), out)
	case err != nil:
		return complain(errs, exitUnknown, fmt.Errorf("whether the Host service runs is not known: %w", err))
	}
	fmt.Fprintf(out, "The Host service runs (process %d).\nName           %s\n", process, printable(hello.Host))
	var state *control.State
	if _, err = c.Open(ctx, control.Account{}); err == nil {
		state, err = c.State(ctx)
	}
	switch {
	case errors.Is(err, control.ErrNotAllowed):
		fmt.Fprintf(out, "What it does is shown to the user at the screen, and to root: %s%s status\n", asRoot, program)
		return exitDone
	case err != nil:
		return complain(errs, exitUnknown, fmt.Errorf("what the Host service does is not known: %w", err))
	}
	describe(home, host.StateOf(state), out)
	return exitDone
}

// describe says what a service does that runs.
func describe(home store.Home, s host.State, out io.Writer) {
	fmt.Fprintf(out, "Fingerprint    %s\nListens on     %s\nGuests         %s\nDesktop        %s\nConfiguration  %s\n",
		s.Fingerprint, listens(s), guests(s), desktop(s), filepath.Join(home.HostDir(), config.FileName))
	if s.Trouble != "" {
		fmt.Fprintf(out, "               %s\n", s.Trouble)
	}
}

// notRunning says so and what to do.
func notRunning(home store.Home, present bool, out io.Writer) int {
	if !present {
		fmt.Fprintf(out, "The Host service does not run, and is not installed. Install it, then start it:\n    %s%s install\n    %s\n", asRoot, program, machine.StartCommand)
		return exitNotRunning
	}
	fmt.Fprintf(out, "The Host service does not run. Start it:\n    %s\n", machine.StartCommand)
	if _, err := os.Stat(home.HostLogFile()); err == nil {
		fmt.Fprintf(out, "Why it ended may stand in its log, %s.\n", home.HostLogFile())
	}
	return exitNotRunning
}
