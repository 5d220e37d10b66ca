//go:build !linux && !freebsd && !windows

package seat

import (
	"os"
	"os/exec"

	"impero/core/directory"
)

// startsAgents: launchd starts an agent in each session, and Admit takes the one of the user at the screen.
const startsAgents = false

func become(*exec.Cmd, *Desktop, directory.Account) error { return nil }

func ask(p *os.Process) { p.Signal(os.Interrupt) }
