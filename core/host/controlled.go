package host

import "impero/core/control"

// Control is the state as it travels to a window of the Host in another program.
func (s State) Control() control.State {
	c := control.State{
		Name: s.Name, Addresses: s.Addresses, Port: s.Port, Listens: s.Listens, Profiles: s.Profiles, Fingerprint: s.Fingerprint, Running: s.Running,
		Since: s.Since.UTC(), PasswordSet: s.PasswordSet, Mode: int(s.Mode), Role: s.Role, Levels: s.Levels,
		Display: s.Display.Ready, Reason: s.Display.Reason, Problem: s.Problem, Trouble: s.Trouble, MaxSessions: s.MaxSessions, Waiting: s.Waiting,
	}
	if r := s.Refused; r != nil {
		c.Refused = &control.Refusal{Reason: int(r.Reason), User: r.User, From: r.From, At: r.At.UTC()}
	}
	for _, p := range s.Protected {
		c.Protected = append(c.Protected, control.Scope(p))
	}
	for _, g := range s.Sessions {
		c.Sessions = append(c.Sessions, control.Session{
			ID: g.ID, User: g.User, Computer: g.Computer, From: g.From, Role: g.Role, Level: g.Level, Activity: g.Activity,
			MayControl: g.MayControl, Since: g.Since.UTC(), Lost: g.Lost.UTC(), Until: g.Until.UTC(), Idle: g.Idle, Ends: g.Ends.UTC(),
		})
	}
	return c
}

// StateOf is the reverse of Control.
func StateOf(c *control.State) State {
	s := State{
		Name: c.Name, Addresses: c.Addresses, Port: c.Port, Listens: c.Listens, Profiles: c.Profiles, Fingerprint: c.Fingerprint, Running: c.Running,
		Since: c.Since, PasswordSet: c.PasswordSet, Mode: Mode(c.Mode), Role: c.Role, Levels: c.Levels,
		Display: Display{Ready: c.Display, Reason: c.Reason}, Problem: c.Problem, Trouble: c.Trouble, MaxSessions: c.MaxSessions, Waiting: c.Waiting,
	}
	if r := c.Refused; r != nil {
		s.Refused = &Refusal{Reason: Reason(r.Reason), User: r.User, From: r.From, At: r.At}
	}
	for _, p := range c.Protected {
		s.Protected = append(s.Protected, Scope(p))
	}
	for _, g := range c.Sessions {
		s.Sessions = append(s.Sessions, Session{
			ID: g.ID, User: g.User, Computer: g.Computer, From: g.From, Role: g.Role, Level: g.Level, Activity: g.Activity,
			MayControl: g.MayControl, Since: g.Since, Lost: g.Lost, Until: g.Until, Idle: g.Idle, Ends: g.Ends,
		})
	}
	return s
}
