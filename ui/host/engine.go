package host

import engine "impero/core/host"

// Engine is the Host that the window shows; *engine.Host is one. Its methods may
// take a while, so that they are called on the goroutine of Presenter.Run alone.
type Engine interface {
	// State gives what is true now.
	State() engine.State
	// Changes signals that State is another; signals come together.
	Changes() <-chan struct{}
	// Start begins to listen, Stop ends it and every session.
	Start() error
	Stop()
	// Disconnect ends one session, DisconnectAll each.
	Disconnect(id uint32)
	DisconnectAll()
	// SetPassword makes pw what Guests log on with.
	SetPassword(pw string) error
	// CheckMaintenance says whether what a scope protects may be done by somebody with this maintenance password.
	CheckMaintenance(s engine.Scope, pw string) error
}

var _ Engine = (*engine.Host)(nil)
