package host

import (
	"context"
	"os"
)

// steps are the ways to do it, the best first: logind knows the session of a Host that a user runs; a service has none and
// means all of the seat.
func steps(what AfterSession) []Step {
	id := os.Getenv("XDG_SESSION_ID")
	loginctl := func(args ...string) Step { return Step{"loginctl", args} }
	switch {
	case what == AfterLock && id != "":
		return []Step{loginctl("lock-session", id)}
	case what == AfterLock:
		return []Step{loginctl("lock-sessions")}
	case what == AfterLogOff && id != "":
		return []Step{loginctl("terminate-session", id)}
	case what == AfterLogOff:
		return []Step{loginctl("terminate-seat", "seat0")}
	case what == AfterRestart:
		return []Step{{"systemctl", []string{"reboot"}}, {"shutdown", []string{"-r", "now"}}}
	}
	return nil
}

func runStep(ctx context.Context, s Step) error { return program(ctx, s) }
