package control

import "time"

// State is what is true of a Host now, as package host has it.
type State struct {
	Name        string    `json:"name"`
	Addresses   []string  `json:"addresses"`
	Port        int       `json:"port"`
	Listens     []string  `json:"listens"`
	Profiles    []string  `json:"profiles"`
	Fingerprint string    `json:"fingerprint"`
	Running     bool      `json:"running"`
	Since       time.Time `json:"since"`
	PasswordSet bool      `json:"passwordSet"`
	Mode        int       `json:"mode"`
	Refused     *Refusal  `json:"refused,omitempty"`
	Role        string    `json:"role"`
	Levels      []string  `json:"levels"`
	Display     bool      `json:"display"`
	Reason      string    `json:"reason"` // why there is no display
	Protected   []Scope   `json:"protected"`
	Problem     string    `json:"problem"`
	Trouble     string    `json:"trouble"` // what is wrong with the configuration
	MaxSessions int       `json:"maxSessions"`
	InTray      bool      `json:"inTray"` // the Host's window uses the tray
	Sessions    []Session `json:"sessions"`
	Waiting     int       `json:"waiting,omitempty"` // Guests that the Host's user is asked about
}

// Refusal is a logon that was refused.
type Refusal struct {
	Reason int       `json:"reason"`
	User   string    `json:"user"`
	From   string    `json:"from"`
	At     time.Time `json:"at"`
}

// Session is one connected Guest.
type Session struct {
	ID         uint32        `json:"id"`
	User       string        `json:"user"`
	Computer   string        `json:"computer"`
	From       string        `json:"from"`
	Role       string        `json:"role"`
	Level      string        `json:"level"`
	Activity   string        `json:"activity"`
	MayControl bool          `json:"mayControl"`
	Since      time.Time     `json:"since"`
	Lost       time.Time     `json:"lost"`
	Until      time.Time     `json:"until"`
	Idle       time.Duration `json:"idle"` // nanoseconds
	Ends       time.Time     `json:"ends"`
}
