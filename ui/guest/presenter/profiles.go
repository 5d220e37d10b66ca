package presenter

import (
	"strconv"

	"impero/core/guest"
	"impero/ui/shell/level"
	"impero/ui/shell/phrase"
)

// ProfileRow is a communication profile in a list.
type ProfileRow struct {
	Name      string
	Fixed     bool // it can be changed, not deleted
	Port      string
	Levels    phrase.Phrase // those it allows
	Weakest   level.Level
	Preferred phrase.Phrase
	Used      int // Hosts of the past that were reached by it
}

// Profiles lists the communication profiles, the default one first.
func (d *Desk) Profiles() []ProfileRow {
	used := map[string]int{}
	for _, r := range d.rows(d.engine.Recent()) {
		used[r.Profile]++
	}
	var rows []ProfileRow
	for _, p := range d.engine.Profiles() {
		weakest, _ := level.Weakest(p.Levels)
		rows = append(rows, ProfileRow{
			Name: p.Name, Fixed: p.Name == guest.ProfileInternet, Port: strconv.Itoa(p.Port),
			Levels: level.List(sorted(p.Levels)), Weakest: weakest, Preferred: level.Of(p.Preferred).Name, Used: used[p.Name],
		})
	}
	return rows
}

// sorted gives levels in the order of the guide's list.
func sorted(names []string) []string {
	var list []string
	for _, l := range guest.Levels() {
		for _, name := range names {
			if name == l.Name {
				list = append(list, name)
			}
		}
	}
	return list
}

// ProfileNames lists the names of the communication profiles.
func (d *Desk) ProfileNames() []string {
	var names []string
	for _, p := range d.engine.Profiles() {
		names = append(names, p.Name)
	}
	return names
}

// profile finds a communication profile.
func (d *Desk) profile(name string) (guest.Profile, bool) {
	for _, p := range d.engine.Profiles() {
		if p.Name == name {
			return p, true
		}
	}
	return guest.Profile{}, false
}

// FirstProfile is the one to offer first: that of the last session, if it is
// still there.
func (d *Desk) FirstProfile() string {
	if recent := d.engine.Recent(); len(recent) > 0 {
		if _, ok := d.profile(recent[0].Target.Profile); ok {
			return recent[0].Target.Profile
		}
	}
	return guest.ProfileInternet
}

// ProfileFor is the profile to use for a Host of the past: its own, or the
// default one if that is gone, which is said.
func (d *Desk) ProfileFor(row RecentRow) string {
	if row.Gone {
		d.Say(phrase.With("The profile {{.Profile}} no longer exists, so {{.Host}} uses {{.Default}} now.",
			phrase.Args{"Profile": row.Profile, "Host": row.Host, "Default": guest.ProfileInternet}))
		return guest.ProfileInternet
	}
	return row.Profile
}

// typed is a Host as it is typed with its profile: with the port only where the
// profile has another.
func (d *Desk) typed(t guest.Target) string {
	if p, ok := d.profile(t.Profile); ok {
		return t.Short(p.Port)
	}
	return t.String()
}

// DeleteProfile deletes a profile. The phrase says what went wrong.
func (d *Desk) DeleteProfile(row ProfileRow) phrase.Phrase {
	if err := d.engine.DeleteProfile(row.Name); err != nil {
		return phrase.With("The profile was not deleted: {{.Reason}}", phrase.Args{"Reason": err.Error()})
	}
	d.past++
	said := phrase.With("The profile {{.Profile}} is deleted.", phrase.Args{"Profile": row.Name})
	if row.Used > 0 {
		said = phrase.Count("The profile {{.Profile}} is deleted; {{.Count}} Hosts use {{.Default}} now.", row.Used,
			phrase.Args{"Profile": row.Name, "Default": guest.ProfileInternet})
	}
	d.Say(said)
	return phrase.Phrase{}
}
