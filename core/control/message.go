package control

import (
	"time"

	"impero/core/config"
)

// Op is what a request wants.
type Op string

// The operations; in brackets what a request carries and its reply gives beyond ID.
const (
	OpHello       Op = "hello"       // (Version) Hello; the first request
	OpLogon       Op = "logon"       // (Account) Rights; the second, again after one that was refused
	OpPing        Op = "ping"        // nothing: the client is still there
	OpSnapshot    Op = "snapshot"    // Snapshot
	OpCheck       Op = "check"       // (Document) Faults
	OpApply       Op = "apply"       // (Document, Revision) Outcome
	OpState       Op = "state"       // State
	OpWatch       Op = "watch"       // (Window) changes from now on; the first News come at once
	OpStart       Op = "start"       // communication
	OpStop        Op = "stop"        // communication, which ends every session; OpMaintenance before it where that is protected
	OpDisconnect  Op = "disconnect"  // (Session; 0 for all)
	OpMaintenance Op = "maintenance" // (Scope, Account.Maintenance) proves the maintenance password for the next OpStop
	OpRaise       Op = "raise"       // shows the window of the Host to its user, on the user's own wish
)

// Request is a message to the daemon. Fields that its Op does not have are zero.
type Request struct {
	ID       uint32   `json:"id"` // not 0
	Op       Op       `json:"op"`
	Version  int      `json:"version,omitempty"`
	Account  *Account `json:"account,omitempty"`
	Document string   `json:"document,omitempty"`
	Revision string   `json:"revision,omitempty"`
	Session  uint32   `json:"session,omitempty"`
	Scope    Scope    `json:"scope,omitempty"`
	Window   bool     `json:"window,omitempty"` // the client has the Host's window, and takes Raise
}

// Account proves who somebody is. The zero Account is who the system says the peer is.
type Account struct {
	User        string `json:"user,omitempty"`
	Password    string `json:"password,omitempty"`
	Maintenance string `json:"maintenance,omitempty"` // the maintenance password, in place of the others
}

// Reply is a message from the daemon: what Request's Op says, or a Failure; or News, with the ID 0.
type Reply struct {
	ID       uint32    `json:"id"`
	Failure  *Failure  `json:"failure,omitempty"`
	Hello    *Hello    `json:"hello,omitempty"`
	Rights   *Rights   `json:"rights,omitempty"`
	Snapshot *Snapshot `json:"snapshot,omitempty"`
	Faults   []Fault   `json:"faults,omitempty"`
	Outcome  *Outcome  `json:"outcome,omitempty"`
	State    *State    `json:"state,omitempty"`
	News     News      `json:"news,omitempty"`
}

// News says what is another than before; a sum of what follows.
type News int

// What can be new.
const (
	NewState         News = 1 // OpState gives another one
	NewConfiguration News = 2 // OpSnapshot gives another one
	Raise            News = 4 // the user at the screen wants to see the window
)

// Hello says whom the client speaks to and what a logon takes.
type Hello struct {
	Version int    `json:"version"`
	Host    string `json:"host"` // its name
	Wants   Wants  `json:"wants"`
	// User is the name of the client's own account; empty if it has none.
	User string `json:"user,omitempty"`
	// Here says that the client's user is the one at the screen, who needs no password to see who is connected.
	Here bool `json:"here,omitempty"`
}

// Wants is what a logon takes that may see the configuration.
type Wants int

// The proofs.
const (
	WantsNothing Wants = 0 // who the client's user is
	WantsAccount Wants = 1 // an account of the system
	WantsEither  Wants = 3 // that, or the maintenance password
)

// Rights are what somebody may do who logged on.
type Rights struct {
	User   string `json:"user"`             // who, for people
	See    bool   `json:"see,omitempty"`    // the configuration
	Change bool   `json:"change,omitempty"` // it
	Paths  bool   `json:"paths,omitempty"`  // with Change: where the service writes its files too
	Only   Scope  `json:"only,omitempty"`   // the part that may be changed; 0 for all
	Steer  bool   `json:"steer,omitempty"`  // disconnect Guests, start and stop communication
	Reason Reason `json:"reason,omitempty"` // why the configuration may not be changed, or only a part
}

// Reason is why somebody's rights are as they are.
type Reason string

// The reasons.
const (
	ReasonGroup  Reason = "group"  // neither the account nor the group that the configuration names
	ReasonScope  Reason = "scope"  // the maintenance password protects this part alone
	ReasonScreen Reason = "screen" // the user at the screen sees who is connected, no more
)

// Scope is what a maintenance password protects.
type Scope int

// The scopes, numbered like those of package host.
const (
	ScopeGuestAccess   Scope = 1
	ScopeConfiguration Scope = 2
	ScopeExit          Scope = 3
)

// Snapshot is a configuration at one moment.
type Snapshot struct {
	Document string    `json:"document"` // XML, redacted
	Revision string    `json:"revision"`
	Written  time.Time `json:"written"`           // UTC; zero if it never was
	Trouble  string    `json:"trouble,omitempty"` // what is wrong with it where it is kept
	// Overruled are attributes that the daemon's command line goes before.
	Overruled []config.Overruled `json:"overruled,omitempty"`
}

// Outcome is what applying did.
type Outcome struct {
	Snapshot  Snapshot `json:"snapshot"` // in force now
	Restarted bool     `json:"restarted,omitempty"`
	Ended     int      `json:"ended,omitempty"`   // sessions, by the restart
	Pending   bool     `json:"pending,omitempty"` // something waits for the Host's next start
}

// Fault is a [config.Fault].
type Fault struct {
	Path      config.Path `json:"path"`
	Attribute string      `json:"attribute,omitempty"`
	Line      int         `json:"line,omitempty"`
	Key       string      `json:"key"`
	Arguments []Argument  `json:"arguments,omitempty"` // by name
}

// Argument is what stands in one place of a message: a text, or text keys.
type Argument struct {
	Name string   `json:"name"`
	Text string   `json:"text,omitempty"`
	Keys []string `json:"keys,omitempty"`
	List bool     `json:"list,omitempty"` // Keys is a list, also of one or none
}
