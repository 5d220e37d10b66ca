package config

import (
	"fmt"
	"reflect"
	"strconv"
	"time"

	"impero/core/role"
)

// Values is a whole configuration as plain values. Its fields have the XML names of the table, and a test holds the
// two together: a Switch is a bool, an Integer an int or, where its unit is a time, a time.Duration, a List a slice of
// its values, a Permission an answer in Permissions; every other value is its text. Secrets have their prefix taken
// off. Repeated elements are slices, nil if there is none.
type Values struct {
	HostComputer HostComputer
	AddressLists AddressLists
	GuestUsers   GuestUsers
}

// HostComputer is the branch Host computer.
type HostComputer struct {
	General       General
	Communication Communication
	Names         Names
	Security      Security
	DebugLog      DebugLog
	EventLog      EventLog
	Tunnel        Tunnel
	HostMonitor   HostMonitor
}

// General is how the Host starts, shows itself and ends.
type General struct {
	ExitWhenIdle         time.Duration // 0: never
	HideExit, InTray     bool
	LoadAtBoot           bool
	StandbyOnIdle        bool
	StartAtLoad          bool
	WakeEveryDay         bool
	WakeHour, WakeMinute int
	Display              string
}

// Communication holds the communication profiles of each kind.
type Communication struct {
	TCP         []TCP
	UDP         []UDP
	WebConnect  []WebConnect
	WebConnect3 []WebConnect
	Portal      []Portal
}

// TCP is a profile that listens on a TCP port.
type TCP struct {
	Enable                bool
	Name                  string
	ReceivePort, SendPort int
	UseHTTP               bool
}

// UDP is a profile that answers and asks by UDP.
type UDP struct {
	BroadcastToSubnet, Enable              bool
	MTU                                    int // bytes
	Name                                   string
	ReceivePort                            int
	UseTCP, UseNameServer                  bool
	PrimaryNameServer, SecondaryNameServer string
	IgnorePort                             bool
	OverridePort                           int
	BroadcastList                          []BroadcastList
}

// BroadcastList is a list of addresses that broadcasts go to.
type BroadcastList struct {
	Name             string
	BroadcastAddress []BroadcastAddress
}

// BroadcastAddress is one address of a BroadcastList.
type BroadcastAddress struct{ Address string }

// WebConnect is a profile of a WebConnect or WebConnect 3 service.
type WebConnect struct {
	Enable                                                      bool
	Name                                                        string
	ServiceDomain, ServicePassword, ServiceURL, ServiceUsername string
}

// Portal is a profile of an Impero Portal.
type Portal struct {
	Enable                                           bool
	Name                                             string
	ServiceAddress, ServicePassword, ServiceUsername string
}

// Names are those under which Guests find the Host.
type Names struct {
	PublicHostname, PublicIP, PublicUsername bool
	Hostname, NamingMode, NamespaceID        string
}

// Security holds for every Guest.
type Security struct {
	PortalCertificate struct{ AllowInvalid, WarnInvalid bool }
	Encryption        struct{ AllowedEncryptions []string }
	Maintenance       struct {
		AllOtherConfiguration, GuestAccessSecurity, ProgramExit bool
		OldPassword, Password                                   string // OldPassword is always empty; Password is for CheckHash
	}
	ConfigurationAccess struct{ Account, Group string }
	IllegalAttempts     struct {
		Count       int
		Action      string
		LockOutTime time.Duration
	}
	Sessions struct {
		Maximum                                int
		IdleTimeout, MaximumTime, LogonTimeout time.Duration
	}
	ConfirmAccess struct{ Timeout time.Duration }
	Notification  struct{ Before, During, After bool }
	AfterSession  struct{ Action string }
}

// DebugLog is what the programs tell of themselves.
type DebugLog struct {
	Enabled         bool
	Level           string
	Syslog, Console struct{ Level string }
	File            struct {
		Filename, Level, OldLogsFolder         string
		MaximumSize, MinimumFree, RotationSize int // MB
	}
	Modules struct{ Module []Module }
}

// Module is the level of one part of the programs.
type Module struct{ Name, Level string }

// EventLog is who did what.
type EventLog struct {
	GuestName  string
	LogLocally struct {
		EnableLogging bool
		Filename      string
		EventList     struct{ Events []string }
	}
}

// Tunnel says which ports a Guest may reach through the Host.
type Tunnel struct {
	ScanPorts      bool
	AllowedTunnels struct{ Endpoint []Endpoint }
	BlockedPorts   struct{ Port []Port }
}

// Endpoint is a computer that tunnels may lead to.
type Endpoint struct {
	IPAddress string
	Port      []Port
}

// Port is a port or a range; [ParsePorts] reads it.
type Port struct{ Range string }

// HostMonitor is the log of the service.
type HostMonitor struct {
	Enabled                                bool
	Level, Filename, OldLogsFolder         string
	MaximumSize, MinimumFree, RotationSize int // MB
}

// AddressLists are the addresses Guests may come from, if enabled.
type AddressLists struct {
	Enable bool
	Entry  []Entry
}

// Entry is an IP address, a prefix or a MAC address.
type Entry struct{ Address, Comment string }

// GuestUsers says who may connect and what each may do.
type GuestUsers struct {
	GuestSecurityMode            struct{ Mode string }
	Roles                        struct{ Role []Role }
	PortalRights                 struct{}
	SecurityServerAuthentication struct{ NSSPublicKey string }
	SystemAuthentication         struct {
		DefaultRole             string // empty: refuse accounts without an entry
		User, DomainUser, Group []User
	}
	ImperoAuthentication struct{ Password, Role string } // Password is a verifier's text
}

// Role is what a Guest may do. Permissions has an answer for each permission of the table, by its XML name.
type Role struct {
	Name, ConfirmAccess string
	Permissions         map[string]role.Answer
}

// User is an account with a role of its own.
type User struct{ Name, Role string }

// Values gives the whole configuration as plain values. The document must be valid; the error is its first fault.
func (d *Document) Values() (*Values, error) {
	if faults := d.Validate(); len(faults) > 0 {
		return nil, faults[0]
	}
	all := new(Values)
	fill(d.at(placeLocal), reflect.ValueOf(all).Elem())
	return all, nil
}

// fill puts what n says into the struct of its kind.
func fill(n node, into reflect.Value) {
	for _, a := range n.kind.Attributes {
		if a.Kind == Permission {
			answer(into.FieldByName("Permissions"), a, n.get(a))
			continue
		}
		put(into.FieldByName(a.XML), a, n.get(a))
	}
	for _, kind := range n.kind.Children {
		field := into.FieldByName(kind.XML)
		if !kind.Repeats() {
			fill(n.single(kind), field)
			continue
		}
		all := n.instances(kind)
		if len(all) == 0 {
			continue
		}
		field.Set(reflect.MakeSlice(field.Type(), len(all), len(all)))
		for i, c := range all {
			fill(c, field.Index(i))
		}
	}
}

var answerOf = map[string]role.Answer{Allow: role.Allow, Deny: role.Deny, NotSet: role.Nothing}

func answer(permissions reflect.Value, a *Attribute, value string) {
	if permissions.IsNil() {
		permissions.Set(reflect.MakeMap(permissions.Type()))
	}
	permissions.SetMapIndex(reflect.ValueOf(a.XML), reflect.ValueOf(answerOf[value]))
}

var units = map[string]time.Duration{"seconds": time.Second, "minutes": time.Minute}

func put(field reflect.Value, a *Attribute, value string) {
	switch a.Kind {
	case Switch:
		field.SetBool(value == enabled)
	case Integer:
		n, err := strconv.ParseInt(value, 10, 32)
		if err != nil {
			panic(fmt.Sprintf("%s was valid: %v", a.XML, err))
		}
		field.SetInt(n * int64(max(units[a.Unit], 1)))
	case List:
		field.Set(reflect.ValueOf(SplitList(value)))
	case Secret:
		field.SetString(a.plain(value))
	default:
		field.SetString(value)
	}
}

// plain takes the prefix off a verifier and a sealed text; what is not in its protected form is nothing.
func (a *Attribute) plain(value string) string {
	prefix := a.Form.prefix()
	switch {
	case prefix == "" || len(value) < len(prefix) || value[:len(prefix)] != prefix:
		return ""
	case a.Form == Hash:
		return value
	}
	return value[len(prefix):]
}
