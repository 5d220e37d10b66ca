package presenter

import (
	"slices"
	"strconv"
	"time"

	"impero/core/config"
	"impero/ui/shell/phrase"
)

// Grade is how grave a message is.
type Grade uint8

// The grades.
const (
	Info    Grade = 1
	Good    Grade = 2
	Warning Grade = 3
	Wrong   Grade = 4
)

// Message is one line of the lower pane.
type Message struct {
	At    time.Time
	Grade Grade
	Text  phrase.Phrase
	// Where is the element in words; Path and Attribute lead to it. Path is empty if it is about none.
	Where     phrase.Phrase
	Path      config.Path
	Attribute string
	stands    string // names what it is about while it holds; empty for what has happened
}

// maxMessages bounds what has happened; what holds is bounded by config.MaxFaults.
const maxMessages = 500

// Messages are the lines of the lower pane, the newest first. The slice is the Manager's, until the next Show.
func (m *Manager) Messages() []Message { return m.log }

// ClearMessages takes away what has happened. What is still wrong or waits stays.
func (m *Manager) ClearMessages() {
	m.log = slices.DeleteFunc(m.log, func(l Message) bool { return l.stands == "" })
	m.view.Show(PartMessages)
}

// OpenMessage goes to what a message is about; it returns whether that is anywhere.
func (m *Manager) OpenMessage(i int) bool {
	if i < 0 || i >= len(m.log) || m.log[i].Path == "" || m.doc == nil {
		return false
	}
	if _, err := m.doc.Element(m.log[i].Path); err != nil {
		return false
	}
	m.GoTo(m.log[i].Path, m.log[i].Attribute)
	return true
}

func (m *Manager) say(g Grade, text phrase.Phrase, p config.Path, attribute string) {
	l := Message{At: m.o.Now(), Grade: g, Text: text, Path: p, Attribute: attribute}
	if p != "" {
		l.Where = m.where(p)
	}
	m.log = slices.Insert(m.log, 0, l)
	if len(m.log) > maxMessages+config.MaxFaults {
		m.log = m.log[:maxMessages+config.MaxFaults]
	}
}

// stand makes the messages true that hold as long as something is wrong or waits.
func (m *Manager) stand() {
	now := m.standing()
	holds := map[string]bool{}
	for _, l := range now {
		holds[l.stands] = true
	}
	m.log = slices.DeleteFunc(m.log, func(l Message) bool { return l.stands != "" && !holds[l.stands] })
	said := map[string]bool{}
	for _, l := range m.log {
		said[l.stands] = true
	}
	for _, l := range slices.Backward(now) {
		if !said[l.stands] {
			said[l.stands] = true
			m.log = slices.Insert(m.log, 0, l)
		}
	}
}

// standing are the messages that hold now.
func (m *Manager) standing() []Message {
	var list []Message
	for _, f := range m.faults {
		text := MessageWords(f.Message)
		if kind := kindOf(f.Path); kind != nil && kind.Attribute(f.Attribute) != nil {
			text = phrase.With("{{.Attribute}}: {{.Text}}", phrase.Args{"Attribute": key(kind.Attribute(f.Attribute).Name), "Text": text})
		}
		list = append(list, Message{At: m.o.Now(), Grade: Wrong, Text: text, Where: m.where(f.Path), Path: f.Path, Attribute: f.Attribute,
			stands: string(f.Path) + "\x00" + f.Attribute + "\x00" + f.Message.String()})
	}
	for _, c := range m.clashes {
		l := Message{At: m.o.Now(), Grade: Warning, Text: m.clashWords(c), Where: m.where(c.Path), Path: c.Path}
		if c.Attribute != nil {
			l.Attribute = c.Attribute.XML
		}
		l.stands = "both " + string(l.Path) + "\x00" + l.Attribute + "\x00" + l.Text.String()
		list = append(list, l)
	}
	for _, c := range m.doubts() {
		l := Message{At: m.o.Now(), Grade: Warning, Text: missingWords(nameIn(c)), Where: m.where(c.Path), Path: c.Path}
		if c.Attribute != nil {
			l.Attribute = c.Attribute.XML
		}
		l.stands = "missing " + string(c.Path) + "\x00" + l.Text.String()
		list = append(list, l)
	}
	if t := m.base.Trouble; !t.Empty() {
		list = append(list, Message{At: m.o.Now(), Grade: Warning, Text: t, stands: "trouble " + t.String()})
	}
	if n := len(m.changes); n > 0 {
		text := phrase.Count("{{.Count}} changes are waiting. Nothing is changed on the Host until you apply them.", n, nil)
		list = append(list, Message{At: m.o.Now(), Grade: Info, Text: text, stands: "waiting " + strconv.Itoa(n)})
	}
	return list
}

// dropped tells of a step that could not be done again.
func (m *Manager) dropped(s step, err error) {
	p := m.aboutUndone(s)
	m.say(Warning, phrase.With("One of your changes could not be kept: {{.Reason}}", phrase.Args{"Reason": troubleWords(err)}), p, "")
}
