package control

import (
	"fmt"
	"maps"
	"slices"

	"impero/core/config"
)

// FaultsOf are a document's faults as they travel.
func FaultsOf(list []*config.Fault) []Fault {
	var out []Fault
	for _, f := range list {
		w := Fault{Path: f.Path, Attribute: f.Attribute, Line: f.Line, Key: f.Message.Key}
		for _, name := range slices.Sorted(maps.Keys(f.Message.Args)) {
			w.Arguments = append(w.Arguments, argument(name, f.Message.Args[name]))
		}
		out = append(out, w)
	}
	return out
}

func argument(name string, value any) Argument {
	switch v := value.(type) {
	case config.Key:
		return Argument{Name: name, Keys: []string{string(v)}}
	case config.Keys:
		a := Argument{Name: name, List: true}
		for _, k := range v {
			a.Keys = append(a.Keys, string(k))
		}
		return a
	}
	return Argument{Name: name, Text: fmt.Sprint(value)}
}

// faults is the reverse of FaultsOf; numbers are texts.
func faults(list []Fault) []*config.Fault {
	var out []*config.Fault
	for _, w := range list {
		f := &config.Fault{Path: w.Path, Attribute: w.Attribute, Line: w.Line, Message: config.Message{Key: w.Key}}
		for _, a := range w.Arguments {
			if f.Message.Args == nil {
				f.Message.Args = map[string]any{}
			}
			f.Message.Args[a.Name] = a.value()
		}
		out = append(out, f)
	}
	return out
}

func (a Argument) value() any {
	switch {
	case a.List:
		var list config.Keys
		for _, k := range a.Keys {
			list = append(list, config.Key(k))
		}
		return list
	case len(a.Keys) == 1:
		return config.Key(a.Keys[0])
	}
	return a.Text
}
