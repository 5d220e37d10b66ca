package config

import (
	"fmt"
	"regexp"
	"strings"
)

// Message is a sentence for people: a text key with {{.Name}} places, and what stands in them. An argument that is a
// [Key] or [Keys] is itself translated first.
type Message struct {
	Key  string
	Args map[string]any
}

// Key is an argument of a Message that is a text key.
type Key string

// Keys is an argument of a Message that is a list of text keys, to be shown with commas between.
type Keys []Key

func (k Keys) String() string {
	var b strings.Builder
	for i, key := range k {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(key))
	}
	return b.String()
}

var places = regexp.MustCompile(`\{\{\.([A-Za-z]+)\}\}`)

// String is the message in English, the language of logs.
func (m Message) String() string {
	return places.ReplaceAllStringFunc(m.Key, func(place string) string {
		return fmt.Sprint(m.Args[place[3:len(place)-2]])
	})
}

// Fault is one thing that is wrong in a document: where, and what to do about it. It never shows a secret.
type Fault struct {
	Path      Path
	Attribute string // XML name; "" if the fault is the element's
	Line      int    // in the file the document was read from; 0 if it stands in none
	Message   Message
}

// Error is the message in English, with the line if there is one.
func (f *Fault) Error() string {
	if f.Line > 0 {
		return fmt.Sprintf("line %d: %s", f.Line, f.Message)
	}
	return f.Message.String()
}

// PortTaken is the fault of a TCP profile whose port another program has.
func PortTaken(profile Path, port string) *Fault {
	return &Fault{Path: profile, Attribute: "ReceivePort", Message: say("Another program already uses port {{.Port}}. Choose another, or end that program.", "Port", port)}
}

// RootOnly gives the faults of a change that root alone may make: the service writes, as root, where a path says.
func RootOnly(was, now *Document) (faults []*Fault) {
	for _, c := range Diff(was, now) {
		if c.Attribute != nil && c.Attribute.Kind == FilePath {
			faults = append(faults, &Fault{Path: c.Path, Attribute: c.Attribute.XML, Message: say("Only root changes where the service writes its files. Ask an administrator who may be root on this computer.")})
		}
	}
	return faults
}

// say makes a message from a key and pairs of name and argument.
func say(key string, pairs ...any) Message {
	m := Message{Key: key}
	for i := 0; i+1 < len(pairs); i += 2 {
		if m.Args == nil {
			m.Args = map[string]any{}
		}
		m.Args[pairs[i].(string)] = pairs[i+1]
	}
	return m
}
