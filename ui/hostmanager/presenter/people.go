package presenter

import (
	"context"

	"impero/core/config"
	"impero/ui/shell/phrase"
)

// presence is what is known of an account's or group's name.
type presence uint8

const (
	asked   presence = 1
	there   presence = 2
	missing presence = 3
)

// systemName gives the name of a system's account or group that an attribute holds; none for other attributes, and where it
// is empty.
func systemName(kind *config.Element, a *config.Attribute, value string) SystemName {
	switch kind.XML + "." + a.XML {
	case "User.Name", "DomainUser.Name", "ConfigurationAccess.Account":
		return SystemName{Name: value}
	case "Group.Name", "ConfigurationAccess.Group":
		return SystemName{Name: value, Group: value != ""}
	}
	return SystemName{}
}

// doubts gives the changes that name an account or group that the Host's computer does not have.
func (m *Manager) doubts() []config.Change {
	var list []config.Change
	for _, c := range m.changes {
		if n := nameIn(c); n.Name != "" && m.people[n] == missing {
			list = append(list, c)
		}
	}
	return list
}

// nameIn gives the name that a change sets.
func nameIn(c config.Change) SystemName {
	a := c.Attribute
	if c.Kind == config.Made {
		a = c.Element.Attribute(c.Element.Label)
	}
	if a == nil {
		return SystemName{}
	}
	return systemName(c.Element, a, c.New)
}

// askForPeople looks up the names that are shown, and those that wait to be applied.
func (m *Manager) askForPeople() {
	var names []SystemName
	ask := func(n SystemName) {
		if n.Name != "" && m.people[n] == 0 && m.phase == Ready {
			m.people[n] = asked
			names = append(names, n)
		}
	}
	for _, r := range m.rows {
		ask(systemName(m.Kind(), r.Attribute, r.Raw))
	}
	for _, c := range m.changes {
		ask(nameIn(c))
	}
	if len(names) == 0 {
		return
	}
	if !m.do(func(ctx context.Context) {
		gone, err := m.backend.Missing(ctx, names)
		m.o.Post(func() { m.answered(names, gone, err) })
	}) {
		m.answered(names, nil, context.Canceled)
	}
}

func (m *Manager) answered(names, gone []SystemName, err error) {
	for _, n := range names {
		m.people[n] = there
		if err != nil {
			delete(m.people, n) // it is asked for again
		}
	}
	for _, n := range gone {
		m.people[n] = missing
	}
	if len(gone) > 0 {
		m.fillRows()
		m.stand()
		m.view.Show(PartTable | PartMessages)
	}
}

// missingWords say of a name that nobody has it. That is no error: it may be made later, or come with a directory.
func missingWords(n SystemName) phrase.Phrase {
	if n.Group {
		return phrase.With("This computer knows no group called {{.Name}}. Check the spelling; it has no effect until there is one.", phrase.Args{"Name": n.Name})
	}
	return phrase.With("This computer knows no account called {{.Name}}. Check the spelling; it has no effect until there is one.", phrase.Args{"Name": n.Name})
}
