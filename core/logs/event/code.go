package event

import (
	"fmt"
	"slices"
	"strings"
)

// Code says what happened: four capital letters and "+" or "-". Where things begin and end, "+" begins and "-" ends; else "+" was
// right or done, "-" wrong or refused.
type Code string

// The codes that a part of this release records. HCON is the original's; the others are ours.
const (
	HostBegun     Code = "HCON+" // the Host communicates
	HostEnded     Code = "HCON-"
	LogonRight    Code = "LOGN+"
	LogonWrong    Code = "LOGN-"
	LockedOut     Code = "LOCK+"
	Refused       Code = "CONN-" // a connection or logon that came to nothing, for another reason than a wrong password
	ConfirmAsked  Code = "CASK+" // the Host's user is asked whether a Guest may come in
	Confirmed     Code = "CFRM+"
	NotConfirmed  Code = "CFRM-"
	SessionBegun  Code = "SESS+"
	SessionEnded  Code = "SESS-"
	SessionLost   Code = "LOST+" // without a connection
	SessionFound  Code = "LOST-" // it has one again
	ControlBegun  Code = "RCTL+" // remote control: the Guest sees, and may use keyboard and mouse
	ControlEnded  Code = "RCTL-"
	ViewBegun     Code = "VIEW+" // the Guest sees and may not touch
	ViewEnded     Code = "VIEW-"
	NotPermitted  Code = "PERM-"
	Configured    Code = "CONF+"
	ServiceBegun  Code = "SERV+"
	ServiceEnded  Code = "SERV-"
	LogTampered   Code = "TAMP-" // the event log was changed by somebody else
	LogRepaired   Code = "REPR+" // a line that a crash left unfinished was removed
	EventsDropped Code = "DROP-"
)

// table is every code with its words, in the order of a list to choose from. Those without a constant above belong to activities
// and servers that come later: an event list may name them already.
var table = []struct {
	code  Code
	words string
}{
	{HostBegun, "Host communication begun"}, {HostEnded, "Host communication ended"},
	{ServiceBegun, "Host started"}, {ServiceEnded, "Host stopped"},
	{Configured, "configuration changed"}, {"CONF-", "configuration change refused"},
	{"MAIN+", "maintenance password right"}, {"MAIN-", "maintenance password wrong"},
	{LogonRight, "logon right"}, {LogonWrong, "logon wrong"},
	{LockedOut, "locked out after wrong logons"}, {"LOCK-", "lock-out lifted"},
	{Refused, "connection refused"},
	{Confirmed, "access confirmed"}, {NotConfirmed, "access not confirmed"}, {ConfirmAsked, "access to be confirmed"},
	{SessionBegun, "session begun"}, {SessionEnded, "session ended"},
	{SessionLost, "session lost its connection"}, {SessionFound, "session resumed"},
	{ControlBegun, "remote control begun"}, {ControlEnded, "remote control ended"},
	{ViewBegun, "view begun"}, {ViewEnded, "view ended"},
	{NotPermitted, "not permitted"},
	{"FTRN+", "file transfer begun"}, {"FTRN-", "file transfer ended"},
	{"FSNT+", "file sent to the Guest"}, {"FSNT-", "file not sent to the Guest"},
	{"FRCV+", "file received from the Guest"}, {"FRCV-", "file not received from the Guest"},
	{"TUNN+", "tunnel begun"}, {"TUNN-", "tunnel ended"}, {"TCON+", "connection through a tunnel"}, {"TCON-", "connection through a tunnel refused"},
	{"CHAT+", "chat begun"}, {"CHAT-", "chat ended"}, {"AUDI+", "audio chat begun"}, {"AUDI-", "audio chat ended"},
	{"CLIP+", "clipboard transferred"}, {"PRNT+", "print redirected"}, {"MESG+", "message shown"},
	{"EXEC+", "command executed"}, {"EXEC-", "command failed"}, {"PROG+", "program run"}, {"PROG-", "program not run"},
	{"INVT+", "inventory retrieved"}, {"RMGT+", "remote management begun"}, {"RMGT-", "remote management ended"},
	{"RECO+", "recording begun"}, {"RECO-", "recording ended"},
	{"BLNK+", "screen blanked"}, {"BLNK-", "screen shown again"}, {"KLCK+", "keyboard and mouse locked"}, {"KLCK-", "keyboard and mouse unlocked"},
	{"HELP+", "help requested"}, {"HELP-", "help request cancelled"},
	{"ROLE+", "role compiled by the Security Server"}, {"ROLE-", "no role from the Security Server"},
	{"NAME+", "name registered"}, {"NAME-", "name refused"}, {"GATE+", "connection routed"}, {"GATE-", "connection not routed"},
	{LogTampered, "event log tampered with"}, {LogRepaired, "event log repaired after a crash"}, {EventsDropped, "events lost"},
}

// Codes lists every code of the table, in its order.
func Codes() []Code {
	all := make([]Code, len(table))
	for i, row := range table {
		all[i] = row.code
	}
	return all
}

// Words says what a code means; a code that this release does not know is its own word.
func (c Code) Words() string {
	for _, row := range table {
		if row.code == c {
			return row.words
		}
	}
	return "event " + string(c)
}

// formed says whether c has the form of a code. A log may have codes of a newer release.
func (c Code) formed() bool {
	if len(c) != 5 || c[4] != '+' && c[4] != '-' {
		return false
	}
	for i := range 4 {
		if c[i] < 'A' || c[i] > 'Z' {
			return false
		}
	}
	return true
}

// Set is an event list: the codes that a consumer gets. nil is all of them, an empty one none.
type Set map[Code]bool

// Has says whether a code is in the list.
func (s Set) Has(c Code) bool { return s == nil || s[c] }

// CodeError says that a text names no code; its message lists those there are.
type CodeError struct{ Text string }

func (e *CodeError) Error() string {
	var all []string
	for _, row := range table {
		all = append(all, string(row.code))
	}
	return fmt.Sprintf("%q is no event; there are all and %s", e.Text, strings.Join(all, ", "))
}

// ParseSet reads an event list: codes with commas between, without a sign for both signs; "all" is all, an empty text none.
func ParseSet(text string) (Set, error) {
	text = strings.TrimSpace(text)
	if strings.EqualFold(text, "all") {
		return nil, nil
	}
	set := Set{}
	if text == "" {
		return set, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		name, found := strings.ToUpper(strings.TrimSpace(part)), false
		for _, row := range table {
			if string(row.code) == name || len(name) == 4 && strings.HasPrefix(string(row.code), name) {
				set[row.code], found = true, true
			}
		}
		if !found {
			return nil, &CodeError{Text: part}
		}
	}
	return set, nil
}

// String is the list as ParseSet reads it, in the order of the table.
func (s Set) String() string {
	if s == nil {
		return "all"
	}
	var all []string
	for _, c := range Codes() {
		if s[c] {
			all = append(all, string(c))
		}
	}
	return strings.Join(slices.Clip(all), ",")
}
