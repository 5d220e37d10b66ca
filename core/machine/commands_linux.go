package machine

import (
	"context"
	"os"
	"strconv"
	"time"
)

// commands ask Linux.
type commands struct {
	run     Runner
	systemd bool
}

const startCommand = "sudo service " + ServiceName + " start" // with systemd too

// New gives this computer; nil for the Runner that runs.
func New(run Runner) Machine {
	if run == nil {
		run = Run
	}
	_, err := os.Stat("/run/systemd/system")
	return commands{run, err == nil}
}

// WakeAt sets the alarm of the real-time clock and does nothing else.
func (c commands) WakeAt(ctx context.Context, t time.Time) error {
	if t.IsZero() {
		return c.run(ctx, "rtcwake", "-m", "disable")
	}
	return c.run(ctx, "rtcwake", "-m", "no", "-t", strconv.FormatInt(t.Unix(), 10))
}

func (c commands) Standby(ctx context.Context) error {
	if c.systemd {
		return c.run(ctx, "systemctl", "suspend")
	}
	return c.run(ctx, "loginctl", "suspend") // elogind's
}

func (c commands) LoadAtBoot(ctx context.Context, on bool) error {
	switch {
	case c.systemd && on:
		return c.run(ctx, "systemctl", "enable", ServiceName+".service")
	case c.systemd:
		return c.run(ctx, "systemctl", "disable", ServiceName+".service")
	case on:
		return c.run(ctx, "update-rc.d", ServiceName, "defaults")
	}
	return c.run(ctx, "update-rc.d", ServiceName, "disable")
}
