package presenter

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"impero/core/guest"
	"impero/ui/shell/level"
	"impero/ui/shell/phrase"
)

// ProfileForm is a communication profile while it is edited. The view writes
// Name, Port and Preferred; levels change through Allow.
type ProfileForm struct {
	Name, Port string
	Preferred  string // a name of Allowed

	desk    *Desk
	old     guest.Profile // its name is empty for a new one
	allowed map[string]bool
}

// LevelChoice is an encryption level to tick.
type LevelChoice struct {
	ID      string // the guide's name
	Level   level.Level
	Offered bool // it can be ticked; else Level.Note says why not
	Allowed bool
}

// EditProfile begins to edit a profile; an empty name begins a new one. It gives
// nil if the profile is gone.
func (d *Desk) EditProfile(name string) *ProfileForm {
	p := guest.Profile{Port: guest.DefaultPort, Levels: level.Default(), Preferred: level.Default()[0]}
	if name != "" {
		var ok bool
		if p, ok = d.profile(name); !ok {
			return nil
		}
	}
	f := &ProfileForm{Name: p.Name, Port: strconv.Itoa(p.Port), Preferred: p.Preferred, desk: d, old: p, allowed: map[string]bool{}}
	for _, l := range p.Levels {
		f.allowed[l] = true
	}
	return f
}

// New tells that the profile is not there yet.
func (f *ProfileForm) New() bool { return f.old.Name == "" }

// Fixed tells that the name cannot be changed.
func (f *ProfileForm) Fixed() bool { return f.old.Name == guest.ProfileInternet }

// Levels lists all encryption levels of the guide.
func (f *ProfileForm) Levels() []LevelChoice {
	var list []LevelChoice
	for _, l := range guest.Levels() {
		list = append(list, LevelChoice{ID: l.Name, Level: level.Of(l.Name), Offered: l.Reason == "", Allowed: f.allowed[l.Name]})
	}
	return list
}

// Allowed lists the levels that are ticked, in the order of Levels.
func (f *ProfileForm) Allowed() []string {
	var names []string
	for _, l := range f.Levels() {
		if l.Allowed {
			names = append(names, l.ID)
		}
	}
	return names
}

// Allow ticks a level or clears it. If the preferred level goes, the strongest
// takes its place.
func (f *ProfileForm) Allow(id string, on bool) {
	f.allowed[id] = on
	if names := f.Allowed(); !slices.Contains(names, f.Preferred) {
		f.Preferred = ""
		if len(names) > 0 {
			f.Preferred = names[0]
		}
	}
}

// NameError says what is wrong with the name.
func (f *ProfileForm) NameError() phrase.Phrase {
	name := strings.TrimSpace(f.Name)
	_, taken := f.desk.profile(name)
	switch {
	case name == "":
		return phrase.New("Give the profile a name.")
	case len([]rune(name)) > guest.MaxProfileName:
		return phrase.With("Use at most {{.Most}} characters.", phrase.Args{"Most": guest.MaxProfileName})
	case strings.ContainsFunc(name, unicode.IsControl):
		return phrase.New("Use letters, digits, signs and spaces.")
	case taken && name != f.old.Name:
		return phrase.New("Another profile has this name.")
	}
	return phrase.Phrase{}
}

// PortError says what is wrong with the port.
func (f *ProfileForm) PortError() phrase.Phrase {
	port := strings.TrimSpace(f.Port)
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return portWords(port)
	}
	return phrase.Phrase{}
}

// LevelsError says what is wrong with the levels.
func (f *ProfileForm) LevelsError() phrase.Phrase {
	if len(f.Allowed()) == 0 {
		return phrase.New("Allow at least one level, or no Host can be reached.")
	}
	return phrase.Phrase{}
}

// Warning says what the levels give up, empty if nothing.
func (f *ProfileForm) Warning() phrase.Phrase {
	weak := level.Weak(f.Allowed())
	weakest, ok := level.Weakest(weak)
	switch {
	case !ok:
		return phrase.Phrase{}
	case weakest.Strength == level.Nothing:
		return phrase.With("With {{.Levels}} others on the way can read the screen and what is typed, passwords too.", phrase.Args{"Levels": level.List(nothing(weak))})
	}
	return phrase.With("With {{.Levels}} others on the way can read the screen.", phrase.Args{"Levels": level.List(weak)})
}

// nothing gives the levels that encrypt neither keyboard nor screen.
func nothing(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return level.Of(name).Strength != level.Nothing })
}

// Risk names the levels that encrypt neither keyboard nor screen and were not
// allowed before: they are to be confirmed. Empty if there are none.
func (f *ProfileForm) Risk() phrase.Phrase {
	var added []string
	for _, name := range nothing(f.Allowed()) {
		if f.New() || !slices.Contains(f.old.Levels, name) {
			added = append(added, name)
		}
	}
	if len(added) == 0 {
		return phrase.Phrase{}
	}
	return level.List(added)
}

// Save keeps the profile. The phrase says what went wrong.
func (f *ProfileForm) Save() phrase.Phrase {
	port, _ := strconv.Atoi(strings.TrimSpace(f.Port)) // 0 is refused
	p := guest.Profile{Name: strings.TrimSpace(f.Name), Port: port, Levels: f.Allowed(), Preferred: f.Preferred}
	if err := f.desk.engine.SaveProfile(f.old.Name, p); err != nil {
		var wrong *guest.ProfileError
		if errors.As(err, &wrong) {
			err = errors.New(wrong.Why)
		}
		return phrase.With("The profile was not saved: {{.Reason}}", phrase.Args{"Reason": err.Error()})
	}
	f.Name = p.Name
	f.desk.past++
	f.desk.Say(phrase.With("The profile {{.Profile}} is saved. It counts from the next connection on.", phrase.Args{"Profile": p.Name}))
	return phrase.Phrase{}
}
