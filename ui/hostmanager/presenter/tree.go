package presenter

import (
	"slices"

	"impero/core/config"
	"impero/ui/shell/phrase"
)

// localPath is the branch whose names begin every path that a person reads; startPath is shown first.
const (
	localPath = config.Root + "/Configuration/LocalConfiguration"
	startPath = localPath + "/HostComputer/General"
)

// Node is one line of the tree.
type Node struct {
	Path   config.Path
	Kind   *config.Element
	Text   phrase.Phrase
	Depth  int
	Branch bool // it has something below
	Open   bool
	Waits  bool // a change is not applied: in it, or below a closed branch
	Wrong  bool // a value is not right, in the same places
}

// openBranches opens what a person looks at most.
func (m *Manager) openBranches() {
	for _, p := range []config.Path{config.Root, config.Root + "/Configuration", localPath, localPath + "/HostComputer",
		localPath + "/HostComputer/Communication", localPath + "/GuestUsers", localPath + "/GuestUsers/Roles"} {
		m.open[p] = true
	}
}

// flatten makes the lines of the tree that are not in a closed branch.
func (m *Manager) flatten() {
	m.nodes = m.nodes[:0]
	m.addNode(config.Root, config.Schema(), 0)
}

func (m *Manager) addNode(p config.Path, kind *config.Element, depth int) {
	var below []config.Path
	if len(kind.Children) > 0 {
		below = m.doc.Children(p)
	}
	n := Node{Path: p, Kind: kind, Text: nodeName(p, kind), Depth: depth, Branch: len(below) > 0, Open: m.open[p],
		Waits: m.waiting.own[p], Wrong: m.faulty[p]}
	if !n.Open {
		n.Waits, n.Wrong = m.waiting.below[p], m.wrong[rowKey{p, ""}] != nil
	}
	m.nodes = append(m.nodes, n)
	if !n.Open {
		return
	}
	for _, c := range below {
		xml, _ := c.Last()
		m.addNode(c, kind.Child(xml), depth+1)
	}
}

// nodeName is what an element is called: its label, or the name of its kind.
func nodeName(p config.Path, kind *config.Element) phrase.Phrase {
	if _, label := p.Last(); kind.Repeats() {
		return phrase.Plain(label)
	}
	return key(kind.Name)
}

// Nodes are the lines of the tree. The slice is the Manager's, until the next Show.
func (m *Manager) Nodes() []Node { return m.nodes }

// SelectedNode gives the number of the selected line, -1 if it is in a closed branch.
func (m *Manager) SelectedNode() int {
	return slices.IndexFunc(m.nodes, func(n Node) bool { return n.Path == m.selected })
}

// SetOpen opens or closes a branch. Closing one above the selection selects it.
func (m *Manager) SetOpen(p config.Path, on bool) {
	if m.open[p] == on {
		return
	}
	m.open[p] = on
	if !on && isBelow(m.selected, p) {
		m.selected = p
		m.fillRows()
	}
	m.flatten()
	m.view.Show(PartTree | PartTable)
}

// isBelow says whether p is somewhere below branch.
func isBelow(p, branch config.Path) bool {
	return len(p) > len(branch) && p[:len(branch)] == branch && p[len(branch)] == '/'
}

// Selected is the element whose attributes are shown.
func (m *Manager) Selected() config.Path { return m.selected }

// Kind is the kind of the selected element; nil before there is one.
func (m *Manager) Kind() *config.Element {
	if m.doc == nil {
		return nil
	}
	kind, err := m.doc.Element(m.selected)
	if err != nil {
		return nil
	}
	return kind
}

// Select shows the attributes of an element.
func (m *Manager) Select(p config.Path) {
	if m.doc == nil || p == m.selected {
		return
	}
	if _, err := m.doc.Element(p); err != nil {
		return
	}
	m.visit(p)
	m.flatten()
	m.fillRows()
	m.view.Show(PartTree | PartTable)
}

// GoTo shows an element and selects one of its attributes; "" for none.
func (m *Manager) GoTo(p config.Path, attribute string) {
	m.Select(p)
	if kind := m.Kind(); m.selected == p && kind != nil && kind.Attribute(attribute) != nil {
		if m.only && !m.Listed(attribute) {
			m.SetChangedOnly(false)
		}
		m.row = attribute
		m.view.Show(PartTable)
	}
}

// visit selects an element, opens the branches above it and remembers the way.
func (m *Manager) visit(p config.Path) {
	m.trail.leave(m.selected)
	m.arrive(p)
}

func (m *Manager) arrive(p config.Path) {
	m.selected, m.row = p, ""
	for up := p.Parent(); up != ""; up = up.Parent() {
		m.open[up] = true
	}
}

// trail is the way a person took through the elements.
type trail struct{ back, forth []config.Path }

// maxTrail bounds how far one can go back.
const maxTrail = 100

func (t *trail) leave(p config.Path) {
	t.forth = nil
	if p != "" {
		t.back = append(t.back, p)
	}
	if len(t.back) > maxTrail {
		t.back = slices.Delete(t.back, 0, 1)
	}
}

// Back shows the element that was shown before; Forth goes the other way. They pass over what is gone.
func (m *Manager) Back() { m.walk(&m.trail.back, &m.trail.forth) }

// Forth undoes Back.
func (m *Manager) Forth() { m.walk(&m.trail.forth, &m.trail.back) }

func (m *Manager) walk(from, to *[]config.Path) {
	for m.doc != nil && len(*from) > 0 {
		last := len(*from) - 1
		p := (*from)[last]
		*from = (*from)[:last]
		if _, err := m.doc.Element(p); err != nil || p == m.selected {
			continue
		}
		*to = append(*to, m.selected)
		m.arrive(p)
		m.flatten()
		m.fillRows()
		m.view.Show(PartTree | PartTable)
		return
	}
}

// CanGoBack says whether something was shown before.
func (m *Manager) CanGoBack() bool { return len(m.trail.back) > 0 }

// CanGoForth says whether Back was used.
func (m *Manager) CanGoForth() bool { return len(m.trail.forth) > 0 }

// Crumbs is the way to an element, without the branches that all have in common.
func (m *Manager) Crumbs(p config.Path) []phrase.Phrase {
	var names []phrase.Phrase
	for at := p; at != "" && at != localPath; at = at.Parent() {
		kind, err := m.doc.Element(at)
		if err != nil {
			return names
		}
		names = append(names, nodeName(at, kind))
	}
	slices.Reverse(names)
	if p == localPath {
		names = []phrase.Phrase{key("Local configuration")}
	}
	return names
}

// where is an element in few words, "Communication, TCP 1"; it need not be there any more.
func (m *Manager) where(p config.Path) phrase.Phrase {
	kind := kindOf(p)
	if kind == nil {
		return phrase.Plain(string(p))
	}
	name := nodeName(p, kind)
	above := p.Parent()
	if parent := kindOf(above); parent != nil && above != localPath && isBelow(above, localPath) {
		return phrase.With("{{.First}}, {{.Rest}}", phrase.Args{"First": nodeName(above, parent), "Rest": name})
	}
	return name
}

// kindOf finds the kind of a path in the table, whether there is such an element or not.
func kindOf(p config.Path) *config.Element {
	if p == config.Root {
		return config.Schema()
	}
	if p == "" {
		return nil
	}
	parent := kindOf(p.Parent())
	if parent == nil {
		return nil
	}
	xml, _ := p.Last()
	return parent.Child(xml)
}

// Makeable is a kind of element that can be made new.
type Makeable struct {
	Parent config.Path
	Kind   *config.Element
	Name   phrase.Phrase
	Reason phrase.Phrase // why not now; empty if it can
}

// Makes gives what can be made in the selected element, and beside it if it is one of several.
func (m *Manager) Makes() []Makeable {
	kind := m.Kind()
	if kind == nil {
		return nil
	}
	list := m.makesIn(m.selected, kind)
	if kind.Repeats() {
		list = append(list, m.makeable(m.selected.Parent(), kind))
	}
	return list
}

func (m *Manager) makesIn(p config.Path, kind *config.Element) []Makeable {
	var list []Makeable
	for _, k := range kind.Makes() {
		list = append(list, m.makeable(p, k))
	}
	return list
}

func (m *Manager) makeable(parent config.Path, kind *config.Element) Makeable {
	n := Makeable{Parent: parent, Kind: kind, Name: key(kind.Name)}
	if !m.Editable() {
		n.Reason = phrase.New("The configuration cannot be changed now.")
	}
	return n
}
