package store

import "path/filepath"

func userHome(user string) Home {
	return Home{
		guest:     filepath.Join(user, ".ImperoGuest"),
		phonebook: filepath.Join(user, "ImperoGuest", "phbook"),
		host:      filepath.Join(user, "Library", "Application Support", "Impero", "host"),
		hostLogs:  filepath.Join(user, "Library", "Logs"),
		guestLogs: filepath.Join(user, ".ImperoGuest"),
		sockets:   systemSockets,
	}
}

const systemSockets = "/var/run/Impero/"

func systemHome() Home {
	return Home{host: "/Library/Application Support/Impero/host", hostLogs: "/Library/Logs", sockets: systemSockets}
}
