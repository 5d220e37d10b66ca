package config

import "sync"

// Reasons why an attribute has no effect yet; text keys.
const (
	waitsNameServer     = "There is no Name Server yet."
	waitsWebConnect     = "There is no WebConnect yet."
	waitsPortal         = "There is no Impero Portal yet."
	waitsSecurityServer = "There is no Security Server yet."
	waitsDiscovery      = "Hosts cannot be browsed for by UDP yet."
	waitsHTTP           = "Wrapping in HTTP is not there yet."
	waitsTunnel         = "There are no tunnels yet."
	waitsCalling        = "The Host does not begin connections by itself yet."
	waitsActivity       = "This activity is not there yet; the answer counts from the day it is."
)

// Schema gives the table: its root, whose Name is "ImperoHost".
var Schema = sync.OnceValue(func() *Element {
	return &Element{
		XML: string(Root), Name: "ImperoHost", Icon: "monitor", Help: "The configuration of the Host on this computer.",
		Children: []*Element{{
			XML: "Configuration", Name: "Configuration", Icon: "gear", Help: "Everything that can be set.",
			Children: []*Element{{
				XML: "LocalConfiguration", Name: "Local configuration", Icon: "folder", Help: "What is kept on this computer, in host.xml.",
				Children: []*Element{hostComputer(), addressLists(), guestUsers()},
			}},
		}},
	}
})

func hostComputer() *Element {
	return &Element{
		XML: "HostComputer", Name: "Host computer", Icon: "monitor", Help: "How the Host starts, listens, protects itself and logs.",
		Children: []*Element{general(), communication(), names(), security(), debugLog(), eventLog(), tunnel(), hostMonitor()},
	}
}

// Rows: each function makes one Attribute; the methods below change it while the table is made.

func toggle(xml, name, standard string, effect Effect, help string) *Attribute {
	return &Attribute{XML: xml, Name: name, Kind: Switch, Default: standard, Effect: effect, Help: help, Values: switchValues}
}

func integer(xml, name string, low, high int, unit, standard string, effect Effect, help string) *Attribute {
	return &Attribute{XML: xml, Name: name, Kind: Integer, Min: low, Max: high, Unit: unit, Default: standard, Effect: effect, Help: help}
}

func port(xml, name, help string) *Attribute {
	return integer(xml, name, lowestPort, highestPort, "", "6502", RestartsCommunication, help)
}

func text(xml, name string, low, high int, standard string, effect Effect, help string) *Attribute {
	return &Attribute{XML: xml, Name: name, Kind: Text, Min: low, Max: high, Default: standard, Effect: effect, Help: help}
}

func choice(xml, name, standard string, effect Effect, help string, values ...Value) *Attribute {
	return &Attribute{XML: xml, Name: name, Kind: Choice, Default: standard, Effect: effect, Help: help, Values: values}
}

func of(kind Kind, xml, name string, effect Effect, help string) *Attribute {
	return &Attribute{XML: xml, Name: name, Kind: kind, Max: maxAddress, Effect: effect, Help: help}
}

func secret(xml, name string, form SecretForm, high int, effect Effect, help string) *Attribute {
	return &Attribute{XML: xml, Name: name, Kind: Secret, Form: form, Max: high, Effect: effect, Help: help}
}

func v(value, name string) Value { return Value{Value: value, Name: name} }

func (v Value) waiting(reason string) Value { v.Waits = reason; return v }

func (a *Attribute) ours() *Attribute { a.Ours = true; return a }

func (a *Attribute) hinted(hint string) *Attribute { a.Hint = hint; return a }

func (a *Attribute) needed() *Attribute { a.Min = 1; return a }

func (a *Attribute) atLeast(n int) *Attribute { a.Min = n; return a }

func (a *Attribute) checked(check func(string) *Message) *Attribute { a.check = check; return a }

func (a *Attribute) standing() *Attribute { a.stands = true; return a }

func (a *Attribute) waiting(reason string) *Attribute { a.Waits = reason; return a }

// waiting gives rows that all wait for the same.
func waiting(reason string, rows ...*Attribute) []*Attribute {
	for _, a := range rows {
		if a.Waits == "" {
			a.Waits = reason
		}
	}
	return rows
}

const (
	enabled     = "Enabled"
	disabled    = "Disabled"
	lowestPort  = 1025
	highestPort = 65535
	maxName     = 64  // characters of a profile's, role's or list's name
	maxAddress  = 255 // characters of an address, URL or path
	maxAccount  = 256 // characters of a system account with its domain
	minPassword = 12  // characters of a password of the Host's own, and
	maxPassword = 64
)

var switchValues = []Value{v(enabled, "Enabled"), v(disabled, "Disabled")}
