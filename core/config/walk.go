package config

// Each visits every element there is, parents first, in the order of the tree, in one pass: value gives what [Document.Get]
// would for an attribute of the element. It ends early when visit says false.
func (d *Document) Each(visit func(p Path, kind *Element, value func(a *Attribute) string) bool) {
	each(d.root(), visit)
}

func each(n node, visit func(Path, *Element, func(*Attribute) string) bool) bool {
	if !visit(n.path, n.kind, func(a *Attribute) string { return visible(a, n.get(a)) }) {
		return false
	}
	for _, child := range n.under() {
		if !each(child, visit) {
			return false
		}
	}
	return true
}
