package store

import "path/filepath"

func userHome(user string) Home {
	roaming := fromEnvironment("AppData", filepath.Join(user, "AppData", "Roaming"))
	local := fromEnvironment("LocalAppData", filepath.Join(user, "AppData", "Local"))
	guest := filepath.Join(roaming, "ImperoGuest")
	return Home{
		guest:     guest,
		phonebook: filepath.Join(user, "ImperoGuest", "phbook"),
		host:      filepath.Join(roaming, "Impero", "host"),
		hostLogs:  filepath.Join(local, "Impero", "logs"),
		guestLogs: guest,
	}
}
