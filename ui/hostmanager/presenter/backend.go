package presenter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"impero/core/config"
	"impero/ui/shell/phrase"
)

// Backend is where the configuration of one Host lives. Its methods block until they are done or ctx ends, and may be
// called from several goroutines, but for one of Hello, Open, Load, Check and Apply at a time. After an error that wraps
// [ErrGone] every method may be called again: it tries to reach the Host anew, and Open is needed again.
type Backend interface {
	// Hello says whom it speaks to and what Open wants. Its error wraps ErrGone where nobody answers.
	Hello(ctx context.Context) (Place, error)
	// Open proves that the person may see the configuration, and says whether it may be changed too. The error is a
	// *[DeniedError], or wraps ErrGone. It is called once, before Load, and again after ErrGone.
	Open(ctx context.Context, account Account) (Rights, error)
	// Load gives the configuration as it is in use. Secrets in it are redacted ([config.Document.Redacted]).
	Load(ctx context.Context) (Snapshot, error)
	// Check asks the Host what it thinks of a document without changing anything: what config.Document.Validate cannot
	// know, such as a port that another program has. nil means that it would take it.
	Check(ctx context.Context, d *config.Document) ([]*config.Fault, error)
	// Apply makes d the configuration: the Host puts its own secrets into the redacted places ([config.Document.Restore]),
	// protects the typed ones, validates, writes and starts again what has to. Nothing is changed if there is an error:
	// *[ConflictError], *[config.InvalidError], *[config.Fault], *[DeniedError] (the old maintenance password is wrong),
	// [ErrNotAllowed], or one that wraps ErrGone, after which it is not known what was changed. revision is that of the
	// Snapshot that d was made from; the document stays the caller's.
	Apply(ctx context.Context, d *config.Document, revision string) (Outcome, error)
	// Sessions gives the sessions there are now: those that end when communication restarts.
	Sessions(ctx context.Context) ([]Session, error)
	// Missing gives those of some names that no account or group of the Host's computer has. It may take as long as a
	// directory takes; names that cannot be looked up now are not missing.
	Missing(ctx context.Context, names []SystemName) ([]SystemName, error)
	// Watch calls changed, on any goroutine, once it watches, so that nothing is missed since Load, and then whenever the
	// configuration has another revision or Trouble, until ctx ends (then the error is ctx's) or the Host is gone (then it wraps ErrGone).
	Watch(ctx context.Context, changed func()) error
}

// Place says what a Backend speaks to.
type Place struct {
	// Host is the Host's name.
	Host string
	// Service is what answers: "Imperohostd on till-042 (this computer)". It is shown as it is.
	Service phrase.Phrase
	// Document names the configuration: "host.xml version 1".
	Document phrase.Phrase
	// Wants says what Open has to be given.
	Wants Wants
	// User is filled into the field for the account; empty for none.
	User string
	// Stopped says that no Host runs: what is applied takes effect once it is started, and ends nothing.
	Stopped bool
	// Start is the command that starts the Host's service, for a person to copy; empty if there is none.
	Start string
}

// Wants is what proves that a person may manage a Host.
type Wants uint8

// The proofs. The values are shown, never stored.
const (
	WantsNothing     Wants = 0 // who runs the program is proof enough
	WantsAccount     Wants = 1 // user and password of an account of this system
	WantsMaintenance Wants = 2 // the maintenance password
	WantsEither      Wants = 3 // one or the other
)

// Account is what a person typed. Only what [Place.Wants] asks for is set.
type Account struct {
	User, Password string
	Maintenance    string
}

// Rights are what an account may do.
type Rights struct {
	// User is the account's name, for the status bar.
	User string
	// Change says whether the configuration may be changed.
	Change bool
	// Paths says whether that goes for the paths too to which the Host writes.
	Paths bool
	// Reason is why not, in one sentence, for the banner; empty with Change.
	Reason phrase.Phrase
}

// Snapshot is a configuration at one moment.
type Snapshot struct {
	Document *config.Document // the receiver's own
	// Revision changes with every change of the configuration, and names no other one.
	Revision string
	// Written is when it was last written; zero if it never was.
	Written time.Time
	// Trouble is what is wrong with it where it is kept, such as a host.xml that cannot be used, so that the last good
	// copy is in force; empty if nothing is.
	Trouble phrase.Phrase
	// Overruled are attributes whose value has no effect, since the Host's command line goes before it.
	Overruled []config.Overruled
}

// Session is a session that a restart of communication would end.
type Session struct {
	Who  string // "Anna Berg"
	From string // "10.20.4.90"
	// Profile is the label of the communication profile it came by; empty if that is not known.
	Profile string
}

// SystemName is the name of an account or a group of a system.
type SystemName struct {
	Name  string
	Group bool
}

// Outcome is what applying did.
type Outcome struct {
	// Snapshot is what is in force now.
	Snapshot Snapshot
	// Restarted says that communication was restarted, and Ended how many sessions that ended.
	Restarted bool
	Ended     int
	// Pending says that something takes effect only when the Host is started again.
	Pending bool
}

// ErrGone says that the Host's service does not answer; Backend's errors wrap it.
var ErrGone = errors.New("the Host's service does not answer")

// ErrNotAllowed says that the account may not change the configuration, or may no longer.
var ErrNotAllowed = errors.New("this account may not change the configuration")

// DeniedError says that an account or password is wrong.
type DeniedError struct {
	// Left is how many tries are left, -1 if the Host does not say.
	Left int
	// Until is the end of a lock-out; zero if there is none.
	Until time.Time
}

func (e *DeniedError) Error() string {
	if !e.Until.IsZero() {
		return fmt.Sprintf("no account is taken until %s", e.Until.Format("15:04"))
	}
	return "user or password is wrong"
}

// ConflictError says that the configuration was changed since it was loaded, and what it is now.
type ConflictError struct{ Now Snapshot }

func (e *ConflictError) Error() string { return "the configuration was changed meanwhile" }

// GoneError is an [ErrGone] that says in words why nothing answers, and what to do.
type GoneError struct{ Reason phrase.Phrase }

func (e *GoneError) Error() string { return e.Reason.String() }

// Is makes it an ErrGone.
func (e *GoneError) Is(target error) bool { return target == ErrGone }
