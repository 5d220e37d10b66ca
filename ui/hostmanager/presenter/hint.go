package presenter

import (
	"impero/core/config"
	"impero/ui/shell/phrase"
)

// Hint is what is told of the selected attribute, or of the element if none is.
type Hint struct {
	Title phrase.Phrase
	Text  phrase.Phrase // what it does, or what is wrong with it
	Wrong bool
	// Facts are what is allowed, the default and the effect.
	Facts []phrase.Phrase
}

// Hint gives what stands under the table.
func (m *Manager) Hint() Hint {
	kind := m.Kind()
	if kind == nil {
		return Hint{}
	}
	i := m.SelectedRow()
	if i < 0 {
		return Hint{Title: nodeName(m.selected, kind), Text: key(kind.Help)}
	}
	r := m.rows[i]
	h := Hint{Title: r.Name, Text: key(r.Attribute.Help), Facts: facts(&r)}
	if f := m.wrong[rowKey{m.selected, r.Attribute.XML}]; f != nil {
		h.Text, h.Wrong = MessageWords(f.Message), true
	}
	if !r.Doubt.Empty() && !h.Wrong {
		h.Text = r.Doubt
	}
	if r.Clash && !h.Wrong {
		for _, c := range m.clashes {
			if changed(c) == (rowKey{m.selected, r.Attribute.XML}) {
				h.Text = m.clashWords(c)
			}
		}
	}
	if !r.Off.Empty() {
		h.Facts = []phrase.Phrase{r.Off}
	}
	return h
}

// HintOf is Hint while a value is typed that is not set yet.
func (m *Manager) HintOf(value string) Hint {
	h, i := m.Hint(), m.SelectedRow()
	if i < 0 || m.rows[i].Attribute.Kind == config.Secret {
		return h
	}
	a := m.rows[i].Attribute
	h.Text, h.Wrong = key(a.Help), false
	if wrong := a.Check(value); wrong != nil {
		h.Text, h.Wrong = MessageWords(*wrong), true
	}
	return h
}

func facts(r *Row) []phrase.Phrase {
	list := []phrase.Phrase{allowed(r.Attribute)}
	if r.Attribute.Kind != config.Secret && r.Default.Key != none.Key {
		list = append(list, phrase.With("default {{.Value}}", phrase.Args{"Value": r.Default}))
	}
	return append(list, effectWords(r.Attribute.Effect))
}

func effectWords(e config.Effect) phrase.Phrase {
	switch e {
	case config.Now:
		return phrase.New("takes effect at once")
	case config.NextLogon:
		return phrase.New("takes effect at the next logon")
	case config.RestartsCommunication:
		return phrase.New("applying it restarts communication")
	}
	return phrase.New("takes effect when the Host restarts")
}

// allowed says which values an attribute can have.
func allowed(a *config.Attribute) phrase.Phrase {
	switch a.Kind {
	case config.Switch, config.Choice, config.Permission:
		return choices(a)
	case config.List:
		return phrase.New("Any of a list")
	case config.Integer:
		if a.Unit != "" {
			return phrase.With("A whole number from {{.Min}} to {{.Max}} {{.Unit}}", phrase.Args{"Min": a.Min, "Max": a.Max, "Unit": key(a.Unit)})
		}
		return phrase.With("A whole number from {{.Min}} to {{.Max}}", phrase.Args{"Min": a.Min, "Max": a.Max})
	case config.Secret:
		return phrase.With("At most {{.Max}} characters, kept so that nobody can read it", phrase.Args{"Max": a.Max})
	case config.RoleName:
		return phrase.New("One of the roles")
	case config.FilePath:
		return phrase.New("A whole path, or empty for the usual place")
	case config.Address:
		return formed(phrase.New("An IP address or DNS name"), a)
	case config.URL:
		return formed(phrase.New("An https address"), a)
	case config.Network:
		return formed(phrase.New("An IP address, prefix or MAC address"), a)
	case config.Ports:
		return formed(phrase.New("A port, or a range of ports"), a)
	}
	return formed(phrase.With("{{.Min}} to {{.Max}} characters", phrase.Args{"Min": a.Min, "Max": a.Max}), a)
}

// choices names the values of a choice that can be chosen.
func choices(a *config.Attribute) phrase.Phrase {
	var names []phrase.Phrase
	for _, v := range a.Values {
		if v.Waits == "" {
			names = append(names, key(v.Name))
		}
	}
	last := len(names) - 1
	if last < 1 {
		return Commas(names)
	}
	return phrase.With("{{.First}} or {{.Last}}", phrase.Args{"First": Commas(names[:last]), "Last": names[last]})
}

func formed(what phrase.Phrase, a *config.Attribute) phrase.Phrase {
	if a.Hint == "" {
		return what
	}
	return phrase.With("{{.What}}, as in {{.Hint}}", phrase.Args{"What": what, "Hint": a.Hint})
}
