package config

// ChangeKind says what was done.
type ChangeKind uint8

// The kinds of changes.
const (
	Changed ChangeKind = 1 // an attribute has another value
	Made    ChangeKind = 2 // an instance is new
	Deleted ChangeKind = 3 // an instance is gone
	Renamed ChangeKind = 4 // an instance has another label; Attribute is that of the label
)

// Change is one difference of two documents. Secrets show as [Hidden].
type Change struct {
	Kind      ChangeKind
	Path      Path // in the new document; in the old one if the element is gone
	Element   *Element
	Attribute *Attribute // nil if an instance was made or deleted
	Old, New  string     // the values or labels; empty where there was or is none
	Effect    Effect
}

// Diff gives what is different in now, in the order of the tree. If as many instances of a kind
// are new as are gone, they were renamed, each at its place. Comments, order, and what is
// not known do not count.
func Diff(was, now *Document) []Change {
	c := &comparison{}
	c.nodes(was.root(), now.root())
	return c.changes
}

type comparison struct{ changes []Change }

func (c *comparison) nodes(was, now node) {
	for _, a := range now.kind.Attributes {
		if a.XML != now.kind.Label {
			c.values(was, now, a)
		}
	}
	for _, kind := range now.kind.Children {
		if !kind.Repeats() {
			c.nodes(was.single(kind), now.single(kind))
			continue
		}
		c.instances(was.instances(kind), now.instances(kind))
	}
}

func (c *comparison) values(was, now node, a *Attribute) {
	before, after := was.get(a), now.get(a)
	if before == after {
		return
	}
	c.changes = append(c.changes, Change{
		Kind: Changed, Path: now.path, Element: now.kind, Attribute: a,
		Old: visible(a, before), New: visible(a, after), Effect: a.Effect,
	})
}

func (c *comparison) instances(was, now []node) {
	byLabel := make(map[string][]node, len(was)) // an invalid document may have a label twice
	for _, n := range was {
		byLabel[n.label()] = append(byLabel[n.label()], n)
	}
	var fresh, gone []node
	for _, n := range now {
		old := byLabel[n.label()]
		if len(old) == 0 {
			fresh = append(fresh, n)
			continue
		}
		byLabel[n.label()] = old[1:]
		c.nodes(old[0], n)
	}
	for _, n := range was {
		if left := byLabel[n.label()]; len(left) > 0 && left[0].xml == n.xml {
			byLabel[n.label()] = left[1:]
			gone = append(gone, n)
		}
	}
	c.renamed(gone, fresh)
}

// renamed pairs what is gone with what is new.
func (c *comparison) renamed(gone, fresh []node) {
	for i, n := range fresh {
		if len(gone) == len(fresh) {
			c.rename(gone[i], n)
			continue
		}
		c.changes = append(c.changes, Change{Kind: Made, Path: n.path, Element: n.kind, New: n.label(), Effect: n.kind.effect()})
	}
	if len(gone) == len(fresh) {
		return
	}
	for _, n := range gone {
		c.changes = append(c.changes, Change{Kind: Deleted, Path: n.path, Element: n.kind, Old: n.label(), Effect: n.kind.effect()})
	}
}

func (c *comparison) rename(was, now node) {
	a := now.kind.Attribute(now.kind.Label)
	c.changes = append(c.changes, Change{Kind: Renamed, Path: now.path, Element: now.kind, Attribute: a, Old: was.label(), New: now.label(), Effect: a.Effect})
	c.nodes(was, now)
}

// effect of an instance that is made or deleted is the strongest of its attributes'.
func (e *Element) effect() Effect {
	strongest := Now
	for _, a := range e.Attributes {
		strongest = max(strongest, a.Effect)
	}
	for _, c := range e.Children {
		strongest = max(strongest, c.effect())
	}
	return strongest
}

// String is the kind in English, for logs.
func (k ChangeKind) String() string {
	switch k {
	case Changed:
		return "changed"
	case Made:
		return "made"
	case Deleted:
		return "deleted"
	}
	return "renamed"
}
