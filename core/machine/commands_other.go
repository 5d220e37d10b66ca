//go:build !linux && !darwin && !windows

package machine

import (
	"context"
	"time"
)

type commands struct{}

const startCommand = "sudo " + ServiceName + " start"

// New gives this computer, which cannot be asked for anything.
func New(Runner) Machine { return commands{} }

func (commands) WakeAt(context.Context, time.Time) error { return ErrUnsupported }
func (commands) Standby(context.Context) error           { return ErrUnsupported }
func (commands) LoadAtBoot(context.Context, bool) error  { return ErrUnsupported }
