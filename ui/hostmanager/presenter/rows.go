package presenter

import (
	"slices"

	"impero/core/config"
	"impero/ui/shell/phrase"
)

// Row is one attribute of the selected element.
type Row struct {
	Attribute *config.Attribute
	Name      phrase.Phrase
	Raw       string // the value as the file has it; empty for a Secret
	Value     phrase.Phrase
	Default   phrase.Phrase
	Effect    phrase.Phrase
	Differs   bool // from the default
	Waits     bool // the change is not applied
	Wrong     bool
	Clash     bool          // somebody else changed it too
	Doubt     phrase.Phrase // what may be wrong with it, and is no error; empty for nothing
	Off       phrase.Phrase // why it cannot be changed, such as having no effect yet; empty if it can
}

// none stands for an empty value.
var none = phrase.Plain("–")

func (m *Manager) fillRows() {
	m.rows = m.rows[:0]
	kind := m.Kind()
	if kind == nil {
		return
	}
	for _, a := range kind.Attributes {
		if r := m.rowOf(kind, a); !m.only || r.Differs || m.waiting.rows[rowKey{m.selected, a.XML}] {
			m.rows = append(m.rows, r)
		}
	}
	m.askForPeople()
}

func (m *Manager) rowOf(kind *config.Element, a *config.Attribute) Row {
	value, err := m.doc.Get(m.selected, a.XML)
	if err != nil {
		value = a.Default
	}
	r := Row{Attribute: a, Name: key(a.Name), Raw: value, Value: valueWords(a, value), Default: valueWords(a, a.Default), Effect: key(a.Effect.Name()),
		Differs: value != a.Default, Waits: m.waiting.made[m.selected] || m.waiting.rows[rowKey{m.selected, a.XML}],
		Wrong: m.wrong[rowKey{m.selected, a.XML}] != nil, Clash: m.clashing[rowKey{m.selected, a.XML}]}
	if a.Kind == config.Secret {
		r.Raw = ""
	}
	if n := systemName(kind, a, r.Raw); m.people[n] == missing {
		r.Doubt = missingWords(n)
	}
	for _, o := range m.base.Overruled {
		if o.Attribute == a.XML && o.Kinds == m.selected.Kinds() {
			r.Doubt = phrase.With("The Host was started with {{.Option}}, which goes before this: the value has no effect until it is started without.", phrase.Args{"Option": phrase.Plain(o.By)})
		}
	}
	r.Off = m.offWords(kind, a)
	return r
}

// Rows are the attributes to be listed. The slice is the Manager's, until the next Show.
func (m *Manager) Rows() []Row { return m.rows }

// Listed says whether an attribute of the selected element is among the Rows.
func (m *Manager) Listed(attribute string) bool {
	return slices.ContainsFunc(m.rows, func(r Row) bool { return r.Attribute.XML == attribute })
}

// Off says whether an attribute of the selected element cannot be changed.
func (m *Manager) Off(attribute string) bool {
	kind := m.Kind()
	a := kind.Attribute(attribute)
	return a == nil || !m.offWords(kind, a).Empty()
}

// offWords say why an attribute cannot be changed, whoever else may change the configuration; empty if it can.
func (m *Manager) offWords(kind *config.Element, a *config.Attribute) phrase.Phrase {
	switch {
	case a.XML == kind.Label:
	case a.Waits != "":
		return key(a.Waits)
	case a.Kind == config.FilePath && m.rights.Change && !m.rights.Paths:
		return phrase.New("Only root changes where the service writes its files. Ask an administrator who may be root on this computer.")
	}
	return phrase.Phrase{}
}

// SelectRow says which attribute the hint is about.
func (m *Manager) SelectRow(attribute string) {
	if attribute != m.row {
		m.row = attribute
		m.view.Show(PartTable)
	}
}

// SelectedRow gives the number of the row that the hint is about, -1 for none.
func (m *Manager) SelectedRow() int {
	return slices.IndexFunc(m.rows, func(r Row) bool { return r.Attribute.XML == m.row })
}

// ChangedOnly says whether only what differs from the default, or waits, is listed.
func (m *Manager) ChangedOnly() bool { return m.only }

// SetChangedOnly lists only what differs from the default, or waits; or everything.
func (m *Manager) SetChangedOnly(on bool) {
	m.only = on
	m.fillRows()
	m.view.Show(PartTable)
}

// Roles are the names that a RoleName can have.
func (m *Manager) Roles() []string {
	var names []string
	for _, p := range m.doc.Children(localPath + "/GuestUsers/Roles") {
		_, label := p.Last()
		names = append(names, label)
	}
	return names
}

// valueWords is a value as a person reads it.
func valueWords(a *config.Attribute, value string) phrase.Phrase {
	switch {
	case a.Kind == config.Secret && value == "":
		return phrase.New("Not set")
	case value == "":
		return none
	case a.Kind == config.List:
		return listWords(a, value)
	}
	if name, ok := a.Named(value); ok {
		return key(name)
	}
	return phrase.Plain(value)
}

func listWords(a *config.Attribute, value string) phrase.Phrase {
	var names []phrase.Phrase
	for _, v := range config.SplitList(value) {
		name := phrase.Plain(v)
		if k, ok := a.Named(v); ok {
			name = key(k)
		}
		names = append(names, name)
	}
	return Commas(names)
}

// Commas puts commas between phrases.
func Commas(list []phrase.Phrase) phrase.Phrase {
	if len(list) == 0 {
		return none
	}
	said := list[len(list)-1]
	for i := len(list) - 2; i >= 0; i-- {
		said = phrase.With("{{.First}}, {{.Rest}}", phrase.Args{"First": list[i], "Rest": said})
	}
	return said
}
