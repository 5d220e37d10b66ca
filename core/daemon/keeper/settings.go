package keeper

import (
	"encoding/json"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"impero/core/config"
	"impero/core/host"
	"impero/core/logs"
	"impero/core/logs/event"
	"impero/core/password"
	"impero/core/role"
	"impero/core/wire"
)

// settings are what a configuration and the command line come to, for each part of the Host. They are not changed once made.
type settings struct {
	com            host.Communication
	access         host.Access // without the password and what only the Host knows, see accessNow
	verifier       string
	logs, monitor  logs.Options
	events         journalSettings
	general        config.General
	administrators struct{ Account, Group string }
	troubles       []string // what of the configuration cannot be done, in words
}

// settingsOf makes settings of valid values.
func (k *Keeper) settingsOf(v *config.Values) *settings {
	s := &settings{general: v.HostComputer.General, verifier: v.GuestUsers.ImperoAuthentication.Password}
	s.administrators = v.HostComputer.Security.ConfigurationAccess
	k.communicationOf(s, v)
	k.accessOf(s, v)
	k.logsOf(s, v)
	return s
}

func (k *Keeper) communicationOf(s *settings, v *config.Values) {
	c, names := &s.com, v.HostComputer.Names
	switch {
	case k.o.Command.Name != "":
		c.Name = k.o.Command.Name
	case names.NamingMode == "ComputerName":
		c.Name = host.ComputerName()
	default:
		c.Name = names.Hostname
	}
	for _, p := range v.HostComputer.Communication.TCP {
		if p.Enable {
			address := net.JoinHostPort(k.o.Command.Address, strconv.Itoa(p.ReceivePort))
			c.Profiles = append(c.Profiles, host.Profile{Name: p.Name, Listen: []string{address}})
		}
	}
	if len(k.o.Command.Listen) > 0 {
		name := host.ProfileName
		if len(c.Profiles) > 0 {
			name = c.Profiles[0].Name
		}
		c.Profiles = []host.Profile{{Name: name, Listen: k.o.Command.Listen}}
	}
	c.Levels = k.o.Command.Levels
	if c.Levels == nil {
		c.Levels = levels(v.HostComputer.Security.Encryption.AllowedEncryptions)
	}
}

// levels are the encryption levels by their names in the file, from the strongest on.
func levels(names []string) (list []wire.Level) {
	a := attribute("HostComputer/Security/Encryption", "AllowedEncryptions")
	for _, name := range names {
		key, _ := a.Named(name)
		if l, ok := wire.ParseLevel(key); ok {
			list = append(list, l)
		}
	}
	return list // in the order of the table
}

// attribute is a row of the schema, below the local configuration.
func attribute(place, xml string) *config.Attribute {
	e := config.Schema().Child("Configuration").Child("LocalConfiguration")
	for step := range strings.SplitSeq(place, "/") {
		e = e.Child(step)
	}
	return e.Attribute(xml)
}

var (
	modes = map[string]host.Mode{
		config.ModeImpero: host.ModeImpero, config.ModeSystem: host.ModeSystem,
		config.ModeSecurityServer: host.ModeSecurityServer, config.ModePortal: host.ModePortal,
	}
	attempts = map[string]host.AttemptAction{
		"None": host.AttemptNone, "Disconnect": host.AttemptDisconnect, "LockOut": host.AttemptLockOut, "Restart": host.AttemptRestart,
	}
	afters = map[string]host.AfterSession{
		"None": host.AfterNothing, "Lock": host.AfterLock, "LogOff": host.AfterLogOff, "Restart": host.AfterRestart,
	}
	confirms = map[string]role.Confirm{
		config.ConfirmNever: role.ConfirmNever, config.ConfirmLoggedIn: role.ConfirmLoggedIn, config.ConfirmAlways: role.ConfirmAlways,
	}
)

func (k *Keeper) accessOf(s *settings, v *config.Values) {
	users, security := v.GuestUsers, v.HostComputer.Security
	a := &s.access
	a.Mode, a.Role = modes[users.GuestSecurityMode.Mode], users.ImperoAuthentication.Role
	for _, r := range users.Roles.Role {
		a.Roles = append(a.Roles, roleOf(r))
	}
	k.systemOf(s, v)
	a.Confirm = host.Confirm{Timeout: security.ConfirmAccess.Timeout, LoggedIn: k.loggedIn}
	a.Addresses.Enabled = v.AddressLists.Enable
	for _, e := range v.AddressLists.Entry {
		a.Addresses.Entries = append(a.Addresses.Entries, e.Address)
	}
	illegal := security.IllegalAttempts
	a.Attempts = host.Attempts{Limit: illegal.Count, Action: attempts[illegal.Action], LockOut: illegal.LockOutTime}
	a.Notify = host.Notify(security.Notification)
	a.After = afters[security.AfterSession.Action]
	limits := security.Sessions
	a.MaxSessions, a.Inactivity, a.SessionTime, a.LogonTime = limits.Maximum, limits.IdleTimeout, limits.MaximumTime, limits.LogonTimeout
	m := security.Maintenance
	a.Maintenance = host.Maintenance{Hash: m.Password, GuestAccess: m.GuestAccessSecurity, Configuration: m.AllOtherConfiguration, Exit: m.ProgramExit}
}

// systemOf is who of the system gets which role, and why nobody does where the system cannot be asked.
func (k *Keeper) systemOf(s *settings, v *config.Values) {
	from := v.GuestUsers.SystemAuthentication
	to := &s.access.System
	to.Accounts, to.Default = k.o.Accounts, from.DefaultRole
	for _, list := range [][]config.User{from.User, from.DomainUser} {
		for _, u := range list {
			to.Users = append(to.Users, host.Assignment(u))
		}
	}
	for _, g := range from.Group {
		to.Groups = append(to.Groups, host.Assignment(g))
	}
	switch {
	case s.access.Mode == host.ModeSystem && to.Accounts == nil:
		to.Accounts = nobody{k.o.Without}
		s.troubles = append(s.troubles, "The accounts of this system cannot be checked, so nobody can log on: "+k.o.Without)
	case s.access.Mode == host.ModeSecurityServer, s.access.Mode == host.ModePortal:
		s.troubles = append(s.troubles, fmt.Sprintf("Nobody can log on: the guest security mode is set to %s, which this version does not have yet.", s.access.Mode))
	}
}

func roleOf(r config.Role) role.Role {
	answers := map[role.Permission]role.Answer{}
	for xml, answer := range r.Permissions {
		a := attribute("GuestUsers/Roles/Role", xml)
		if p, ok := role.PermissionByName(a.Name); ok {
			answers[p] = answer
		}
	}
	return role.Of(r.Name, answers, confirms[r.ConfirmAccess])
}

// accessNow is who may do what, with the password; mu is held, or nobody else knows k.
func (k *Keeper) accessNow() host.Access {
	a := k.now.access
	a.Password = k.password()
	return a
}

// password reads the verifier of the configuration. The same text gives the same one, so that a change of something else
// disturbs nobody who logs on. mu is held, or nobody else knows k.
func (k *Keeper) password() *password.Verifier {
	text := k.now.verifier
	if text == k.text {
		return k.verifier
	}
	k.text, k.verifier, k.useless = text, nil, ""
	if text == "" {
		return nil
	}
	v := new(password.Verifier)
	switch err := json.Unmarshal([]byte(text), v); {
	case err != nil:
		k.useless = "The Impero password cannot be read and must be set anew: " + err.Error() + "."
	case !k.h.Owns(v):
		k.useless = "The Impero password was set for another identity of this Host and must be set anew."
	default:
		k.verifier = v
	}
	return k.verifier
}

// level is a log's level by its name in the file.
func level(name string) logs.Level {
	l, err := logs.ParseLevel(name)
	if err != nil {
		return logs.NoLog
	}
	return l
}

func (k *Keeper) logsOf(s *settings, v *config.Values) {
	d := v.HostComputer.DebugLog
	o := logs.HostDefaults(k.o.Home.HostLogFile())
	o.Enabled, o.Global, o.Syslog, o.Console, o.File = d.Enabled, level(d.Level), level(d.Syslog.Level), level(d.Console.Level), level(d.File.Level)
	if d.File.Filename != "" {
		o.FileName = d.File.Filename
	}
	o.OldFolder, o.RotationSize, o.MaxSize, o.MinFreeSpace = d.File.OldLogsFolder, d.File.RotationSize, d.File.MaximumSize, d.File.MinimumFree
	for _, m := range d.Modules.Module {
		if err := o.Modules.Set(m.Name + "=" + m.Level); err != nil {
			s.troubles = append(s.troubles, "A level of the debug log has no effect: "+err.Error()+".")
		}
	}
	o.FreeSpace = k.o.Free
	if k.o.Command.Logs != nil {
		o = k.o.Command.Logs(o)
	}
	s.logs, s.monitor = o, k.monitorOf(v.HostComputer.HostMonitor)
	k.eventsOf(s, v.HostComputer.EventLog)
}

// monitorOf is the log of the service, which a Host that is none does not have.
func (k *Keeper) monitorOf(m config.HostMonitor) logs.Options {
	if !k.o.Service || k.o.Command.Silent {
		return logs.Options{}
	}
	name := m.Filename
	if name == "" {
		name = k.o.Home.HostMonitorFile()
	}
	stem, ext := strings.TrimSuffix(name, filepath.Ext(name)), filepath.Ext(name)
	o := logs.HostDefaults(fmt.Sprintf("%s_%d%s", stem, process(), ext))
	o.Enabled, o.File, o.OldFolder, o.FreeSpace = m.Enabled, level(m.Level), m.OldLogsFolder, k.o.Free
	if o.OldFolder == "" {
		o.OldFolder = stem + "_old"
	}
	o.RotationSize, o.MaxSize, o.MinFreeSpace = m.RotationSize, m.MaximumSize, m.MinimumFree
	return o
}

// groups are the codes of each kind of events in the file. What says that the log itself is not whole is always written.
var groups = map[string]string{
	"Host": "HCON,SERV,HELP", "Connection": "CONN,LOST,NAME,GATE", "Logon": "LOGN,LOCK,CFRM,CASK,ROLE", "Session": "SESS",
	"Action": "RCTL,VIEW,PERM,CHAT,AUDI,PRNT,MESG,EXEC,PROG,INVT,RMGT,BLNK,KLCK", "File": "FTRN,FSNT,FRCV", "Clipboard": "CLIP",
	"Tunnel": "TUNN,TCON", "Recording": "RECO", "Configuration": "CONF,MAIN", "Server": "",
}

const always = "TAMP,REPR,DROP"

func (k *Keeper) eventsOf(s *settings, l config.EventLog) {
	local := l.LogLocally
	s.events = journalSettings{on: local.EnableLogging && !k.o.Command.Silent, name: local.Filename, naming: event.Naming(l.GuestName)}
	if s.events.name == "" {
		s.events.name = k.o.Home.HostEventFile()
	}
	list := always
	for _, g := range local.EventList.Events {
		if groups[g] != "" {
			list += "," + groups[g]
		}
	}
	codes, err := event.ParseSet(list)
	if err != nil {
		panic(err) // the tables of groups and of codes disagree
	}
	s.events.codes = codes
}
