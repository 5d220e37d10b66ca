// Package role holds what a Guest may do at a Host: permissions, roles, and how several roles combine. It is pure;
// values are immutable and safe to share. The zero Role allows nothing and has nobody confirm.
package role

import (
	"maps"
	"slices"
)

// Answer is what one role says of one permission. Values are part of stored roles.
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
	confirm Confirm
}

// New makes a role that allows the given permissions and says nothing of others.
func New(name string, allow ...Permission) Role {
	r := Role{Name: name, answers: make(map[Permission]Answer, len(allow))}
	for _, p := range allow {
		r.answers[p] = Allow
	}
	return r
}

// Of makes a role of what it answers.
func Of(name string, answers map[Permission]Answer, c Confirm) Role {
	return Role{Name: name, answers: maps.Clone(answers), confirm: c}
}

// FullControl is the built-in role that allows everything there is.
func FullControl() Role { return New("Full control", Permissions()...) }

// ViewOnly is the built-in role that lets see and not touch.
func ViewOnly() Role { return New("View only", SeeScreen) }

// ByName gives the role of that name, one of the custom ones or else a built-in one, and whether there is one.
func ByName(name string, custom ...Role) (Role, bool) {
	for _, r := range append(slices.Clone(custom), FullControl(), ViewOnly()) {
		if r.Name == name {
			return r, true
		}
	}
	return Role{}, false
}

// Deny gives a copy of r that also denies p.
func (r Role) Deny(p Permission) Role {
	c := Role{Name: r.Name, answers: make(map[Permission]Answer, len(r.answers)+1), confirm: r.confirm}
	maps.Copy(c.answers, r.answers)
	c.answers[p] = Deny
	return c
}

// Only gives a role of that name with what r allows among the given permissions, and nothing else.
func (r Role) Only(name string, among ...Permission) Role {
	return New(name, slices.DeleteFunc(slices.Clone(among), func(p Permission) bool { return !r.Allows(p) })...).Confirmed(r.confirm)
}

// Confirmed gives a copy of r that has the Host's user asked as c says.
func (r Role) Confirmed(c Confirm) Role {
	r.confirm = c
	return r
}

// Confirm says when the Host's user is asked.
func (r Role) Confirm() Confirm { return r.confirm }

// Answer is what r says of p.
func (r Role) Answer(p Permission) Answer { return r.answers[p] }

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

// Combine joins roles into one: a deny wins, then an allow, and nothing said means no. The strictest Confirm counts.
func Combine(name string, roles ...Role) Role {
	c := Role{Name: name, answers: map[Permission]Answer{}}
	for _, r := range roles {
		for p, a := range r.answers {
			c.answers[p] = max(c.answers[p], a)
		}
		c.confirm = max(c.confirm, r.confirm)
	}
	return c
}
