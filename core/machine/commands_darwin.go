package machine

import (
	"context"
	"time"
)

// commands ask macOS.
type commands struct{ run Runner }

const startCommand = "sudo " + ServiceName + " start"

// New gives this computer; nil for the Runner that runs.
func New(run Runner) Machine {
	if run == nil {
		run = Run
	}
	return commands{run}
}

// WakeAt schedules a wake. The one before can be taken back only with those of others: it stays, for a day at most.
func (c commands) WakeAt(ctx context.Context, t time.Time) error {
	if t.IsZero() {
		return ErrUnsupported
	}
	return c.run(ctx, "pmset", "schedule", "wake", t.Local().Format("01/02/06 15:04:05"))
}

func (c commands) Standby(ctx context.Context) error { return c.run(ctx, "pmset", "sleepnow") }

func (c commands) LoadAtBoot(ctx context.Context, on bool) error {
	verb := "disable"
	if on {
		verb = "enable"
	}
	return c.run(ctx, "launchctl", verb, "system/"+ServiceName)
}
