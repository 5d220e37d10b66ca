// Package machine is what a Host asks of the computer it runs on: to wake up at a time, to go to standby, to load the service at
// boot. Each system has a command for it, or a call; commands go through a Runner, so that a test sees the exact command.
// Functions are safe for concurrent use.
package machine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"strings"
	"time"
)

// ServiceName is the service's name on every system.
const ServiceName = "Imperohostd"

// StartCommand is what the administrator types to start the service.
const StartCommand = startCommand

// commandTime bounds a command.
const commandTime = 30 * time.Second

// ErrUnsupported says that this system cannot be asked for that.
var ErrUnsupported = errors.New("this system cannot be asked for that")

// Machine is this computer.
type Machine interface {
	// WakeAt has the computer leave standby at t, the one time that counts: another call replaces it, and the zero time is never.
	WakeAt(ctx context.Context, t time.Time) error
	// Standby sends the computer to standby.
	Standby(ctx context.Context) error
	// LoadAtBoot has the Host's service start with the computer, or not.
	LoadAtBoot(ctx context.Context, on bool) error
}

// Runner runs a command to its end.
type Runner func(ctx context.Context, argv ...string) error

// Run is the Runner that runs.
func Run(ctx context.Context, argv ...string) error {
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	out, err := exec.CommandContext(ctx, argv[0], argv[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(argv, " "), err, strings.TrimSpace(string(out[:min(len(out), 512)])))
	}
	return nil
}

// Daily is a time of each day at which the computer is to wake up.
type Daily struct {
	On           bool
	Hour, Minute int
}

// Check says whether there is such a time.
func (d Daily) Check() error {
	if d.Hour < 0 || d.Hour > 23 || d.Minute < 0 || d.Minute > 59 {
		return fmt.Errorf("%d:%02d is no time of a day: hours are 0 to 23, minutes 0 to 59", d.Hour, d.Minute)
	}
	return nil
}

// Next is the first such time after now, by now's clock.
func (d Daily) Next(now time.Time) time.Time {
	y, m, day := now.Date()
	t := time.Date(y, m, day, d.Hour, d.Minute, 0, 0, now.Location())
	if !t.After(now) {
		t = time.Date(y, m, day+1, d.Hour, d.Minute, 0, 0, now.Location())
	}
	return t
}

// lookEvery is how often Keep looks at the clock: timers stand still in standby.
const lookEvery = time.Minute

// Keep has m wake up at each such time, until ctx ends. What cannot be done is logged once.
func (d Daily) Keep(ctx context.Context, m Machine, log *slog.Logger) {
	if !d.On {
		return
	}
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	var set time.Time
	failed := false
	for {
		if next := d.Next(time.Now()); !next.Equal(set) {
			err := m.WakeAt(ctx, next)
			switch {
			case err == nil:
				set, failed = next, false
				log.Info("the computer wakes up", "at", next)
			case !failed:
				failed = true
				log.Error("the computer cannot be told to wake up", "at", next, "reason", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
