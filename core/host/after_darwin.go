package host

import "context"

// steps are the ways to do it: the system's own events for the user's session, programs for a service.
func steps(what AfterSession) []Step {
	switch what {
	case AfterLock: // the display sleeps, and asks for the password when it wakes, as the user has set
		return []Step{{"/usr/bin/pmset", []string{"displaysleepnow"}}}
	case AfterLogOff:
		return []Step{{"/usr/bin/osascript", []string{"-e", `tell application "loginwindow" to «event aevtrlgo»`}}}
	case AfterRestart:
		return []Step{{"/usr/bin/osascript", []string{"-e", `tell application "System Events" to restart`}}, {"/sbin/shutdown", []string{"-r", "now"}}}
	}
	return nil
}

func runStep(ctx context.Context, s Step) error { return program(ctx, s) }
