// Package store is where state lives on disk and how it gets there: the folders
// of each program ([Home]), files that are replaced whole or not at all
// ([WriteFile]), versioned JSON documents ([SaveJSON], [LoadJSON]) and the lock
// that keeps a second program out of the same folder ([Lock]).
//
// Everything read is bounded before it is held in memory. Files are made for
// their owner alone (0600, folders 0700) unless a caller says otherwise. The
// functions may be called from several goroutines; two writers of one file
// leave one of the two contents, never a mixture. Two *programs* that read,
// change and write one file need Lock.
package store

import (
	"fmt"
	"os"
	"path/filepath"
)

// HomeVariable names the environment variable that moves all state of all
// programs under one folder: guest/, phbook/, host/ and logs/ in it. Tests set
// it, and so may a person who carries the suite on a stick.
const HomeVariable = "IMPERO_HOME"

// Home knows where the programs of one user keep their state. The zero value
// knows nothing; use [Open] or [At]. A Home only names places: they are made by
// the first write. It is immutable.
//
//	what                   Linux                               macOS                                 Windows
//	Host's configuration   $XDG_CONFIG_HOME/Impero/host        ~/Library/Application Support/…/host  %AppData%\Impero\host
//	Host's log             $XDG_STATE_HOME/Impero/             ~/Library/Logs/                       %LocalAppData%\Impero\logs\
//	phonebook              ~/ImperoGuest/phbook                the same                              %UserProfile%\ImperoGuest\phbook
//	Guest's other state    ~/.ImperoGuest                      the same                              %AppData%\ImperoGuest
//
// These are the places of a Host that runs as its user (--standalone), from [Open]. Those of the daemon, from [OpenSystem]:
//
//	Host's configuration   /var/opt/Impero/host   /Library/Application Support/Impero/host   %ProgramData%\Impero\host
//	Host's log             /var/log               /Library/Logs                             %ProgramData%\Impero\logs
//
// Both know where the daemon's sockets are: /run/Impero, /var/run/Impero, or pipes.
type Home struct {
	guest     string
	phonebook string
	host      string
	hostLogs  string
	guestLogs string
	sockets   string // what the names of sockets begin with
}

// Open returns the places of the user who runs this program, or those under
// the folder that IMPERO_HOME names. It fails if the system does not say where
// the user's own folder is. Nothing is made on disk.
func Open() (Home, error) {
	if home, moved, err := moved(); moved || err != nil {
		return home, err
	}
	user, err := os.UserHomeDir()
	if err != nil {
		return Home{}, fmt.Errorf("find the user's home folder: %w", err)
	}
	return userHome(user), nil
}

// OpenSystem returns the places of the Host that runs as a service of the computer, or those under the folder that
// IMPERO_HOME names.
func OpenSystem() (Home, error) {
	if home, moved, err := moved(); moved || err != nil {
		return home, err
	}
	return systemHome(), nil
}

// moved gives the places under the folder that IMPERO_HOME names, if it names one.
func moved() (Home, bool, error) {
	dir := os.Getenv(HomeVariable)
	if dir == "" {
		return Home{}, false, nil
	}
	whole, err := filepath.Abs(dir)
	if err != nil {
		return Home{}, false, fmt.Errorf("find the folder that %s names: %w", HomeVariable, err)
	}
	return At(whole), true, nil
}

// At returns the places under dir, as if IMPERO_HOME named it.
func At(dir string) Home {
	return Home{
		guest:     filepath.Join(dir, "guest"),
		phonebook: filepath.Join(dir, "phbook"),
		host:      filepath.Join(dir, "host"),
		hostLogs:  filepath.Join(dir, "logs"),
		guestLogs: filepath.Join(dir, "logs"),
		sockets:   socketsAt(dir),
	}
}

// GuestDir is the folder of the Guest's known hosts, history, communication
// profiles and settings.
func (h Home) GuestDir() string { return h.guest }

// PhonebookDir is the folder of the phonebook records.
func (h Home) PhonebookDir() string { return h.phonebook }

// HostDir is the folder of the Host's configuration and key.
func (h Home) HostDir() string { return h.host }

// GuestLogFile is the Guest's debug log.
func (h Home) GuestLogFile() string { return filepath.Join(h.guestLogs, "Guest_log") }

// HostLogFile is the Host's debug log.
func (h Home) HostLogFile() string { return filepath.Join(h.hostLogs, "Impero_host.log") }

// HostMonitorFile is the log of the Host's service; the number of its process is added.
func (h Home) HostMonitorFile() string { return filepath.Join(h.hostLogs, "Impero_host_daemon.log") }

// HostEventFile is the Host's event log, with its head beside it.
func (h Home) HostEventFile() string { return filepath.Join(h.hostLogs, "Imperohost.nlg") }

// AgentSocket is where the Host's daemon waits for the part of it that runs in the user's session.
func (h Home) AgentSocket() string { return h.sockets + "agent" + socketSuffix }

// ControlSocket is where the Host's daemon can be asked and told to change.
func (h Home) ControlSocket() string { return h.sockets + "control" + socketSuffix }

// fromEnvironment is the folder that an environment variable names, or
// fallback if it is unset or relative: the XDG base directory specification
// says that a relative path must be ignored.
func fromEnvironment(variable, fallback string) string {
	if dir := os.Getenv(variable); filepath.IsAbs(dir) {
		return dir
	}
	return fallback
}
