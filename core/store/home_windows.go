package store

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

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
		sockets:   systemSockets,
	}
}

const systemSockets = pipes + `Impero\`

// systemHome asks Windows for the folder: whoever starts the service has an environment of its own, and so has who asks for its state.
func systemHome() Home {
	programData, err := windows.KnownFolderPath(windows.FOLDERID_ProgramData, 0)
	if err != nil {
		programData = fromEnvironment("ProgramData", `C:\ProgramData`)
	}
	whole := filepath.Join(programData, "Impero")
	return Home{host: filepath.Join(whole, "host"), hostLogs: filepath.Join(whole, "logs"), sockets: systemSockets}
}

const (
	pipes        = `\\.\pipe\`
	socketSuffix = ""
)

// socketsAt names pipes, which are in no folder, after one.
func socketsAt(dir string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(filepath.Clean(dir))))
	return pipes + "Impero-" + hex.EncodeToString(sum[:8]) + `\`
}
