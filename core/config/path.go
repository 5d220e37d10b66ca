package config

import "strings"

// Path names one element of a [Document], from the root on: XML names with "/" between, and the label of an instance
// in brackets: "ImperoHost/Configuration/LocalConfiguration/HostComputer/Communication/TCP[TCP 1]". It is made for use
// as the id of a tree's node. In a label "%", "/", "[" and "]" are written as % and two digits.
type Path string

// Root is the path of the whole document.
const Root Path = "ImperoHost"

var escape = strings.NewReplacer("%", "%25", "/", "%2F", "[", "%5B", "]", "%5D")
var unescape = strings.NewReplacer("%25", "%", "%2F", "/", "%5B", "[", "%5D", "]")

// Child is the path of a child that is there once.
func (p Path) Child(xml string) Path { return p + "/" + Path(xml) }

// Instance is the path of the child of a kind with that label.
func (p Path) Instance(xml, label string) Path {
	return p + "/" + Path(xml) + "[" + Path(escape.Replace(label)) + "]"
}

// Parent is the path of the element around it, "" for the root.
func (p Path) Parent() Path {
	i := strings.LastIndexByte(string(p), '/')
	return p[:max(i, 0)]
}

// Last gives the XML name and the label of the element itself; the label is "" if it does not repeat.
func (p Path) Last() (xml, label string) {
	return splitStep(string(p[strings.LastIndexByte(string(p), '/')+1:]))
}

// Kinds are the XML names of p without the labels: what all elements of its kind have in common.
func (p Path) Kinds() Path {
	steps := strings.Split(string(p), "/")
	for i, s := range steps {
		steps[i], _ = splitStep(s)
	}
	return Path(strings.Join(steps, "/"))
}

func splitStep(step string) (xml, label string) {
	xml, rest, found := strings.Cut(step, "[")
	if !found {
		return step, ""
	}
	return xml, unescape.Replace(strings.TrimSuffix(rest, "]"))
}

// steps gives the parts below the root, and whether p begins at the root.
func (p Path) steps() ([]string, bool) {
	if p == Root {
		return nil, true
	}
	rest, ok := strings.CutPrefix(string(p), string(Root)+"/")
	return strings.Split(rest, "/"), ok
}
