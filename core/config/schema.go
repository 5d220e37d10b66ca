package config

import "slices"

// Element is one kind of element: a branch of Host Manager's tree and an
// element of host.xml. Elements are read-only.
type Element struct {
	// XML is the stable name, in the file and in a [Path]: "TCP".
	XML string
	// Name is the text key of the guide's name: "Host computer". A text key is the English text itself.
	Name string
	// Help is the text key of one or two sentences about the element, for the hint strip when no attribute is selected.
	Help string
	// Label is the XML name of the attribute whose value names one instance, unique among its siblings of the kind;
	// "" says that the element is there exactly once and can neither be made, renamed, copied nor deleted.
	Label string
	// Max is how many instances one parent may have; 0 if the element does not repeat.
	Max int
	// Icon is the name of a file in assets/icons, without ".svg".
	Icon string
	// Attributes are in the order of the table that a person sees.
	Attributes []*Attribute
	// Children are in the order of the tree.
	Children []*Element
}

// Repeats says whether there can be several instances.
func (e *Element) Repeats() bool { return e.Label != "" }

// Makes gives the children that can be made new in e: the context menu's New.
func (e *Element) Makes() []*Element {
	return slices.DeleteFunc(slices.Clone(e.Children), func(c *Element) bool { return !c.Repeats() })
}

// Attribute gives the attribute with that XML name, or nil.
func (e *Element) Attribute(xml string) *Attribute {
	for _, a := range e.Attributes {
		if a.XML == xml {
			return a
		}
	}
	return nil
}

// Child gives the child element with that XML name, or nil.
func (e *Element) Child(xml string) *Element {
	for _, c := range e.Children {
		if c.XML == xml {
			return c
		}
	}
	return nil
}

// Kind is the kind of an attribute's value; it decides the editor and the check.
type Kind uint8

// The kinds. The values are shown, never stored.
const (
	Switch     Kind = 1  // "Enabled" or "Disabled"
	Integer    Kind = 2  // a whole number Min to Max of Unit, without sign or leading zeros
	Text       Kind = 3  // Min to Max characters, none of them a control character
	Choice     Kind = 4  // the Value of one of Values
	List       Kind = 5  // none, some or all of Values, in their order, with ", " between: check boxes
	Permission Kind = 6  // "Allow", "Deny" or "NotSet": what a role says of one thing (Values has them)
	Secret     Kind = 7  // write-only, see SecretForm; at most Max characters as typed
	RoleName   Kind = 8  // the name of a Role of the document, or empty if Min is 0
	FilePath   Kind = 9  // an absolute path, or empty for the usual place
	Address    Kind = 10 // an IP address or DNS name, with ":port" or not, or empty if Min is 0
	URL        Kind = 11 // an https URL, or empty
	Network    Kind = 12 // an IP address, a prefix ("10.0.0.0/8") or a MAC address
	Ports      Kind = 13 // "port1-portN" or one port, 1 to 65535
)

// Value is one allowed value of a Choice, List or Permission.
type Value struct {
	Value string // as it stands in the file
	Name  string // text key
	// Waits is the text key of the reason why it cannot be chosen, "" if it can: it is shown disabled.
	Waits string
}

// Effect says when a change takes effect.
type Effect uint8

// The effects, from the mildest.
const (
	Now                   Effect = 1 // at once, for running sessions too
	NextLogon             Effect = 2 // from the next logon on
	RestartsCommunication Effect = 3 // communication restarts: its sessions end
	RestartsHost          Effect = 4 // when the Host restarts
)

// Name is the text key for the column Takes effect.
func (e Effect) Name() string {
	switch e {
	case Now:
		return "Now"
	case NextLogon:
		return "Next logon"
	case RestartsCommunication:
		return "Restarts communication"
	}
	return "Restarts the Host"
}

// SecretForm says how a Secret is kept.
type SecretForm uint8

// The forms.
const (
	NoSecret SecretForm = 0 // the attribute is not a Secret
	Verifier SecretForm = 1 // a verifier of package password: "verifier:" and its text
	Hash     SecretForm = 2 // Argon2id: "argon2id:…"; [CheckHash] compares
	Sealed   SecretForm = 3 // sealed for this Host, since the program must present it: "sealed:" and its text
	Proof    SecretForm = 4 // typed to prove something, never kept
)

// Attribute is one row of the table. Attributes are read-only.
type Attribute struct {
	XML  string // the stable name in the file: "ReceivePort"
	Name string // text key of the guide's name: "Receive port"
	Help string // text key of one or two sentences: what it does
	Kind Kind
	// Min and Max bound an Integer, and the characters of a Text, RoleName, FilePath, Address, URL or Secret.
	Min, Max int
	// Unit is the text key of an Integer's unit, "" if it has none: "seconds".
	Unit string
	// Values are those of a Choice, List, Permission or Switch, in the order of the editor.
	Values []Value
	// Default is the value where the file says nothing.
	Default string
	// Hint shows the form of a value where the default is empty: "10.0.0.0/8". It is no text key.
	Hint   string
	Effect Effect
	// Waits is the text key of the reason why the attribute has no effect yet, "" if it has: it is shown disabled.
	Waits string
	// Ours marks a row that the guide does not have.
	Ours bool
	// Form says how a Secret is kept.
	Form SecretForm
	// stands says that a value which waits may stand in the file: the Host then says that it cannot do it.
	stands bool
	// check is what a value must satisfy besides its kind; nil for nothing.
	check func(value string) *Message
}

// Named gives the text key of a value and whether it has one: "OnlyWhenLoggedIn" is "Only when logged in". Values of
// the other kinds show as they are.
func (a *Attribute) Named(value string) (key string, ok bool) {
	for _, v := range a.Values {
		if v.Value == value {
			return v.Name, true
		}
	}
	return "", false
}
