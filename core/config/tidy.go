package config

import (
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// insert adds e as the last child of parent, on a line of its own.
func insert(parent, e *etree.Element) {
	depth := 0
	for at := parent; at.Parent() != nil; at = at.Parent() {
		depth++
	}
	for len(parent.Child) > 0 && isSpace(parent.Child[len(parent.Child)-1]) {
		parent.RemoveChildAt(len(parent.Child) - 1)
	}
	parent.CreateText("\n" + strings.Repeat("  ", depth))
	parent.AddChild(e)
	parent.CreateText("\n" + strings.Repeat("  ", depth-1))
}

// remove takes e and the space before it out of its parent.
func remove(e *etree.Element) {
	parent, at := e.Parent(), e.Index()
	parent.RemoveChildAt(at)
	for at--; at >= 0 && isSpace(parent.Child[at]); at-- {
		parent.RemoveChildAt(at)
	}
}

// tidy takes the space out of an element that has nothing else in it.
func tidy(e *etree.Element) {
	if !slices.ContainsFunc(e.Child, func(t etree.Token) bool { return !isSpace(t) }) {
		for len(e.Child) > 0 {
			e.RemoveChildAt(0)
		}
	}
}

// prune takes an element out if it says nothing, and those around it that then say nothing. What is there once has its
// defaults without standing in the file; an instance stays.
func (d *Document) prune(n node) {
	for err := error(nil); err == nil && n.path.Parent() != "" && !n.kind.Repeats(); n, err = d.find(n.path.Parent()) {
		tidy(n.xml)
		if len(n.xml.Child) > 0 || len(n.xml.Attr) > 0 {
			return
		}
		remove(n.xml)
	}
}

// isSpace says whether a token is nothing but space. What [etree.Element.CreateText] made does not say so itself.
func isSpace(t etree.Token) bool {
	text, ok := t.(*etree.CharData)
	return ok && !text.IsCData() && strings.TrimSpace(text.Data) == ""
}
