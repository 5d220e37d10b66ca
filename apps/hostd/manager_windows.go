package main

import "github.com/kardianos/service"

const agentName = "Imperohost.exe"

// managedHere says whether the service manager of Windows started this program and waits to hear from it.
func managedHere() bool { return !service.Interactive() }
