package keeper

import (
	"impero/core/host/setup"
	"impero/core/logs"
	"impero/core/wire"
)

// Command is what the command line of a program says. The zero Command says nothing.
type Command struct {
	Name   string                          // of the Host
	Listen []string                        // in place of the TCP profiles, "address:port"
	Levels []wire.Level                    // in place of the allowed encryptions
	Logs   func(logs.Options) logs.Options // changes what the configuration says of the debug log
	Silent bool                            // no log at all, that of events neither
	// Address of this computer is the one that the profiles listen on; empty for all of them.
	Address string
}

// CommandOf is what a program of a Host was told.
func CommandOf(o *setup.Options) Command {
	return Command{Name: o.Name, Listen: o.Listen, Levels: o.Levels, Logs: o.Over, Silent: o.Silent()}
}

// Quietly is a Command for a program that changes the configuration and ends: it logs nothing.
func Quietly(name string) Command {
	return Command{Name: name, Silent: true, Logs: func(logs.Options) logs.Options { return logs.Options{} }}
}
