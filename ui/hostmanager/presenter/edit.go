package presenter

import (
	"errors"
	"path/filepath"
	"slices"

	"impero/core/config"
	"impero/core/store"
	"impero/ui/shell/phrase"
)

// SetValue gives an attribute of the selected element a value; one that names the element renames it. A value that is not
// right stays and is told in the messages; a name that cannot be given does not, and trouble says why.
func (m *Manager) SetValue(attribute, value string) (trouble phrase.Phrase) {
	kind := m.Kind()
	if kind == nil || !m.Editable() || m.Off(attribute) {
		return phrase.Phrase{}
	}
	if kind.Label == attribute {
		return m.rename(value)
	}
	if a := kind.Attribute(attribute); a.Kind != config.Secret {
		if now, err := m.doc.Get(m.selected, attribute); err != nil || now == value {
			return phrase.Phrase{}
		}
	}
	delete(m.theirs, rowKey{m.selected, attribute}) // who sets it again has seen the other value
	_, err := m.run(setStep{m.selected, attribute, value})
	return troubleWords(err)
}

// SetPassword sets the password of a Secret, or removes it if it is empty.
func (m *Manager) SetPassword(attribute, password string) phrase.Phrase {
	return m.SetValue(attribute, config.Typed(password))
}

func (m *Manager) rename(label string) phrase.Phrase {
	if _, now := m.selected.Last(); now == label {
		return phrase.Phrase{}
	}
	attribute := m.row
	p, err := m.run(renameStep{m.selected, label})
	if err == nil {
		m.GoTo(p, attribute)
	}
	return troubleWords(err)
}

// Make makes a new element and selects it.
func (m *Manager) Make(n Makeable) phrase.Phrase {
	if !n.Reason.Empty() {
		return n.Reason
	}
	m.open[n.Parent] = true
	_, err := m.run(makeStep{n.Parent, n.Kind.XML})
	return troubleWords(err)
}

// Delete takes the selected element out, with what is below it.
func (m *Manager) Delete() phrase.Phrase {
	if kind := m.Kind(); kind == nil || !kind.Repeats() {
		return phrase.Phrase{}
	}
	_, name := m.selected.Last()
	next := m.neighbour(m.selected)
	_, err := m.run(deleteStep{m.selected})
	if err == nil {
		m.Select(next)
		m.view.Notice(phrase.With("{{.Name}} is deleted once you apply it. Undo takes it back.", phrase.Args{"Name": name}))
	}
	return troubleWords(err)
}

// neighbour is what is selected once an element is gone: the next of its kind, else the one before, else what they are in.
func (m *Manager) neighbour(p config.Path) config.Path {
	all := m.doc.Children(p.Parent())
	at := slices.Index(all, p)
	for _, i := range []int{at + 1, at - 1} {
		if at >= 0 && i >= 0 && i < len(all) && kindOf(all[i]) == kindOf(p) {
			return all[i]
		}
	}
	return p.Parent()
}

// Copy makes a new element like the selected one and selects it; passwords are not copied.
func (m *Manager) Copy() phrase.Phrase {
	if kind := m.Kind(); kind == nil || !kind.Repeats() {
		return phrase.Phrase{}
	}
	_, err := m.run(copyStep{m.selected})
	return troubleWords(err)
}

// Import makes the text of a file the configuration, as one step.
func (m *Manager) Import(path string) phrase.Phrase {
	text, err := store.ReadFile(path, config.MaxFile)
	if err == nil {
		_, err = m.run(importStep{text})
	}
	if err != nil {
		return phrase.With("{{.File}} was not imported: {{.Reason}}", phrase.Args{"File": filepath.Base(path), "Reason": reasonWords(err)})
	}
	m.say(Info, phrase.With("{{.File}} was imported. Nothing is changed on the Host until you apply it.", phrase.Args{"File": filepath.Base(path)}), "", "")
	m.view.Show(PartMessages)
	return phrase.Phrase{}
}

// Export writes the configuration with the waiting changes to a file, without any password.
func (m *Manager) Export(path string) phrase.Phrase {
	if m.doc == nil {
		return phrase.New("No configuration is loaded.")
	}
	if err := store.WriteFile(path, m.doc.Export(), store.PrivateFile); err != nil {
		return phrase.With("{{.File}} was not written: {{.Reason}}", phrase.Args{"File": filepath.Base(path), "Reason": err.Error()})
	}
	m.say(Good, phrase.With("Exported to {{.File}}, without passwords.", phrase.Args{"File": path}), "", "")
	m.view.Show(PartMessages)
	return phrase.Phrase{}
}

// troubleWords says why a step could not be done; empty for nil.
func troubleWords(err error) phrase.Phrase {
	var taken *config.TakenError
	var fault *config.Fault
	switch {
	case err == nil:
		return phrase.Phrase{}
	case errors.As(err, &taken):
		return phrase.With("Another one is called \"{{.Value}}\" already. Give it another name.", phrase.Args{"Value": taken.Label})
	case errors.As(err, &fault):
		return MessageWords(fault.Message)
	case errors.Is(err, config.ErrTooMany):
		return phrase.New("There are as many as there may be.")
	case errors.Is(err, config.ErrTooLong):
		return phrase.New("The value is too long.")
	case errors.Is(err, config.ErrNoElement):
		return phrase.New("The element is not there any more.")
	case errors.Is(err, ErrNotAllowed):
		return phrase.New("The configuration cannot be changed now.")
	}
	return phrase.Plain(err.Error())
}

// reasonWords is why a file could not be read, for the end of a sentence.
func reasonWords(err error) phrase.Phrase {
	var syntax *config.SyntaxError
	if errors.As(err, &syntax) {
		return phrase.Plain(syntax.Error())
	}
	return troubleWords(err)
}

// MessageWords makes a phrase of a message of core/config.
func MessageWords(m config.Message) phrase.Phrase {
	args := phrase.Args{}
	for name, value := range m.Args {
		switch v := value.(type) {
		case config.Key:
			args[name] = key(string(v))
		case config.Keys:
			args[name] = v.String()
		default:
			args[name] = value
		}
	}
	return phrase.Phrase{Key: m.Key, Args: args}
}

// key makes a phrase of a text key of the table.
func key(k string) phrase.Phrase { return phrase.Phrase{Key: k} }
