// Package role holds what a Guest may do at a Host: permissions, roles, and how several roles combine. It is pure;
// values are immutable and safe to share. The zero Role allows nothing.
package role

import "slices"

// Permission is one thing a role allows or denies. Values are part of the wire protocol and of stored roles.
type Permission uint16

const (
	SeeScreen        Permission = 1 // remote control: see the Host's screen
	UseKeyboardMouse Permission = 2 // remote control: use the Host's keyboard and mouse
)

// Answer is what one role says of one permission.
type Answer uint8

const (
	Nothing Answer = 0
	Allow   Answer = 1
	Deny    Answer = 2
)

// Role is a named set of answers.
type Role struct {
	Name    string
	answers map[Permission]Answer
}

// New makes a role that allows the given permissions and says nothing of others.
func New(name string, allow ...Permission) Role {
	r := Role{Name: name, answers: make(map[Permission]Answer, len(allow))}
	for _, p := range allow {
		r.answers[p] = Allow
	}
	return r
}

// FullControl is the built-in role that allows everything there is.
func FullControl() Role { return New("Full control", SeeScreen, UseKeyboardMouse) }

// ViewOnly is the built-in role that lets see and not touch.
func ViewOnly() Role { return New("View only", SeeScreen) }

// ByName gives the built-in role of that name, and whether there is one.
func ByName(name string) (Role, bool) {
	for _, r := range []Role{FullControl(), ViewOnly()} {
		if r.Name == name {
			return r, true
		}
	}
	return Role{}, false
}

// Deny gives a copy of r that also denies p.
func (r Role) Deny(p Permission) Role {
	c := Role{Name: r.Name, answers: make(map[Permission]Answer, len(r.answers)+1)}
	for k, v := range r.answers {
		c.answers[k] = v
	}
	c.answers[p] = Deny
	return c
}

// Allows says whether r allows p. Nothing said and not known mean no.
func (r Role) Allows(p Permission) bool { return r.answers[p] == Allow }

// Allowed lists what r allows, in order of number.
func (r Role) Allowed() []Permission {
	var list []Permission
	for p, a := range r.answers {
		if a == Allow {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	return list
}

// Combine joins roles into one: a deny wins, then an allow, and nothing said means no.
func Combine(name string, roles ...Role) Role {
	c := Role{Name: name, answers: map[Permission]Answer{}}
	for _, r := range roles {
		for p, a := range r.answers {
			c.answers[p] = max(c.answers[p], a)
		}
	}
	return c
}
