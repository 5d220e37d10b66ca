package config

import "strings"

// logLevels are the guide's (3.2.1), each with those before it.
var logLevels = []Value{
	v("No_log", "No log"), v("Critical", "Critical"), v("Error", "Error"), v("Warning", "Warning"),
	v("Info", "Info"), v("Debug", "Debug"), v("Trace", "Trace"),
}

func level(standard, help string) *Attribute {
	return choice("Level", "Level", standard, Now, help, logLevels...)
}

func debugLog() *Element {
	return &Element{
		XML: "DebugLog", Name: "Debug log", Icon: "document", Help: "What the programs tell whoever looks for the cause of a fault. Each place gets no more than the level here and its own allow.",
		Attributes: []*Attribute{
			toggle("Enabled", "Enabled", enabled, Now, "Whether debug logs are written at all."),
			level("Trace", "The most detailed level that any place gets."),
		},
		Children: []*Element{
			{XML: "Syslog", Name: "Syslog", Icon: "list", Help: "The log of the system.",
				Attributes: []*Attribute{level("No_log", "The most detailed level that the system's log gets.")}},
			{XML: "Console", Name: "Console", Icon: "keyboard", Help: "The terminal in which the Host was started.",
				Attributes: []*Attribute{level("No_log", "The most detailed level that the terminal gets.")}},
			{XML: "File", Name: "File", Icon: "document", Help: "A file, with its older parts in a folder.",
				Attributes: append([]*Attribute{
					filename("/var/log/Impero_host.log", "The file the log is written to. Empty means the usual place."),
					level("Info", "The most detailed level that the file gets."),
				}, rotation("/var/log/Impero_host_old")...)},
			{XML: "Modules", Name: "Modules", Icon: "list", Help: "Levels for single parts of the programs. Support tells when they are of use.",
				Children: []*Element{{
					XML: "Module", Name: "Module", Label: "Name", Max: 64, Icon: "gear", Help: "A level for one part.",
					Attributes: []*Attribute{
						text("Name", "Name", 1, maxName, "Module", Now, "The part, as the log names it."),
						level("Trace", "The most detailed level of this part."),
					},
				}}},
		},
	}
}

func filename(hint, help string) *Attribute {
	return of(FilePath, "Filename", "Filename", Now, help).hinted(hint)
}

// rotation are the rows that say how a log is kept from filling the disk.
func rotation(old string) []*Attribute {
	return []*Attribute{
		integer("MaximumSize", "Maximum size (MB)", 1, 10000, "MB", "40", Now,
			"How much all the files of this log may take together. The oldest goes first."),
		integer("MinimumFree", "Minimum free space (MB)", 0, 100000, "MB", "10", Now,
			"With less than this free on the disk nothing more is written."),
		of(FilePath, "OldLogsFolder", "Old logs folder", Now,
			"The folder for the older files of this log. Empty means the usual place.").hinted(old),
		integer("RotationSize", "Rotation size (MB)", 1, 1000, "MB", "10", Now,
			"When the file has grown to this, it goes to the folder and a new one is begun."),
	}
}

// eventGroups are the kinds of events that can be logged or not.
var eventGroups = []Value{
	v("Host", "Host started and stopped"), v("Connection", "Connections"), v("Logon", "Logons"),
	v("Session", "Sessions"), v("Action", "Actions of a Guest"), v("File", "Files"),
	v("Clipboard", "Clipboard"), v("Tunnel", "Tunnels"), v("Recording", "Recordings"),
	v("Configuration", "Changes of the configuration"), v("Server", "Servers"),
}

const allEvents = "Host, Connection, Logon, Session, Action, File, Clipboard, Tunnel, Recording, Configuration, Server"

func eventLog() *Element {
	return &Element{
		XML: "EventLog", Name: "Event log", Icon: "list", Help: "Who did what on this Host, for audits.",
		Attributes: []*Attribute{
			text("GuestName", "Custom Guest name", 0, 64, "%C; %A; %U", Now,
				"How a Guest is named in events: %C its computer, %A its address, %L its system account, %I its Guest ID, %U the user it logged on as.").ours().checked(knownCodes),
		},
		Children: []*Element{{
			XML: "LogLocally", Name: "Log locally", Icon: "document", Help: "A file of events on this computer.",
			Attributes: []*Attribute{
				toggle("EnableLogging", "Enable logging", enabled, Now, "Whether the events in the list below are written to the file."),
				filename("/var/log/Imperohost.nlg", "The file of events. Empty means the usual place."),
			},
			Children: []*Element{{
				XML: "EventList", Name: "Event list", Icon: "list", Help: "Which events the file gets.",
				Attributes: []*Attribute{{
					XML: "Events", Name: "Events", Kind: List, Values: eventGroups, Default: allEvents, Effect: Now, Ours: true,
					Help: "The kinds of events that are written.",
				}},
			}},
		}},
	}
}

// knownCodes says whether every % of a custom Guest name begins one of the codes.
func knownCodes(value string) *Message {
	for i := 0; i < len(value); i++ {
		if value[i] != '%' {
			continue
		}
		i++
		if i == len(value) || !strings.Contains("CALIU%", value[i:i+1]) {
			m := say("\"{{.Value}}\" holds a code that is not known. Use %C, %A, %L, %I and %U.", "Value", shown(value))
			return &m
		}
	}
	return nil
}

func hostMonitor() *Element {
	return &Element{
		XML: "HostMonitor", Name: "Host Monitor", Icon: "document", Help: "The log of the Host's service, apart from that of the Host itself.",
		Attributes: append([]*Attribute{
			toggle("Enabled", "Enabled", disabled, Now, "Whether the service writes a log of its own."),
			level("Info", "The most detailed level of that log."),
			filename("/var/log/Impero_host_daemon.log", "The file the service writes to; the number of its process is added. Empty means the usual place."),
		}, rotation("/var/log/Impero_host_daemon_old")...),
	}
}
