// Package level puts the encryption levels of the guide into words for people:
// what each is called, what it means, and how grave that is. It is pure and
// knows levels by the guide's names, as the engines give them.
package level

import (
	"slices"

	"impero/ui/shell/phrase"
)

// Strength is how much a level encrypts. Logon and control are encrypted at
// every level.
type Strength uint8

// The strengths, from the strongest.
const (
	Full    Strength = iota + 1 // everything
	Part                        // keyboard and mouse, not the screen
	Nothing                     // neither
)

// Level is an encryption level in words.
type Level struct {
	Name     phrase.Phrase
	Line     phrase.Phrase // the name and what it means, as one line
	Note     phrase.Phrase // what it means, beside the name
	Strength Strength
}

// twofold is the level whose name has an "and".
const twofold = "Data integrity and keyboard"

// Default are the names of the levels that are allowed where nobody chose any.
func Default() []string { return []string{"Very high", "High"} }

// Of gives the level with a name of the guide. One that is not known counts as
// one without encryption.
func Of(name string) Level {
	switch name {
	case "Very high":
		return Level{phrase.New("Very high"), phrase.New("Very high: everything encrypted with 256-bit keys"),
			phrase.New("Everything, with 256-bit keys"), Full}
	case "High":
		return Level{phrase.New("High"), phrase.New("High: everything encrypted, screen and data with 128-bit keys"),
			phrase.New("Everything, screen and data with 128-bit keys"), Full}
	case "Data integrity and keyboard":
		return Level{phrase.New("Data integrity and keyboard"),
			phrase.New("Data integrity and keyboard: screen and data can be read on the way, not changed"),
			phrase.New("Screen and data can be read, not changed"), Part}
	case "Keyboard":
		return Level{phrase.New("Keyboard"), phrase.New("Keyboard: screen and data can be read and changed on the way"),
			phrase.New("Screen and data can be read and changed"), Part}
	case "Data integrity":
		return Level{phrase.New("Data integrity"),
			phrase.New("Data integrity: everything but the logon can be read on the way, not changed"),
			phrase.New("All but the logon can be read, not changed"), Nothing}
	case "No encryption":
		return Level{phrase.New("No encryption"), phrase.New("No encryption: everything but the logon can be read and changed on the way"),
			phrase.New("All but the logon can be read and changed"), Nothing}
	case "Netop 6.5 compatible":
		return Level{Name: phrase.Plain(name), Line: phrase.Plain(name),
			Note: phrase.New("Not offered: its algorithm is proprietary and weak"), Strength: Nothing}
	}
	return Level{Name: phrase.Plain(name), Line: phrase.With("Encryption: {{.Level}}", phrase.Args{"Level": name}), Note: phrase.Plain(name), Strength: Nothing}
}

// order is the guide's levels, the strongest first.
func order() []string {
	return []string{"Very high", "High", "Data integrity and keyboard", "Keyboard", "Data integrity", "No encryption"}
}

// Weakest gives the weakest of some levels, and whether there is one. One that
// is not known is weaker than all.
func Weakest(names []string) (weakest Level, ok bool) {
	least := -1
	for _, name := range names {
		rank := slices.Index(order(), name)
		if rank < 0 {
			rank = len(order())
		}
		if rank > least {
			least, weakest = rank, Of(name)
		}
	}
	return weakest, least >= 0
}

// Weak gives those that do not encrypt everything.
func Weak(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return Of(name).Strength == Full })
}

// List says the names: "Very high, High and Keyboard"; with commas alone where a
// name has an "and" of its own.
func List(names []string) phrase.Phrase {
	if len(names) == 0 {
		return phrase.Plain("–")
	}
	return list(names, slices.Contains(names, twofold))
}

func list(names []string, commas bool) phrase.Phrase {
	first := Of(names[0]).Name
	switch n := len(names); {
	case n == 1:
		return first
	case n == 2 && !commas:
		return phrase.With("{{.First}} and {{.Last}}", phrase.Args{"First": first, "Last": Of(names[1]).Name})
	}
	return phrase.With("{{.First}}, {{.Rest}}", phrase.Args{"First": first, "Rest": list(names[1:], commas)})
}
