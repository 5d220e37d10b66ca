package agent

import "golang.org/x/sys/unix"

// Guard keeps the user's other programs from taking this process over: without it any of them could trace it, or open its
// files, and speak to the daemon as the agent. Root still can; a crash leaves no core file, which would hold the screen.
func Guard() error { return unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) }
