package config

// Waiting gives what a person changed in was, and has no effect yet: an attribute, or a value that cannot be chosen. The
// file may hold such values; an editor shows them disabled.
func Waiting(was, now *Document) []*Fault {
	var list []*Fault
	for _, c := range Diff(was, now) {
		if c.Attribute == nil || len(list) == MaxFaults {
			continue
		}
		a := c.Attribute
		if a.Waits != "" {
			list = append(list, &Fault{Path: c.Path, Attribute: a.XML,
				Message: say("{{.Name}} cannot be changed. {{.Reason}}", "Name", Key(a.Name), "Reason", Key(a.Waits))})
			continue
		}
		for _, v := range a.Values {
			if v.Waits != "" && v.Value == c.New {
				list = append(list, &Fault{Path: c.Path, Attribute: a.XML,
					Message: say("{{.Name}} cannot be chosen. {{.Reason}}", "Name", Key(v.Name), "Reason", Key(v.Waits))})
			}
		}
	}
	return list
}
