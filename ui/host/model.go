package host

import (
	"slices"

	engine "impero/core/host"
	"impero/ui/shell/level"
	"impero/ui/shell/phrase"
)

// Sign is the picture of the state block.
type Sign uint8

// The signs, from calm to grave.
const (
	SignReady   Sign = iota // Guests may come
	SignWatched             // somebody sees this screen
	SignStopped             // nothing listens
	SignProblem             // something is to be done
	SignAway                // who was connected has lost the connection
)

// Act is what a button of the window does.
type Act uint8

// The acts.
const (
	ActNone Act = iota
	ActStart
	ActStop
	ActDisconnect // the only Guest
	ActDisconnectAll
	ActPassword
)

// Block is the state block: one sentence that is true now, one below, one button.
type Block struct {
	Sign          Sign
	Title, Detail phrase.Phrase
	Act           Act
	Label         phrase.Phrase // of the button
	Why           phrase.Phrase // why the button cannot be used; empty if it can
}

// Guest is one row of the table.
type Guest struct {
	ID       uint32
	Name     string
	Activity phrase.Phrase
	From     string
	Role     phrase.Phrase
	Level    level.Level
	Since    phrase.Phrase
	Lost     bool // without a connection now
}

// Banner is a state that lasts and asks for something.
type Banner struct {
	Text  phrase.Phrase
	Act   Act
	Label phrase.Phrase
}

// Model is all that the window shows. It is a value: the view keeps what it got.
type Model struct {
	Block  Block
	Banner *Banner // nil for none

	Name        string
	Addresses   phrase.Phrase
	Fingerprint string
	LogOn       phrase.Phrase
	Levels      phrase.Phrase // the encryption levels allowed, if they are not the usual ones
	Allowed     level.Level   // the weakest of them
	Weakest     level.Level   // of the Guests connected; no words if there are none

	Count  phrase.Phrase // "1 of 8"
	Guests []Guest
	Empty  phrase.Phrase // the sentence under "Nobody is connected."

	Running  bool
	Status   phrase.Phrase
	Profiles string
	Since    phrase.Phrase

	PasswordSet bool
	CanLogOn    bool          // listening makes sense
	Refused     phrase.Phrase // the last logon that was refused; empty for none
	Protected   []engine.Scope
}

// CanStart, CanStop and the like say which commands make sense now.
func (m *Model) CanStart() bool { return !m.Running && m.CanLogOn }

// Protects says whether the maintenance password is asked for.
func (m *Model) Protects(s engine.Scope) bool { return slices.Contains(m.Protected, s) }

// Counting says that the words change with each second.
func (m *Model) Counting() bool {
	for _, g := range m.Guests {
		if g.Lost {
			return true
		}
	}
	return false
}

// Connected says whether a Guest is connected.
func (m *Model) Connected() bool { return len(m.Guests) > 0 }

// ofService is the model for a user who cannot set the Host's password.
func (m Model) ofService() Model {
	if m.Banner != nil && m.Banner.Act == ActPassword {
		m.Banner = &Banner{Text: phrase.New("No password is set, so this Host does not listen. An administrator of this computer sets one.")}
		m.Block.Why = phrase.New("An administrator of this computer sets a password first.")
	}
	return m
}
