package guest

import (
	"fmt"
	"time"
)

// Kind says what went wrong, so that a window can say what to do.
type Kind uint8

const (
	KindBadAddress   Kind = 1  // what was typed is no name, address or port
	KindNameNotFound Kind = 2  // no such name
	KindNobody       Kind = 3  // the machine answers, nobody listens on the port
	KindNoAnswer     Kind = 4  // nothing answers
	KindNotImpero    Kind = 5  // another program listens there
	KindHostTooOld   Kind = 6  // the Host's protocol is too old
	KindHostTooNew   Kind = 7  // the Host's protocol is too new
	KindChangedKey   Kind = 8  // not the Host we know; see Error.Changed
	KindNotTrusted   Kind = 9  // the person did not accept the identity
	KindHandshake    Kind = 10 // keys or proofs did not verify
	KindLogonFailed  Kind = 11 // no tries left
	KindLockedOut    Kind = 12 // too many wrong tries; Error.Wait
	KindLogonTime    Kind = 13
	KindUserRefused  Kind = 14 // the Host's user said no
	KindUserAway     Kind = 15
	KindNoLogon      Kind = 16 // no password is set on the Host
	KindFull         Kind = 17 // eight sessions
	KindBusy         Kind = 18
	KindNoDisplay    Kind = 19 // Error.Detail has the Host's reason
	KindDenied       Kind = 20 // the role does not allow it
	KindLevel        Kind = 21
	KindLost         Kind = 22 // the connection broke or fell silent
	KindHostUser     Kind = 23 // ended by the Host's user
	KindHostStopping Kind = 24
	KindCancelled    Kind = 25
	KindProtocol     Kind = 26 // the Host sent what it must not
	KindInternal     Kind = 27
	KindKnownHosts   Kind = 28 // the known hosts cannot be read or written
	KindRoleEnded    Kind = 29
	KindProfiles     Kind = 30 // the communication profiles cannot be read or written
	KindSessionOver  Kind = 31 // after its connection was lost, the Host no longer has the session
	KindReplaced     Kind = 32 // the session goes on elsewhere
	KindNotSupported Kind = 33 // the Host cannot do what was asked for
	KindHostFault    Kind = 34 // a fault at the Host, or a reason that this Guest does not know
	KindNoProfile    Kind = 35 // there is no communication profile of that name
	KindInactive     Kind = 36 // nothing was done for too long
	KindAddress      Kind = 37 // the Host takes no connection from this address
	KindMode         Kind = 38 // the Host is set to a way to log on that it cannot do
	KindBadPort      Kind = 39 // what stands in the place of the port is none; see Error.Typed
	KindTime         Kind = 41 // the session lasted as long as the Host lets one
	KindHistory      Kind = 40 // the history cannot be read or written
)

// Error is every error of Connect and of a session's end.
type Error struct {
	Kind    Kind
	Target  Target
	Address string        // host:port as far as known
	Detail  string        // for "Copy details" and the log; may be the other side's words
	Typed   string        // of KindBadPort: what stands in the place of the port, empty if nothing does
	File    string        // of KindKnownHosts, KindProfiles and KindHistory: the file that cannot be read or written
	Wait    time.Duration // of KindLockedOut; of KindUserRefused when the Host's user may be asked again, 0 if not told; of KindUserAway how long the Host's user was asked, 0 if nobody was
	Changed *ChangedKey
	Levels  []string      // of KindLevel: the encryption levels that the Host allows, none if it did not say
	Offered []string      // of KindLevel: those that the profile allows
	Silent  time.Duration // of KindLost: how long the Host was not reached, 0 if the connection broke otherwise
	Err     error
}

// ChangedKey holds both identities of KindChangedKey.
type ChangedKey struct {
	Known, Shown string // fingerprints
	Since        time.Time
	Used         int
}

func (e *Error) Error() string {
	s := fmt.Sprintf("connect to %s: kind %d", e.Target, e.Kind)
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.Err != nil && e.Err.Error() != e.Detail {
		s += ": " + e.Err.Error()
	}
	return s
}

// fileError is the error of a file of the Guest's.
func fileError(kind Kind, file string, err error) *Error {
	return &Error{Kind: kind, File: file, Detail: err.Error(), Err: err}
}

func (e *Error) Unwrap() error { return e.Err }
