package guest

import (
	"context"
	"time"

	"impero/core/session"
)

// Step is how far an attempt to connect has come.
type Step uint8

const (
	StepResolve  Step = 1 // looking the name up
	StepDial     Step = 2 // opening a connection
	StepSecure   Step = 3 // exchanging keys
	StepIdentity Step = 4 // waiting for the person to compare the fingerprint
	StepLogon    Step = 5 // logging on
	StepScreen   Step = 6 // waiting for the first picture
)

// Identity is what a Host shows of itself on first contact.
type Identity struct {
	Target      Target
	HostName    string // what the Host calls itself; not proven
	Fingerprint string // eight groups of four, separated by spaces
	Level       string // the encryption level of this connection
	// KnownAs are other targets at which this key is known, the latest used first, at most three: the same Host under
	// another address or port. It is proven that it is that Host, not that it is the one meant.
	KnownAs []string
}

// Form is what the Host asks for at logon. The window shows exactly these fields.
type Form struct {
	Target   Target
	HostName string
	Text     string // a text of the Host's, may be empty
	Fields   []FormField
	Failed   bool   // the try before was wrong
	Left     int    // tries left, -1 if the Host does not say
	Known    bool   // the Host's key was known before this attempt
	Level    string // the encryption level of this connection
	System   bool   // it asks for an account of the Host's system, which the Host is told
}

// FieldKind says how a field is shown.
type FieldKind uint8

const (
	FieldUser     FieldKind = 1
	FieldPassword FieldKind = 2
	FieldText     FieldKind = 3 // asked by the Host in words: Label
	FieldSecret   FieldKind = 4 // the same, hidden while typed
)

// FormField is one field of a Form.
type FormField struct {
	Kind  FieldKind
	Label string // in the Host's words for FieldText and FieldSecret
	Value string // filled in already
}

// Prompter is the person, or what stands for one. Its methods are called one at a time from the goroutine of Connect;
// they may take minutes and must return soon after ctx ends.
type Prompter interface {
	// Progress tells how far the attempt is. It must not block.
	Progress(Step)
	// Identity asks whether an unknown Host is the one that is meant.
	Identity(context.Context, Identity) (bool, error)
	// Logon asks for the fields of a Form and gives a value for each, in order. An error ends the attempt.
	Logon(context.Context, Form) ([]string, error)
}

// Waiter is a Prompter that also wants to know that the Host's user is being asked whether to let this Guest in.
type Waiter interface {
	// AskingUser tells it, and for how long the Host waits for the answer. It must not block.
	AskingUser(limit time.Duration)
}

// Info describes a session; it does not change while the session lasts.
type Info struct {
	Target      Target
	Address     string // what was dialled, host:port
	HostName    string
	Fingerprint string
	Role        string
	MayControl  bool   // the role allows keyboard and mouse
	Level       string // the encryption level's name as in the guide
	Since       time.Time
}

// Lost describes a session whose connection is lost: since when, until when it is kept, when the Host was heard of last, and
// when the next attempt is made to get it again.
type Lost = session.Lost

// Stats counts since the session began, but for the last four.
type Stats struct {
	Frames     uint64 // picture updates decoded
	BytesIn    uint64
	BytesOut   uint64
	RoundTrip  time.Duration // of the last keepalive, 0 before the first
	DecodeTime time.Duration // of the last update
	Exact      bool          // the picture equals the Host's byte for byte
	Shown      time.Time     // when the last update came
}
