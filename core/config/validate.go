package config

import (
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

// Validate gives everything that is wrong, in the order of the tree, at most [MaxFaults]; nil if the document may be
// used.
func (d *Document) Validate() []*Fault {
	v := &validator{document: d, roles: d.roleNames()}
	d.root().all(v.node)
	v.profiles()
	v.sizes(placeHost + "/DebugLog/File")
	v.sizes(placeHost + "/HostMonitor")
	return v.faults
}

// MaxFaults is how many faults of a document are told.
const MaxFaults = 200

type validator struct {
	document *Document
	roles    map[string]bool
	faults   []*Fault
}

func (v *validator) add(n node, attribute string, m Message) {
	if len(v.faults) < MaxFaults {
		v.faults = append(v.faults, &Fault{Path: n.path, Attribute: attribute, Line: v.document.source.line(n.xml, attribute), Message: m})
	}
}

// node checks one element: its values, and how often what is in it stands there.
func (v *validator) node(n node) {
	v.standardRoles(n)
	if n.xml == nil {
		return
	}
	for i := range n.xml.Attr {
		// With a prefix too: that is how values are read.
		if a := n.kind.Attribute(n.xml.Attr[i].Key); a != nil {
			v.value(n, a, n.xml.Attr[i].Value)
		}
	}
	if n.kind.Repeats() && n.xml.SelectAttr(n.kind.Label) == nil {
		v.add(n, "", say("{{.Attribute}} is missing. Give it a value.", "Attribute", n.kind.Label))
	}
	for _, kind := range n.kind.Children {
		v.children(n, kind)
	}
}

func (v *validator) value(n node, a *Attribute, value string) {
	if m := a.Check(value); m != nil {
		v.add(n, a.XML, *m)
		return
	}
	if a.Kind == RoleName && value != "" && !v.roles[value] {
		v.add(n, a.XML, noRole(value))
	}
}

// standardRoles finds attributes that are not set and whose default is a role that was deleted or renamed.
func (v *validator) standardRoles(n node) {
	for _, a := range n.kind.Attributes {
		stands := n.xml != nil && n.xml.SelectAttr(a.XML) != nil
		if a.Kind == RoleName && !stands && !v.roles[a.Default] {
			v.add(n, a.XML, noRole(a.Default))
		}
	}
}

func noRole(name string) Message {
	return say("There is no role called \"{{.Value}}\". Choose one of the roles.", "Value", shown(name))
}

// children checks the number of instances, and that no two have the same label.
func (v *validator) children(n node, kind *Element) {
	all := n.instances(kind)
	limit := max(kind.Max, 1)
	if len(all) > limit {
		v.add(all[limit], "", say("{{.Name}} stands here {{.Count}} times. At most {{.Max}} may.", "Name", Key(kind.Name), "Count", len(all), "Max", limit))
		return
	}
	seen := map[string]bool{}
	for _, c := range all {
		if l := c.label(); kind.Repeats() && seen[l] {
			v.add(c, kind.Label, say("Another one is called \"{{.Value}}\" already. Give it another name.", "Value", shown(l)))
		} else {
			seen[l] = true
		}
	}
}

// places of the schema that rules between elements need.
const (
	placeLocal         = Root + "/Configuration/LocalConfiguration"
	placeHost          = placeLocal + "/HostComputer"
	placeCommunication = placeHost + "/Communication"
	placeMaintenance   = placeHost + "/Security/Maintenance"
	placeUsers         = placeLocal + "/GuestUsers"
	placeRoles         = placeUsers + "/Roles"
)

// at gives the element at a place of the schema that is there once.
func (d *Document) at(p Path) node {
	n, err := d.find(p)
	if err != nil {
		panic(err) // the constants above and the table disagree
	}
	return n
}

func (d *Document) roleNames() map[string]bool {
	names := map[string]bool{}
	for _, n := range d.at(placeRoles).under() {
		names[n.label()] = true
	}
	return names
}

// profiles finds two enabled profiles of a kind that would listen on one port.
func (v *validator) profiles() {
	communication := v.document.at(placeCommunication)
	for _, kind := range communication.kind.Children {
		port, on := kind.Attribute("ReceivePort"), kind.Attribute("Enable")
		if port == nil {
			continue
		}
		users := map[string]string{}
		for _, n := range communication.instances(kind) {
			if n.get(on) != enabled {
				continue
			}
			number := n.get(port)
			if other, taken := users[number]; taken {
				v.add(n, port.XML, say("\"{{.Other}}\" listens on port {{.Port}} already. Choose another port, or disable one of the two.",
					"Other", shown(other), "Port", shown(number)))
				continue
			}
			users[number] = n.label()
		}
	}
}

// sizes sees that the files of a log may take as much together as one of them may.
func (v *validator) sizes(p Path) {
	n := v.document.at(p)
	all, one := n.get(n.kind.Attribute("MaximumSize")), n.get(n.kind.Attribute("RotationSize"))
	most, err := strconv.Atoi(all)
	size, err2 := strconv.Atoi(one)
	if err == nil && err2 == nil && size > most {
		v.add(n, "RotationSize", say("One file may grow to {{.Size}} MB, and all together to {{.Max}} MB only. Make the rotation size smaller, or the maximum size larger.", "Size", size, "Max", most))
	}
}

// Unknown gives what stands in the file and is not in the table: it is kept, and has no effect. A person should know,
// since it may be a slip of the hand.
func (d *Document) Unknown() []*Fault {
	var list []*Fault
	tell := func(n node, e *etree.Element, attribute, name string) {
		if len(list) < MaxFaults {
			list = append(list, &Fault{Path: n.path, Attribute: attribute, Line: d.source.line(e, attribute),
				Message: say("{{.Name}} is not known here and has no effect.", "Name", shown(name))})
		}
	}
	d.root().all(func(n node) {
		if n.xml == nil {
			return
		}
		for i := range n.xml.Attr {
			key := n.xml.Attr[i].FullKey()
			if n.kind.Attribute(key) == nil && !(n.path == Root && key == "version") && !strings.HasPrefix(key, "xmlns") {
				tell(n, n.xml, key, key)
			}
		}
		for _, e := range n.xml.ChildElements() {
			if n.kind.Child(e.FullTag()) == nil {
				tell(n, e, "", "<"+e.FullTag()+">")
			}
		}
	})
	return list
}
