package control

import (
	"errors"
	"fmt"
	"time"

	"impero/core/config"
)

// Code says why a request was not done.
type Code string

// The codes.
const (
	CodeOrder       Code = "order"       // the request has no place now; the connection ends
	CodeForm        Code = "form"        // it cannot be understood; the connection ends
	CodeVersion     Code = "version"     // the daemon speaks another version; the connection ends
	CodeBusy        Code = "busy"        // too many connections; the connection ends
	CodeDenied      Code = "denied"      // account or password is wrong
	CodeNotAllowed  Code = "not allowed" // this account may not do that
	CodeMaintenance Code = "maintenance" // the maintenance password has to be given before
	CodeConflict    Code = "conflict"    // the configuration was changed since
	CodeInvalid     Code = "invalid"     // the configuration has faults
	CodeUnavailable Code = "unavailable" // this daemon cannot do that
	CodeNoPassword  Code = "no password" // nobody could log on, so that communication does not start
	CodeFailed      Code = "failed"      // Text says why
)

// Failure is why a request was not done.
type Failure struct {
	Code     Code      `json:"code"`
	Text     string    `json:"text,omitempty"`     // in English, for CodeFailed and logs
	Left     int       `json:"left,omitempty"`     // CodeDenied: tries left
	Until    time.Time `json:"until,omitzero"`     // CodeDenied: no try counts before
	Snapshot *Snapshot `json:"snapshot,omitempty"` // CodeConflict: what is in force
	Faults   []Fault   `json:"faults,omitempty"`   // CodeInvalid
	Single   bool      `json:"single,omitempty"`   // CodeInvalid: the one fault is of a place, not of the whole document
}

// Errors of a [Client] and of the daemon's parts.
var (
	// ErrGone says that the Host's service does not answer.
	ErrGone = errors.New("the Host's service does not answer")
	// ErrImpostor says that what answers is not the service. It is an ErrGone too.
	ErrImpostor = fmt.Errorf("%w: what answers in its place belongs to another user", ErrGone)
	// ErrVersion says that the service is of another release. It is an ErrGone too.
	ErrVersion = fmt.Errorf("%w in a way that this program understands: it is of another release", ErrGone)
	// ErrBusy says that too many programs speak to the service. It is an ErrGone too.
	ErrBusy = fmt.Errorf("%w: too many programs speak to it at once", ErrGone)
	// ErrNotAllowed says that the account may not do that.
	ErrNotAllowed = errors.New("this account may not do that")
	// ErrMaintenance says that the maintenance password has to be given first.
	ErrMaintenance = errors.New("the maintenance password has to be given first")
	// ErrConflict says that the configuration was changed since the revision that a change was made from.
	ErrConflict = errors.New("the configuration was changed meanwhile")
	// ErrUnavailable says that the service cannot do that.
	ErrUnavailable = errors.New("the Host's service cannot do that")
	// ErrNoPassword says that communication does not start since nobody could log on.
	ErrNoPassword = errors.New("no password is set, so nobody could log on")
)

// DeniedError says that an account or password is wrong.
type DeniedError struct {
	Left  int       // tries left
	Until time.Time // no try counts before; zero if the next one counts at once
}

func (e *DeniedError) Error() string {
	if !e.Until.IsZero() {
		return "too many wrong tries: none counts until " + e.Until.Local().Format("15:04:05")
	}
	return "account or password is wrong"
}

// ConflictError is an ErrConflict that has what is in force now.
type ConflictError struct{ Now *Configuration }

func (e *ConflictError) Error() string { return ErrConflict.Error() }

// Is makes it an ErrConflict.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

// FailureOf is an error as it travels. Its text is that of an error that is none of this protocol's.
func FailureOf(err error) *Failure {
	var denied *DeniedError
	var invalid *config.InvalidError
	var fault *config.Fault
	switch {
	case errors.As(err, &denied):
		return &Failure{Code: CodeDenied, Left: denied.Left, Until: denied.Until.UTC()}
	case errors.As(err, &invalid):
		return &Failure{Code: CodeInvalid, Faults: FaultsOf(invalid.Faults)}
	case errors.As(err, &fault):
		return &Failure{Code: CodeInvalid, Faults: FaultsOf([]*config.Fault{fault}), Single: true}
	}
	for code, known := range plain {
		if errors.Is(err, known) {
			return &Failure{Code: code}
		}
	}
	return &Failure{Code: CodeFailed, Text: err.Error()}
}

// plain are the codes that say all.
var plain = map[Code]error{
	CodeNotAllowed: ErrNotAllowed, CodeMaintenance: ErrMaintenance, CodeConflict: ErrConflict, CodeUnavailable: ErrUnavailable,
	CodeNoPassword: ErrNoPassword, CodeVersion: ErrVersion, CodeBusy: ErrBusy,
}

// err is the error that a failure was made of.
func (f *Failure) err() error {
	switch f.Code {
	case CodeDenied:
		return &DeniedError{Left: f.Left, Until: f.Until}
	case CodeInvalid:
		list := faults(f.Faults)
		if len(list) == 0 {
			return fmt.Errorf("%w: faults are missing", ErrForm)
		}
		if f.Single {
			return list[0]
		}
		return &config.InvalidError{Faults: list}
	case CodeConflict:
		now, err := f.Snapshot.configuration()
		if err != nil {
			return err
		}
		return &ConflictError{Now: now}
	case CodeFailed:
		return errors.New(f.Text)
	}
	if known := plain[f.Code]; known != nil {
		return known
	}
	return fmt.Errorf("%w: the service refused the request (%s)", ErrForm, f.Code)
}
