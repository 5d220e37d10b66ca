//go:build !windows

package main

const agentName = "Imperohost"

// managedHere: these systems' managers send a signal, and wait for nothing else.
func managedHere() bool { return false }
