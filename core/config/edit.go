package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// ErrTooLong says that a value is longer than any may be; ErrTooMany that an element has as many instances as it may.
var (
	ErrTooLong = errors.New("the value is too long")
	ErrTooMany = errors.New("there are as many as there may be")
)

// TakenError says that a sibling has the label already.
type TakenError struct{ Label string }

func (e *TakenError) Error() string { return fmt.Sprintf("another one is called %q already", e.Label) }

// Set changes a value. An invalid one is kept for a person to correct, and told by [Document.Validate]; one that
// equals the default is taken out of the file. A Secret takes what [Typed] gives. The attribute that names an
// instance is changed by [Document.Rename] alone ([ErrLabel]).
func (d *Document) Set(p Path, attribute, value string) error {
	n, a, err := d.row(p, attribute)
	switch {
	case err != nil:
		return err
	case n.kind.Label == attribute:
		return ErrLabel
	case len(value) > maxValue:
		return ErrTooLong
	}
	d.put(n, a, value)
	return nil
}

func (d *Document) put(n node, a *Attribute, value string) {
	value = strings.ToValidUTF8(value, "\uFFFD")
	value = strings.Map(func(r rune) rune { // XML has no place for them
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, value)
	if a.Kind == List && a.Check(value) == nil {
		value = a.JoinList(SplitList(value))
	}
	if value != a.Default {
		d.element(n.path).CreateAttr(a.XML, value)
	} else if n.xml != nil {
		n.xml.RemoveAttr(a.XML)
		d.prune(n)
	}
}

// element gives the XML of a path that is in the schema, and makes what is missing of it.
func (d *Document) element(p Path) *etree.Element {
	n, err := d.find(p)
	if err != nil || n.xml != nil {
		return n.xml
	}
	parent := d.element(p.Parent())
	e := etree.NewElement(n.kind.XML)
	insert(parent, e)
	return e
}

// Make makes a new instance of a kind below parent and gives its path. Its label is the first free one.
func (d *Document) Make(parent Path, xml string) (Path, error) {
	n, kind, err := d.maker(parent, xml)
	if err != nil {
		return "", err
	}
	e := etree.NewElement(kind.XML)
	label := n.free(kind, kind.Attribute(kind.Label).first())
	e.CreateAttr(kind.Label, label)
	insert(d.element(parent), e)
	return parent.Instance(kind.XML, label), nil
}

func (d *Document) maker(parent Path, xml string) (node, *Element, error) {
	n, err := d.find(parent)
	if err != nil {
		return node{}, nil, err
	}
	kind := n.kind.Child(xml)
	switch {
	case kind == nil:
		return node{}, nil, fmt.Errorf("%s in %s: %w", shown(xml), parent, ErrNoElement)
	case !kind.Repeats():
		return node{}, nil, ErrFixed
	case len(n.instances(kind)) >= kind.Max:
		return node{}, nil, ErrTooMany
	}
	return n, kind, nil
}

// first is the label from which those of new instances are made; it is valid.
func (a *Attribute) first() string {
	switch a.Kind {
	case Ports:
		return "1025"
	case Network:
		return "192.0.2.1"
	case Address:
		return "192.0.2.1" // RFC 5737: an address that is nobody's
	}
	return a.Default
}

var counter = regexp.MustCompile(`[0-9]+$`)

// free gives the label itself, or the first with a counter at its end that no instance has.
func (n node) free(kind *Element, label string) string {
	taken := map[string]bool{}
	for _, c := range n.instances(kind) {
		taken[c.label()] = true
	}
	a := kind.Attribute(kind.Label)
	stem, i := counter.ReplaceAllString(label, ""), 1
	if stem == label {
		stem, i = label+" ", 2
	} else {
		fmt.Sscan(counter.FindString(label), &i)
	}
	for taken[label] {
		number := fmt.Sprint(i)
		room := a.Max - len(number)
		if runes := []rune(stem); len(runes) > room {
			stem = string(runes[:room])
		}
		label = stem + number
		i++
	}
	return label
}

// Rename gives an instance another label and returns its new path. Whatever names a role follows it. The error is
// [ErrFixed], a *[TakenError], or a *[Fault] if the label is not valid.
func (d *Document) Rename(p Path, label string) (Path, error) {
	n, err := d.find(p)
	if err != nil {
		return "", err
	}
	if !n.kind.Repeats() {
		return "", ErrFixed
	}
	a, old := n.kind.Attribute(n.kind.Label), n.label()
	if label == old {
		return p, nil
	}
	if m := a.Check(label); m != nil {
		return "", &Fault{Path: p, Attribute: a.XML, Message: *m}
	}
	parent, _ := d.find(p.Parent())
	if _, taken := parent.instance(n.kind, label); taken {
		return "", &TakenError{Label: label}
	}
	n.xml.CreateAttr(a.XML, label)
	if n.kind.XML == "Role" {
		d.follow(old, label)
	}
	return p.Parent().Instance(n.kind.XML, label), nil
}

// follow changes every name of a role.
func (d *Document) follow(old, label string) {
	d.root().all(func(n node) {
		for _, a := range n.kind.Attributes {
			if a.Kind == RoleName && n.get(a) == old {
				d.put(n, a, label)
			}
		}
	})
}

// Delete takes an instance out, with everything below it.
func (d *Document) Delete(p Path) error {
	n, err := d.find(p)
	if err != nil {
		return err
	}
	if !n.kind.Repeats() {
		return ErrFixed
	}
	parent := n.xml.Parent()
	remove(n.xml)
	tidy(parent)
	return nil
}

// Copy makes a new instance like the one at p, with everything below it but no secret, and gives its path.
func (d *Document) Copy(p Path) (Path, error) {
	n, err := d.find(p)
	if err != nil {
		return "", err
	}
	parent, kind, err := d.maker(p.Parent(), n.kind.XML)
	if err != nil {
		return "", err
	}
	e := n.xml.Copy()
	label := parent.free(kind, n.label())
	e.CreateAttr(kind.Label, label)
	insert(parent.xml, e)
	copied := node{kind: kind, xml: e, path: parent.path.Instance(kind.XML, label)}
	copied.all(forgetSecrets)
	return copied.path, nil
}

func forgetSecrets(n node) {
	for _, a := range n.kind.Attributes {
		if a.Kind == Secret && n.xml != nil {
			n.xml.RemoveAttr(a.XML)
		}
	}
}

// Equal says whether two documents say the same, comments and all.
func (d *Document) Equal(other *Document) bool { return slices.Equal(d.Text(), other.Text()) }
