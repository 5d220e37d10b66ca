package event

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Outcome is how it ended.
type Outcome string

// The outcomes.
const (
	Done   Outcome = "done"
	Denied Outcome = "denied" // by a rule, a role or a person
	Failed Outcome = "failed"
)

// Event is one record. Texts may come from the network: they are bounded and escaped where they are written.
type Event struct {
	Sequence uint64    // of this log, rising; given by Log.Record
	Time     time.Time // UTC, microseconds; given by Log.Record if zero
	Code     Code
	Outcome  Outcome // empty for what the code says: most are done, those of refusals denied
	Host     string  // given by Log.Record if empty
	Session  uint32  // 0 for none
	Guest    Guest   // whom it is about; only Who is written
	Who      string  // given by Log.Record from Guest if empty
	Way      string  // by which way: the communication profile, the address
	What     string  // what is to be known besides
}

// Guest is what is known of a Guest, for [Naming].
type Guest struct {
	Computer string // %C: the name of the Guest's computer
	Address  string // %A: its address, without the port
	LoggedOn string // %L: who is logged on to the Guest's computer
	ID       string // %I: the Guest ID that it logged on to the Host with
	User     string // %U: the user name that it logged on to the Host with
}

// Limits of texts, in bytes; longer ones are cut.
const (
	maxHost = 64
	maxWho  = 512
	maxWay  = 128
	maxWhat = 1024
)

// Naming says how a Guest is called in events: a text with %C, %A, %L, %I and %U in it, as [Guest] has them, and %% for a percent
// sign. What is not known is written as "-". The zero value is DefaultNaming.
type Naming string

// DefaultNaming has what there always is first.
const DefaultNaming Naming = "%C; %A; %U"

// NamingError says what is wrong with a naming.
type NamingError struct{ Text string }

func (e *NamingError) Error() string {
	return fmt.Sprintf("%q is not known in a Guest's name for events; there are %%C (computer), %%A (address), %%L (who is logged on there), "+
		"%%I (Guest ID), %%U (user name) and %%%%", e.Text)
}

// maxNaming bounds a naming, in bytes.
const maxNaming = 128

// ParseNaming checks a naming that a person wrote.
func ParseNaming(text string) (Naming, error) {
	if len(text) > maxNaming {
		return "", fmt.Errorf("a Guest's name for events has %d bytes, at most %d are allowed", len(text), maxNaming)
	}
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			continue
		}
		if i++; i == len(text) || !strings.ContainsRune("CALIU%", rune(text[i])) {
			return "", &NamingError{Text: text[i-1:]}
		}
	}
	return Naming(text), nil
}

// Of names a Guest. One of which nothing is known has no name.
func (n Naming) Of(g Guest) string {
	if g == (Guest{}) {
		return ""
	}
	if n == "" {
		n = DefaultNaming
	}
	var name strings.Builder
	for i := 0; i < len(n); i++ {
		if n[i] != '%' || i+1 == len(n) {
			name.WriteByte(n[i])
			continue
		}
		i++
		switch n[i] {
		case 'C':
			name.WriteString(known(g.Computer))
		case 'A':
			name.WriteString(known(g.Address))
		case 'L':
			name.WriteString(known(g.LoggedOn))
		case 'I':
			name.WriteString(known(g.ID))
		case 'U':
			name.WriteString(known(g.User))
		default:
			name.WriteByte(n[i])
		}
	}
	return name.String()
}

func known(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// outcome is the one that is written.
func (e *Event) outcome() Outcome {
	switch {
	case e.Outcome != "":
		return e.Outcome
	case strings.HasSuffix(string(e.Code), "+"):
		return Done
	}
	switch e.Code {
	case LogonWrong, Refused, NotPermitted:
		return Denied
	case LogTampered, EventsDropped:
		return Failed
	}
	return Done
}

// cut bounds a text; what is left is whole UTF-8, if it was.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := most - len("…")
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
