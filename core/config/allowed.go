package config

// Allowed says which values an attribute may have, for the hint strip and the help: "1025 to 65535".
func (a *Attribute) Allowed() Message {
	switch a.Kind {
	case Switch, Choice, Permission:
		return say("{{.Values}}", "Values", a.names())
	case List:
		return say("None, some or all of: {{.Values}}", "Values", a.names())
	case Integer:
		if a.Unit == "" {
			return say("{{.Min}} to {{.Max}}", "Min", a.Min, "Max", a.Max)
		}
		return say("{{.Min}} to {{.Max}} {{.Unit}}", "Min", a.Min, "Max", a.Max, "Unit", Key(a.Unit))
	case Text:
		if a.Min == 0 {
			return say("Up to {{.Max}} characters", "Max", a.Max)
		}
		return say("{{.Min}} to {{.Max}} characters", "Min", a.Min, "Max", a.Max)
	case Secret:
		if a.Min > 0 {
			return say("A password of {{.Min}} to {{.Max}} characters; it is never shown again", "Min", a.Min, "Max", a.Max)
		}
		return say("A password of up to {{.Max}} characters; it is never shown again", "Max", a.Max)
	}
	return a.allowedForm()
}

func (a *Attribute) allowedForm() Message {
	switch {
	case a.Kind == RoleName && a.Min == 0:
		return say("The name of a role, or empty")
	case a.Kind == RoleName:
		return say("The name of a role")
	case a.Kind == FilePath:
		return say("A whole path, or empty for the usual place")
	case a.Kind == Address && a.Min == 0:
		return say("An IP address or DNS name, or empty")
	case a.Kind == Address:
		return say("An IP address or DNS name")
	case a.Kind == URL:
		return say("An https address, or empty")
	case a.Kind == Network:
		return say("An IP address, a prefix or a MAC address")
	}
	return say("A port, or the first and the last with a hyphen between; 1 to 65535")
}

func (a *Attribute) names() Keys {
	var list Keys
	for _, v := range a.Values {
		if v.Waits == "" {
			list = append(list, Key(v.Name))
		}
	}
	return list
}
