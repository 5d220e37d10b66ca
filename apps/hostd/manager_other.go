//go:build !windows

package main

import (
	"context"
	"os"
)

const agentName = "Imperohost"

// asRoot comes before a command that only the administrator may give.
const asRoot = "sudo "

// underManager does nothing: these systems' managers send a signal, and wait for nothing else.
func underManager(func(context.Context) error) (bool, error) { return false, nil }

// mayManage says whether who asks may change the services of this computer.
func mayManage() bool { return os.Geteuid() == 0 }
