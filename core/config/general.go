package config

import "regexp"

func general() *Element {
	return &Element{
		XML: "General", Name: "General", Icon: "sliders", Help: "How the Host starts, shows itself and ends.",
		Attributes: []*Attribute{
			integer("ExitWhenIdle", "Exit when idle after seconds", 0, 86400, "seconds", "0", Now,
				"The Host ends by itself when no Guest was connected for so long. 0 means never."),
			toggle("HideExit", "Hide menu item Exit", disabled, RestartsHost,
				"Takes Exit out of the Host's menus, so that nobody ends it by mistake."),
			toggle("InTray", "In tray", disabled, RestartsHost,
				"Shows the Host's icon in the notification area of the desktop."),
			toggle("LoadAtBoot", "Load at boot", disabled, Now,
				"Loads the Host's service when the computer starts, before anybody logs on. Until this is changed it stays as it was installed."),
			toggle("StandbyOnIdle", "Standby on idle at exit", disabled, Now,
				"Puts the computer to standby after the Host has ended because it was idle."),
			toggle("StartAtLoad", "Start at load", enabled, RestartsHost,
				"Starts communication as soon as the Host is loaded. Otherwise somebody has to start it in the Host's window."),
			toggle("WakeEveryDay", "Wake up every day", disabled, Now,
				"Wakes the computer from standby once a day, at the hour and minute below."),
			integer("WakeHour", "Wake up hour", 0, 23, "", "20", Now,
				"The hour at which the computer is woken, in local time."),
			integer("WakeMinute", "Wake up minute", 0, 59, "", "0", Now,
				"The minute of that hour."),
			text("Display", "Display", 0, 64, "", RestartsHost,
				"Which display of this computer the service shares, where there are several. Empty means the one of the user who is logged on.").hinted(":0.0").checked(isDisplay),
		},
	}
}

func names() *Element {
	return &Element{
		XML: "Names", Name: "Names", Icon: "tag", Help: "The names under which Guests find this Host. Each Host needs a name of its own.",
		Attributes: []*Attribute{
			toggle("PublicHostname", "Public hostname", enabled, RestartsCommunication,
				"Answers Guests that browse for Hosts with the name of this Host.").waiting(waitsDiscovery),
			toggle("PublicIP", "Public IP", disabled, RestartsCommunication,
				"Tells the addresses of this computer to Guests that browse.").waiting(waitsDiscovery),
			toggle("PublicUsername", "Public username", disabled, RestartsCommunication,
				"Lets Guests find this Host by the name of the user who is logged on.").waiting(waitsDiscovery),
			text("Hostname", "Hostname", 0, maxName, "", RestartsCommunication,
				"The name of this Host when the naming mode is Enter or leave blank. Empty means no name.").hinted("till-042").checked(inBytes(maxName)),
			choice("NamingMode", "Naming mode", "ComputerName", RestartsCommunication,
				"Whether the Host goes by the name of the computer or by the one in Hostname.",
				v("ComputerName", "Computer name"), v("EnterOrBlank", "Enter or leave blank")),
			text("NamespaceID", "Namespace ID", 0, 64, "Public", RestartsCommunication,
				"The private part of a Name Server's names in which this Host and its Guests meet.").waiting(waitsNameServer),
		},
	}
}

var displayName = regexp.MustCompile(`^:[0-9]{1,5}(\.[0-9]{1,2})?$`)

func isDisplay(value string) *Message {
	if value == "" || displayName.MatchString(value) {
		return nil
	}
	return fault("\"{{.Value}}\" is no display of this computer. Use one as in {{.Hint}}.", "Value", shown(value), "Hint", ":0.0")
}

// inBytes bounds a name that goes over the network: some characters take several bytes there.
func inBytes(most int) func(string) *Message {
	return func(value string) *Message {
		if len(value) <= most {
			return nil
		}
		return fault("\"{{.Value}}\" takes {{.Length}} bytes. Use at most {{.Max}}: some letters take several.", "Value", shown(value), "Length", len(value), "Max", most)
	}
}
