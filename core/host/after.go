package host

import (
	"context"
	"fmt"
	"os/exec"
	"time"
)

// AfterSession is what happens to the computer once the last session has ended, unless its own user ended it. Values are
// part of stored configurations.
type AfterSession uint8

const (
	AfterNothing AfterSession = 0
	AfterLock    AfterSession = 1 // the desktop
	AfterLogOff  AfterSession = 2 // the user
	AfterRestart AfterSession = 3 // the computer
)

// String is the name in the configuration.
func (a AfterSession) String() string {
	switch a {
	case AfterNothing:
		return "None"
	case AfterLock:
		return "Lock computer"
	case AfterLogOff:
		return "Log off"
	case AfterRestart:
		return "Restart"
	}
	return fmt.Sprintf("action %d", uint8(a))
}

func (a AfterSession) check() error {
	if a > AfterRestart {
		return fmt.Errorf("there is no %s after a session", a)
	}
	return nil
}

// Machine does to the computer what a Host is set to. The zero of Config.Machine is System.
type Machine interface {
	// Do does it; with AfterNothing nothing.
	Do(ctx context.Context, what AfterSession) error
}

// Step is one thing that is asked of the system: a program with its arguments, or a function of the system's.
type Step struct {
	Name string
	Args []string
}

// System does it on this computer.
type System struct {
	// Run does one step; nil for doing it. A test looks at the steps with it.
	Run func(context.Context, Step) error
}

// machineTime bounds a step.
const machineTime = 20 * time.Second

// Do does the first of the ways that this system has and that works.
func (s System) Do(ctx context.Context, what AfterSession) error {
	run := s.Run
	if run == nil {
		run = runStep
	}
	ctx, cancel := context.WithTimeout(ctx, machineTime)
	defer cancel()
	var err error
	for _, step := range steps(what) {
		if err = run(ctx, step); err == nil {
			return nil
		}
		err = fmt.Errorf("%s: %w", step.Name, err)
	}
	return err
}

// program runs a step that is a program.
func program(ctx context.Context, s Step) error {
	out, err := exec.CommandContext(ctx, s.Name, s.Args...).CombinedOutput()
	if err != nil && len(out) > 0 {
		return fmt.Errorf("%w: %.200q", err, out)
	}
	return err
}

// afterLast does what is to happen once no session is left. byUser: somebody at the computer ended the last one.
func (h *Host) afterLast(byUser bool) {
	h.mu.Lock()
	what, left, stopped := h.access.After, len(h.sessions), h.since.IsZero()
	h.mu.Unlock()
	if what == AfterNothing || left > 0 {
		return
	}
	if byUser || stopped {
		h.log.Info("nothing is done to the computer after the session: its own user ended it", "action", what.String())
		return
	}
	h.perform(what)
}

// perform does something to the computer, and says so.
func (h *Host) perform(what AfterSession) {
	h.wg.Go(func() {
		if err := h.machine.Do(context.WithoutCancel(h.ctx), what); err != nil {
			h.log.Error("what is to happen to the computer could not be done", "action", what.String(), "reason", err)
			return
		}
		h.log.Info("done to the computer", "action", what.String())
	})
}
