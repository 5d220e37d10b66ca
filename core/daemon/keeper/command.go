package keeper

import (
	"impero/core/config"
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
	// Given names the options that were given.
	Given []string
}

// CommandOf is what a program of a Host was told.
func CommandOf(o *setup.Options) Command {
	return Command{Name: o.Name, Listen: o.Listen, Levels: o.Levels, Logs: o.Over, Silent: o.Silent(), Given: o.Given()}
}

// Quietly is a Command for a program that changes the configuration and ends: it logs nothing.
func Quietly(name string) Command {
	return Command{Name: name, Silent: true, Logs: func(logs.Options) logs.Options { return logs.Options{} }}
}

// overruled are the attributes that each option goes before: elements below the local configuration, and their attributes.
var overruled = map[string][][2]string{
	"name":                    {{"HostComputer/Names", "NamingMode"}, {"HostComputer/Names", "Hostname"}},
	"port":                    {{"HostComputer/Communication/TCP", "Enable"}, {"HostComputer/Communication/TCP", "ReceivePort"}},
	"listen":                  {{"HostComputer/Communication/TCP", "Enable"}, {"HostComputer/Communication/TCP", "ReceivePort"}},
	"allowed-encryptions":     {{"HostComputer/Security/Encryption", "AllowedEncryptions"}},
	"display":                 {{"HostComputer/General", "Display"}},
	"enable-logging":          {{"HostComputer/DebugLog", "Enabled"}},
	"global-log-level":        {{"HostComputer/DebugLog", "Level"}},
	"syslog-log-level":        {{"HostComputer/DebugLog/Syslog", "Level"}},
	"console-log-level":       {{"HostComputer/DebugLog/Console", "Level"}},
	"file-log-level":          {{"HostComputer/DebugLog/File", "Level"}},
	"logfile-name":            {{"HostComputer/DebugLog/File", "Filename"}},
	"logfile-old-logs-folder": {{"HostComputer/DebugLog/File", "OldLogsFolder"}},
	"logfile-rotation-size":   {{"HostComputer/DebugLog/File", "RotationSize"}},
	"logfile-max-size":        {{"HostComputer/DebugLog/File", "MaximumSize"}},
	"logfile-min-free-space":  {{"HostComputer/DebugLog/File", "MinimumFree"}},
}

// Overruled are the attributes that the command line goes before.
func (k *Keeper) Overruled() (list []config.Overruled) {
	for _, name := range k.o.Command.Given {
		for _, place := range overruled[name] {
			list = append(list, config.Overruled{Kinds: placeLocal.Child(place[0]), Attribute: place[1], By: "--" + name})
		}
	}
	return list
}
