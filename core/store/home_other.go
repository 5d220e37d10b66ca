//go:build !darwin && !windows

package store

import "path/filepath"

// userHome follows the XDG base directory specification for the Host, and the
// guide for the Guest, whose folders it names.
func userHome(user string) Home {
	config := fromEnvironment("XDG_CONFIG_HOME", filepath.Join(user, ".config"))
	state := fromEnvironment("XDG_STATE_HOME", filepath.Join(user, ".local", "state"))
	guest := filepath.Join(user, ".ImperoGuest")
	return Home{
		guest:     guest,
		phonebook: filepath.Join(user, "ImperoGuest", "phbook"),
		host:      filepath.Join(config, "Impero", "host"),
		hostLogs:  filepath.Join(state, "Impero"),
		guestLogs: guest,
		sockets:   systemSockets,
	}
}

const systemSockets = "/run/Impero/"

func systemHome() Home {
	return Home{host: "/var/opt/Impero/host", hostLogs: "/var/log", sockets: systemSockets}
}
