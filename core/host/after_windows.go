package host

import (
	"context"
	"fmt"
	"strconv"

	"golang.org/x/sys/windows"
)

// Flags of ExitWindowsEx, and its reason: other, planned.
const (
	ewxLogoff      = 0x0
	ewxReboot      = 0x2
	ewxForceIfHung = 0x10
	exitReason     = 0x80000000
)

// steps are functions of user32, with their arguments.
func steps(what AfterSession) []Step {
	exit := func(flags uint64) Step {
		return Step{"ExitWindowsEx", []string{strconv.FormatUint(flags|ewxForceIfHung, 10), strconv.FormatUint(exitReason, 10)}}
	}
	switch what {
	case AfterLock:
		return []Step{{"LockWorkStation", nil}}
	case AfterLogOff:
		return []Step{exit(ewxLogoff)}
	case AfterRestart:
		return []Step{exit(ewxReboot), {"shutdown.exe", []string{"/r", "/t", "0"}}}
	}
	return nil
}

func runStep(ctx context.Context, s Step) error {
	user32 := windows.NewLazySystemDLL("user32.dll")
	switch s.Name {
	case "LockWorkStation", "ExitWindowsEx":
	default:
		return program(ctx, s)
	}
	args := make([]uintptr, len(s.Args))
	for i, a := range s.Args {
		n, err := strconv.ParseUint(a, 10, 32)
		if err != nil {
			return fmt.Errorf("argument %d: %w", i, err)
		}
		args[i] = uintptr(n)
	}
	if s.Name == "ExitWindowsEx" {
		if err := allowShutdown(); err != nil {
			return err
		}
	}
	proc := user32.NewProc(s.Name)
	if err := proc.Find(); err != nil {
		return err
	}
	if done, _, err := proc.Call(args...); done == 0 {
		return err
	}
	return nil
}

// allowShutdown switches on the privilege to restart, which an account has and does not use by itself.
func allowShutdown() error {
	var token windows.Token
	if err := windows.OpenProcessToken(windows.CurrentProcess(), windows.TOKEN_ADJUST_PRIVILEGES|windows.TOKEN_QUERY, &token); err != nil {
		return fmt.Errorf("open the process's token: %w", err)
	}
	defer token.Close()
	name, err := windows.UTF16PtrFromString("SeShutdownPrivilege")
	if err != nil {
		return err
	}
	state := windows.Tokenprivileges{PrivilegeCount: 1}
	state.Privileges[0].Attributes = windows.SE_PRIVILEGE_ENABLED
	if err := windows.LookupPrivilegeValue(nil, name, &state.Privileges[0].Luid); err != nil {
		return fmt.Errorf("look the privilege up: %w", err)
	}
	if err := windows.AdjustTokenPrivileges(token, false, &state, 0, nil, nil); err != nil {
		return fmt.Errorf("switch the privilege on: %w", err)
	}
	return nil
}
