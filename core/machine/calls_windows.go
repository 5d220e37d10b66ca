package machine

import (
	"context"
	"fmt"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	kernel32            = windows.NewLazySystemDLL("kernel32.dll")
	createWaitableTimer = kernel32.NewProc("CreateWaitableTimerW")
	setWaitableTimer    = kernel32.NewProc("SetWaitableTimer")
	setSuspendState     = windows.NewLazySystemDLL("powrprof.dll").NewProc("SetSuspendState")
)

// calls ask Windows: the alarm is a timer, which counts as long as this program runs.
type calls struct {
	run Runner

	mu    sync.Mutex
	timer windows.Handle
}

const startCommand = ServiceName + " start" // in an administrator's console

// New gives this computer; nil for the Runner that runs.
func New(run Runner) Machine {
	if run == nil {
		run = Run
	}
	return &calls{run: run}
}

func (c *calls) WakeAt(_ context.Context, t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.IsZero() {
		h := c.timer
		c.timer = 0
		if h == 0 {
			return nil
		}
		return windows.CloseHandle(h)
	}
	if c.timer == 0 {
		h, _, err := createWaitableTimer.Call(0, 1, 0)
		if h == 0 {
			return fmt.Errorf("make a timer: %w", err)
		}
		c.timer = windows.Handle(h)
	}
	due := windows.NsecToFiletime(t.UnixNano())
	at := int64(due.HighDateTime)<<32 | int64(due.LowDateTime)
	const resume = 1
	if ok, _, err := setWaitableTimer.Call(uintptr(c.timer), uintptr(unsafe.Pointer(&at)), 0, 0, 0, resume); ok == 0 {
		return fmt.Errorf("set the timer: %w", err)
	}
	return nil
}

func (c *calls) Standby(context.Context) error {
	if ok, _, err := setSuspendState.Call(0, 0, 0); ok == 0 {
		return fmt.Errorf("go to standby: %w", err)
	}
	return nil
}

func (c *calls) LoadAtBoot(ctx context.Context, on bool) error {
	start := "demand"
	if on {
		start = "auto"
	}
	return c.run(ctx, "sc.exe", "config", ServiceName, "start=", start)
}
