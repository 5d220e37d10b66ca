package presenter

import (
	"errors"

	"impero/ui/shell/phrase"
)

// goneWords says why nothing answers and what to do.
func goneWords(err error, place Place) phrase.Phrase {
	var gone *GoneError
	switch {
	case errors.As(err, &gone):
		return gone.Reason
	case place.Start != "":
		return phrase.With("The Host service is not running, so nothing can be changed. Start it with {{.Command}}.", phrase.Args{"Command": place.Start})
	case errors.Is(err, ErrGone):
		return phrase.New("The Host service is not running, so nothing can be changed.")
	}
	return phrase.With("The configuration cannot be reached: {{.Reason}}", phrase.Args{"Reason": err.Error()})
}

// deniedWords says what was wrong with an account, or with the maintenance password.
func deniedWords(e *DeniedError, maintenance bool) phrase.Phrase {
	wrong := phrase.New("User or password is wrong.")
	if maintenance {
		wrong = phrase.New("The maintenance password is wrong.")
	}
	switch {
	case !e.Until.IsZero():
		return phrase.With("No logon is accepted until {{.Time}}, after too many wrong tries.", phrase.Args{"Time": e.Until.Format("15:04")})
	case e.Left >= 0:
		left := phrase.Count("{{.Count}} attempts left.", e.Left, nil)
		return phrase.With("{{.What}} {{.Then}}", phrase.Args{"What": wrong, "Then": left})
	}
	return wrong
}

// Status says how things are, for the left of the status bar.
func (m *Manager) Status() []phrase.Phrase {
	var list []phrase.Phrase
	switch {
	case m.phase == Connecting:
		list = append(list, phrase.New("Looking for the configuration…"))
	case m.phase == Gone && m.next.IsZero():
		list = append(list, phrase.New("The configuration is out of reach"))
	case m.phase == Gone:
		list = append(list, phrase.With("The configuration is out of reach; next try at {{.Time}}", phrase.Args{"Time": m.next.Format("15:04:05")}))
	default:
		list = append(list, m.place.Service)
	}
	if n := len(m.faults); n > 0 {
		list = append(list, phrase.Count("{{.Count}} errors", n, nil))
	}
	if n := len(m.changes); n > 0 {
		list = append(list, phrase.Count("{{.Count}} changes waiting", n, nil))
	}
	return list
}

// ApplyWords is what the button in the toolbar says.
func (m *Manager) ApplyWords() phrase.Phrase {
	if n := len(m.changes); n > 0 {
		return phrase.Count("Apply {{.Count}} changes…", n, nil)
	}
	return phrase.New("Apply…")
}
