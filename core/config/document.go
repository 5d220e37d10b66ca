package config

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"

	"github.com/beevik/etree"
)

// FileName is the name of the configuration's file.
const FileName = "host.xml"

// Document is one configuration. What the file does not say has its default:
// only differences from the default stand in it, so that a release can better
// a default for everybody who did not choose otherwise, and a person sees in
// the file what was decided. Elements that repeat always stand in it, since
// their absence says something. The zero value is not usable.
type Document struct {
	tree   *etree.Document
	source *source // nil if the document was not read from a file
}

//go:embed initial.xml
var initial []byte

// New gives the configuration of a Host that nobody has configured: TCP 1, UDP 1 and three roles.
func New() *Document {
	d, _, err := parse(initial, Version, nil)
	if err != nil {
		panic("the initial configuration is damaged: " + err.Error()) // it is part of the program
	}
	d.source = nil
	return d
}

// Parse reads the text of a host.xml. It does not judge the values ([Document.Validate] does, with their lines). An
// older version is brought up to this one. The error is a *[SyntaxError], or a *[store.NewerError].
func Parse(text []byte) (*Document, error) {
	d, _, err := parse(text, Version, migrations)
	return d, err
}

// migration brings a tree from one version to the next.
type migration func(root *etree.Element) error

// migrations has, at the index of a version, the step from it to the next. Version 1 is the first.
var migrations = map[int]migration{}

// parse is Parse for any newest version; it also gives the version of the text.
func parse(text []byte, newest int, steps map[int]migration) (*Document, int, error) {
	tree, s, err := readTree(text)
	if err != nil {
		return nil, 0, err
	}
	was, err := version(tree, s, newest)
	if err != nil {
		return nil, 0, err
	}
	for n := was; n < newest; n++ {
		if steps[n] == nil {
			return nil, 0, &SyntaxError{Line: s.line(tree.Root(), "version"), Reason: fmt.Sprintf("version %d of the file is no longer understood", n)}
		}
		if err := steps[n](tree.Root()); err != nil {
			return nil, 0, fmt.Errorf("bring the file from version %d to %d: %w", n, n+1, err)
		}
		tree.Root().CreateAttr("version", fmt.Sprint(n+1))
	}
	return &Document{tree: tree, source: s}, was, nil
}

// Clone gives a copy that shares nothing with d, for undo and for another goroutine.
func (d *Document) Clone() *Document { return &Document{tree: d.tree.Copy()} }

// Text is the document as XML, with every secret in its protected form. It ends with a line break.
func (d *Document) Text() []byte {
	var b bytes.Buffer
	d.tree.WriteTo(&b) // a buffer takes everything
	if !bytes.HasSuffix(b.Bytes(), []byte("\n")) {
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// Errors of the paths and names that a caller gives.
var (
	ErrNoElement   = errors.New("there is no such element")
	ErrNoAttribute = errors.New("the element has no such attribute")
	ErrFixed       = errors.New("the element is there once, and always")
	ErrLabel       = errors.New("the attribute names the element; it is changed by renaming")
)

// node is an element of the schema at its place in a document; xml is nil where the file says nothing.
type node struct {
	kind *Element
	xml  *etree.Element
	path Path
}

// label gives the label of an instance.
func (n node) label() string {
	if !n.kind.Repeats() || n.xml == nil {
		return ""
	}
	return n.xml.SelectAttrValue(n.kind.Label, "")
}

// get gives the value of an attribute.
func (n node) get(a *Attribute) string {
	if n.xml == nil {
		return a.Default
	}
	return n.xml.SelectAttrValue(a.XML, a.Default)
}

func (d *Document) root() node { return node{kind: Schema(), xml: d.tree.Root(), path: Root} }

// under gives the children of n that there are: each singular one, and every instance, in the schema's order.
func (n node) under() []node {
	var list []node
	for _, kind := range n.kind.Children {
		if kind.Repeats() {
			list = append(list, n.instances(kind)...)
			continue
		}
		list = append(list, n.single(kind))
	}
	return list
}

func (n node) single(kind *Element) node {
	child := node{kind: kind, path: n.path.Child(kind.XML)}
	if n.xml != nil {
		child.xml = n.xml.SelectElement(kind.XML)
	}
	return child
}

func (n node) instances(kind *Element) []node {
	if n.xml == nil {
		return nil
	}
	var list []node
	for _, t := range n.xml.Child {
		e, ok := t.(*etree.Element)
		if !ok || e.Tag != kind.XML || e.Space != "" {
			continue
		}
		list = append(list, node{kind: kind, xml: e, path: n.path.Instance(kind.XML, e.SelectAttrValue(kind.Label, ""))})
	}
	return list
}

// all gives n and everything below it, parents first.
func (n node) all(visit func(node)) {
	visit(n)
	for _, child := range n.under() {
		child.all(visit)
	}
}

// find gives the element at p.
func (d *Document) find(p Path) (node, error) {
	steps, ok := p.steps()
	if !ok {
		return node{}, fmt.Errorf("%s: %w", shown(string(p)), ErrNoElement)
	}
	at := d.root()
	for _, step := range steps {
		xml, label := splitStep(step)
		kind := at.kind.Child(xml)
		if kind == nil {
			return node{}, fmt.Errorf("%s: %w", shown(string(p)), ErrNoElement)
		}
		if !kind.Repeats() {
			at = at.single(kind)
			continue
		}
		at, ok = at.instance(kind, label)
		if !ok {
			return node{}, fmt.Errorf("%s: %w", shown(string(p)), ErrNoElement)
		}
	}
	return at, nil
}

func (n node) instance(kind *Element, label string) (node, bool) {
	if n.xml == nil {
		return node{}, false
	}
	for _, t := range n.xml.Child {
		e, ok := t.(*etree.Element)
		if ok && e.Tag == kind.XML && e.Space == "" && e.SelectAttrValue(kind.Label, "") == label {
			return node{kind: kind, xml: e, path: n.path.Instance(kind.XML, label)}, true
		}
	}
	return node{}, false
}

// Element gives the kind of the element at p. The error wraps [ErrNoElement].
func (d *Document) Element(p Path) (*Element, error) {
	n, err := d.find(p)
	return n.kind, err
}

// Children gives the paths of what is below p, in the order of the tree; nil if there is nothing at p.
func (d *Document) Children(p Path) []Path {
	n, err := d.find(p)
	if err != nil {
		return nil
	}
	var list []Path
	for _, c := range n.under() {
		list = append(list, c.path)
	}
	return list
}

// Get gives the value of an attribute by its XML name: what the file says, or the default. A secret that is set is
// given as [Hidden]. The error wraps [ErrNoElement] or [ErrNoAttribute].
func (d *Document) Get(p Path, attribute string) (string, error) {
	n, a, err := d.row(p, attribute)
	if err != nil {
		return "", err
	}
	return visible(a, n.get(a)), nil
}

// visible is what may be shown of a value.
func visible(a *Attribute, value string) string {
	if a.Kind == Secret && value != "" {
		return Hidden
	}
	return value
}

func (d *Document) row(p Path, attribute string) (node, *Attribute, error) {
	n, err := d.find(p)
	if err != nil {
		return node{}, nil, err
	}
	a := n.kind.Attribute(attribute)
	if a == nil {
		return node{}, nil, fmt.Errorf("%s of %s: %w", shown(attribute), p, ErrNoAttribute)
	}
	return n, a, nil
}
