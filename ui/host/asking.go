package host

import (
	"time"

	"impero/core/role"
	"impero/core/seam"
	"impero/ui/shell/phrase"
)

// Question is what the user is asked about a Guest, in words.
type Question struct {
	Title   phrase.Phrase
	Account phrase.Phrase
	From    phrase.Phrase
	May     phrase.Phrase
	Watch   bool // it could be let in only to watch
}

// Ask puts a question into words. It is pure.
func Ask(q *seam.Ask) Question {
	sees, controls := has(q, role.SeeScreen), has(q, role.UseKeyboardMouse)
	args := phrase.Args{"Guest": guestName(q.User, q.Computer, q.From), "Account": clean(q.User), "Address": address(q.From), "Computer": clean(q.Computer)}
	a := Question{
		Title:   phrase.With("Let {{.Guest}} connect to this computer?", args),
		Account: phrase.New("Impero password (checked by this Host)"),
		From:    phrase.Plain(address(q.From)),
		May:     phrase.New("Neither see nor control this computer"),
		Watch:   sees && len(q.Permissions) > 1,
	}
	if q.User != "" {
		a.Account = phrase.With("{{.Account}} (checked by this Host)", args)
	}
	if args["Computer"] != "" {
		a.From = phrase.With("{{.Address}}, calls itself {{.Computer}}", args)
	}
	switch {
	case sees && controls:
		a.Title = phrase.With("Let {{.Guest}} see and control this computer?", args)
		a.May = phrase.New("See the screen, use keyboard and mouse")
	case sees:
		a.Title = phrase.With("Let {{.Guest}} see this computer?", args)
		a.May = phrase.New("See the screen")
	}
	return a
}

func has(q *seam.Ask, p role.Permission) bool {
	for _, x := range q.Permissions {
		if role.Permission(x) == p {
			return true
		}
	}
	return false
}

// Countdown says when a question answers itself, and how much of its time is left, from 1 to 0.
func Countdown(limit, past time.Duration) (words phrase.Phrase, left float64) {
	rest := max(limit-past, 0)
	seconds := int((rest + time.Second - 1) / time.Second)
	words = phrase.Count("Refused by itself in {{.Count}} seconds", seconds, nil)
	if limit <= 0 {
		return words, 0
	}
	return words, float64(rest) / float64(limit)
}

// Watched says who sees the screen: a few words for the strip.
func Watched(list []seam.Watcher) phrase.Phrase {
	controls := 0
	for _, w := range list {
		if w.Controls {
			controls++
		}
	}
	switch n := len(list); {
	case n == 0:
		return phrase.Phrase{}
	case n == 1 && controls == 1:
		return phrase.With("{{.Guest}} sees and controls this computer", phrase.Args{"Guest": clean(list[0].Name)})
	case n == 1:
		return phrase.With("{{.Guest}} sees this computer", phrase.Args{"Guest": clean(list[0].Name)})
	case controls == n:
		return phrase.With("{{.Count}} Guests see and control this computer", phrase.Args{"Count": n})
	default:
		return phrase.With("{{.Count}} Guests see this computer", phrase.Args{"Count": n})
	}
}

// Told puts a notice into words.
func Told(n *seam.Notice) phrase.Phrase {
	args := phrase.Args{"Guest": clean(n.Name), "Address": address(n.From)}
	if n.Phase == seam.PhaseBefore {
		return phrase.With("{{.Guest}} connects from {{.Address}}.", args)
	}
	args["Minutes"] = int((n.Seconds + 59) / 60)
	return phrase.With("{{.Guest}} has gone, after {{.Minutes}} min.", args)
}
