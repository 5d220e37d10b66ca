package core_test

import (
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"impero/core/config"
	"impero/core/host"
	"impero/core/logs"
	"impero/core/role"
	"impero/core/seam"
	"impero/core/wire"
)

// Places of the table.
const (
	general  = "HostComputer/General"
	tcp1     = "HostComputer/Communication/TCP[TCP 1]"
	security = "HostComputer/Security/"
	debugLog = "HostComputer/DebugLog"
	eventLog = "HostComputer/EventLog"
	monitor  = "HostComputer/HostMonitor"
	desk     = "GuestUsers/Roles/Role[Desk]"
	system   = "GuestUsers/SystemAuthentication"
	impero   = "GuestUsers/ImperoAuthentication"
)

var (
	password1   = setting{impero, "Password", config.Typed(goodPassword)}
	imperoMode  = setting{"GuestUsers/GuestSecurityMode", "Mode", config.ModeImpero}
	spare       = setting{"HostComputer/Communication/TCP[Spare]", "ReceivePort", "$port2"}
	maintenance = setting{security + "Maintenance", "Password", config.Typed(goodPassword)}
	oneTry      = setting{security + "IllegalAttempts", "Count", "1"}
	rotates     = setting{debugLog + "/File", "RotationSize", "1"}
	monitors    = setting{monitor, "Enabled", "Enabled"}
	atDesk      = []setting{{at: desk}, {system, "DefaultRole", "Desk"}}
	seesDesk    = append(slices.Clone(atDesk), setting{desk, "ConnectView", config.Allow})
)

// attributes is the table: every attribute that does not wait.
var attributes = []attribute{
	{at: general, name: "ExitWhenIdle", value: "1", sees: exits},
	{at: general, name: "StandbyOnIdle", value: "Enabled", with: []setting{{general, "ExitWhenIdle", "1"}}, sees: func(k *kept) bool { return exits(k) && k.computer.has("standby") }},
	{at: general, name: "LoadAtBoot", value: "Enabled", sees: told("load at boot true")},
	{at: general, name: "WakeEveryDay", value: "Enabled", sees: told("wake 20:00")},
	{at: general, name: "WakeHour", value: "7", with: []setting{{general, "WakeEveryDay", "Enabled"}}, sees: told("wake 07:00")},
	{at: general, name: "WakeMinute", value: "30", with: []setting{{general, "WakeEveryDay", "Enabled"}}, sees: told("wake 20:30")},
	{at: general, name: "StartAtLoad", value: "Disabled", change: onPorts, with: []setting{{tcp1, "ReceivePort", "$port1"}}, sees: func(k *kept) bool { return !listens(k.ports[0]) }},
	{at: general, name: "Display", value: ":77", sees: sharesDisplay77},
	{at: general, name: "HideExit", elsewhere: "../ui/host/look_test.go: TestExitIsHidden"},
	{at: general, name: "InTray", elsewhere: "../ui/host/look_test.go: TestTrayIsUsedIfItIsWanted"},

	{at: tcp1, name: "Enable", value: "Disabled", change: onPorts, with: []setting{{tcp1, "ReceivePort", "$port1"}, spare}, sees: func(k *kept) bool { return !listens(k.ports[0]) && listens(k.ports[1]) }},
	{at: tcp1, name: "Name", value: "Till", change: onPorts, with: []setting{{tcp1, "ReceivePort", "$port1"}, spare}, sees: func(k *kept) bool { return slices.Contains(k.h.State().Profiles, "Till") }},
	{at: tcp1, name: "ReceivePort", value: "$port1", change: onPorts, sees: func(k *kept) bool { return listens(k.ports[0]) }},

	{at: "HostComputer/Names", name: "Hostname", value: "till-042", with: []setting{{"HostComputer/Names", "NamingMode", "EnterOrBlank"}}, sees: called("till-042")},
	{at: "HostComputer/Names", name: "NamingMode", value: "EnterOrBlank", with: []setting{{"HostComputer/Names", "Hostname", "till-042"}}, sees: called("till-042")},

	{at: security + "Encryption", name: "AllowedEncryptions", value: "High", sees: func(k *kept) bool {
		_, code := k.knock(wire.LevelVeryHigh)
		return code == wire.CloseLevel
	}},
	{at: security + "Maintenance", name: "Password", value: config.Typed(goodPassword), with: []setting{{security + "Maintenance", "ProgramExit", "Enabled"}}, sees: protects(host.ScopeExit)},
	{at: security + "Maintenance", name: "ProgramExit", value: "Enabled", with: []setting{maintenance}, sees: protects(host.ScopeExit)},
	{at: security + "Maintenance", name: "GuestAccessSecurity", value: "Enabled", with: []setting{maintenance}, sees: protects(host.ScopeGuestAccess)},
	{at: security + "Maintenance", name: "AllOtherConfiguration", value: "Enabled", with: []setting{maintenance}, sees: protects(host.ScopeConfiguration)},
	{at: security + "Maintenance", name: "OldPassword", elsewhere: "keeper_linux_test.go: TestTheMaintenancePasswordIsReplacedByWhoKnowsIt"},
	{at: security + "ConfigurationAccess", name: "Account", value: "impero", sees: func(k *kept) bool { account, _ := k.k.Administrators(); return account == "impero" }},
	{at: security + "ConfigurationAccess", name: "Group", value: "admins", sees: func(k *kept) bool { _, group := k.k.Administrators(); return group == "admins" }},

	{at: security + "IllegalAttempts", name: "Count", value: "1", sees: func(k *kept) bool { return lockedFor(k) > 0 }},
	{at: security + "IllegalAttempts", name: "LockOutTime", value: "7", with: []setting{oneTry}, sees: func(k *kept) bool { return lockedFor(k) > 6*time.Minute }},
	{at: security + "IllegalAttempts", name: "Action", value: "Disconnect", with: []setting{oneTry}, sees: func(k *kept) bool {
		k.enter("anna", "secret")
		return lockedFor(k) > 0 && k.soon(func() bool { return len(k.h.State().Sessions) == 0 })
	}},
	{at: security + "Sessions", name: "Maximum", value: "1", sees: func(k *kept) bool {
		k.enter("anna", "secret")
		_, m := k.enter("anna", "secret")
		return sameMessage(m, &wire.Close{Code: wire.CloseFull})
	}},
	{at: security + "Sessions", name: "IdleTimeout", value: "1", sees: inSession(func(s host.Session) bool { return s.Idle == time.Minute })},
	{at: security + "Sessions", name: "MaximumTime", value: "1", sees: inSession(func(s host.Session) bool { return s.Ends.Equal(s.Since.Add(time.Minute)) })},
	{at: security + "Sessions", name: "LogonTimeout", value: "30", sees: loseThePatience},
	{at: security + "ConfirmAccess", name: "Timeout", value: "77", with: append(slices.Clone(atDesk), setting{desk, "ConfirmAccess", config.ConfirmAlways}), sees: func(k *kept) bool {
		_, m := k.enter("anna", "secret")
		return sameMessage(m, &wire.LogonWait{Seconds: 77})
	}},
	{at: security + "Notification", name: "Before", value: "Enabled", with: []setting{{security + "Notification", "After", "Enabled"}}, sees: func(k *kept) bool {
		k.visit()
		k.user.notice(k, seam.PhaseAfter)
		return slices.Contains(k.user.phases(), seam.PhaseBefore)
	}},
	{at: security + "Notification", name: "During", value: "Disabled", with: append(slices.Clone(seesDesk), setting{security + "Notification", "After", "Enabled"}), sees: func(k *kept) bool {
		watches(k)
		k.user.notice(k, seam.PhaseAfter)
		select {
		case <-k.user.seen:
			return false
		default:
			return true
		}
	}},
	{at: security + "Notification", name: "After", value: "Enabled", with: []setting{{security + "Notification", "Before", "Enabled"}}, sees: func(k *kept) bool {
		k.visit()
		k.visit()
		k.soon(func() bool { return count(k.user.phases(), seam.PhaseBefore) == 2 })
		return slices.Contains(k.user.phases(), seam.PhaseAfter)
	}},
	{at: security + "AfterSession", name: "Action", value: "Lock", sees: func(k *kept) bool {
		k.visit()
		return k.soon(func() bool { return len(k.machine) > 0 }) && <-k.machine == host.AfterLock
	}},

	{at: debugLog, name: "Enabled", value: "Disabled", sees: hides("logs/Impero_host.log", slog.LevelError)},
	{at: debugLog, name: "Level", value: "Error", sees: hides("logs/Impero_host.log", slog.LevelInfo)},
	{at: debugLog + "/Syslog", name: "Level", value: "Info", change: hearSyslog, sees: syslogged},
	{at: debugLog + "/Console", name: "Level", value: "Info", sees: func(k *kept) bool { k.k.Log().Info("the mark"); return k.console.has("the mark") }},
	{at: debugLog + "/File", name: "Filename", value: "$dir/other.log", sees: shows("other.log")},
	{at: debugLog + "/File", name: "Level", value: "Error", sees: hides("logs/Impero_host.log", slog.LevelInfo)},
	{at: debugLog + "/File", name: "OldLogsFolder", value: "$dir/old", with: []setting{rotates}, sees: setAside("old/*", log)},
	{at: debugLog + "/File", name: "RotationSize", value: "1", sees: setAside("logs/Impero_host_old/*", log)},
	{at: debugLog + "/File", name: "MaximumSize", value: "2", with: []setting{rotates}, sees: bounded("logs/Impero_host*", log)},
	{at: debugLog + "/File", name: "MinimumFree", value: "60", sees: stops("logs/Impero_host.log", log)},
	{at: debugLog + "/Modules/Module[gate]", name: "Level", value: "Error", sees: func(k *kept) bool {
		logs.Gate.Of(k.k.Log()).Info("the mark")
		return !k.holds("logs/Impero_host.log", "the mark")
	}},
	{at: debugLog + "/Modules/Module[Module]", name: "Name", value: "gate", with: []setting{{at: debugLog + "/Modules/Module[Module]"}, {debugLog, "Level", "Error"}}, sees: func(k *kept) bool {
		logs.Gate.Of(k.k.Log()).Info("the mark")
		return k.holds("logs/Impero_host.log", "the mark")
	}},

	{at: eventLog, name: "GuestName", value: "just %U", sees: events("logs/Imperohost.nlg", "just anna")},
	{at: eventLog + "/LogLocally", name: "EnableLogging", value: "Disabled", sees: lacks("logs/Imperohost.nlg", "SESS+")},
	{at: eventLog + "/LogLocally", name: "Filename", value: "$dir/other.nlg", sees: events("other.nlg", "SESS+")},
	{at: eventLog + "/LogLocally/EventList", name: "Events", value: "Host", sees: lacks("logs/Imperohost.nlg", "SESS+")},

	{at: monitor, name: "Enabled", value: "Enabled", sees: watched(func(k *kept) bool { return k.holds("logs/Impero_host_daemon_*.log", "the mark") })},
	{at: monitor, name: "Level", value: "Error", with: []setting{monitors}, sees: watched(func(k *kept) bool { return !k.holds("logs/Impero_host_daemon_*.log", "the mark") })},
	{at: monitor, name: "Filename", value: "$dir/monitor.log", with: []setting{monitors}, sees: watched(func(k *kept) bool { return k.holds(fmt.Sprintf("monitor_%d.log", os.Getpid()), "the mark") })},
	{at: monitor, name: "OldLogsFolder", value: "$dir/old", with: []setting{monitors, {monitor, "RotationSize", "1"}}, sees: setAside("old/*", service)},
	{at: monitor, name: "RotationSize", value: "1", with: []setting{monitors}, sees: setAside("logs/Impero_host_daemon_old/*", service)},
	{at: monitor, name: "MaximumSize", value: "2", with: []setting{monitors, {monitor, "RotationSize", "1"}}, sees: bounded("logs/Impero_host_daemon*", service)},
	{at: monitor, name: "MinimumFree", value: "60", with: []setting{monitors}, sees: stops("logs/Impero_host_daemon_*.log", service)},

	{at: "AddressLists", name: "Enable", value: "Enabled", sees: turnedAway},
	{at: "AddressLists/Entry[192.0.2.1]", name: "Address", value: "127.0.0.1", with: []setting{{"AddressLists", "Enable", "Enabled"}, {at: "AddressLists/Entry[192.0.2.1]"}}, sees: func(k *kept) bool { return !turnedAway(k) }},
	{at: "AddressLists/Entry[192.0.2.1]", name: "Comment", value: "the branch", with: []setting{{at: "AddressLists/Entry[192.0.2.1]"}}, sees: func(k *kept) bool {
		return k.holds("host/host.xml", `"the branch"`) // it is for people, who read it there
	}},

	{at: "GuestUsers/GuestSecurityMode", name: "Mode", value: config.ModeSystem, with: []setting{imperoMode, password1}, sees: func(k *kept) bool {
		r, _ := k.knock()
		m, err := r.d.Receive(k.t.Context())
		offer, ok := m.(*wire.LogonOffer)
		return err == nil && ok && slices.Contains(offer.Methods, wire.MethodSystem)
	}},
	{at: "GuestUsers/Roles/Role[Default Role]", name: "Name", value: "Visitors", sees: annaIs("Visitors")},
	{at: desk, name: "ConfirmAccess", value: config.ConfirmAlways, with: atDesk, sees: func(k *kept) bool {
		_, m := k.enter("anna", "secret")
		return m.Type() == wire.TypeLogonWait
	}},
	{at: desk, name: "ConnectView", value: config.Allow, with: atDesk, sees: func(k *kept) bool { return mayDo(k, role.SeeScreen) && watches(k) }},
	{at: desk, name: "UseKeyboardMouse", value: config.Allow, with: seesDesk, sees: func(k *kept) bool {
		return mayDo(k, role.UseKeyboardMouse) && watches(k) && k.soon(func() bool { return strings.Contains(strings.Join(k.hands.Lines(), " "), "button") })
	}},
	{at: system, name: "DefaultRole", value: "View only", sees: annaIs("View only")},
	{at: system + "/User[User]", name: "Name", value: "anna", with: []setting{{system + "/User[User]", "Role", "Full control"}}, sees: annaIs("Full control")},
	{at: system + "/User[anna]", name: "Role", value: "Full control", with: []setting{{at: system + "/User[anna]"}}, sees: annaIs("Full control")},
	{at: system + "/DomainUser[Domain user]", name: "Name", value: `SHOP\anna`, with: []setting{{system + "/DomainUser[Domain user]", "Role", "Full control"}}, sees: is(`SHOP\anna`, "Full control")},
	{at: system + `/DomainUser[SHOP\anna]`, name: "Role", value: "Full control", with: []setting{{at: system + `/DomainUser[SHOP\anna]`}}, sees: is(`SHOP\anna`, "Full control")},
	{at: system + "/Group[Group]", name: "Name", value: "helpdesk", with: []setting{{system + "/Group[Group]", "Role", "Full control"}}, sees: annaIs("Full control")},
	{at: system + "/Group[helpdesk]", name: "Role", value: "Full control", with: []setting{{at: system + "/Group[helpdesk]"}}, sees: annaIs("Full control")},
	{at: impero, name: "Password", value: config.Typed(goodPassword), with: []setting{imperoMode}, sees: func(k *kept) bool { return k.h.State().Running && withPassword(k) == "Full control" }},
	{at: impero, name: "Role", value: "View only", with: []setting{imperoMode, password1}, sees: func(k *kept) bool { return withPassword(k) == "View only" }},
}
