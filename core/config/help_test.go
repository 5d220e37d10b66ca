package config

import (
	"fmt"
	"strings"
)

// helpText writes assets/help/configuration.md.
func helpText() string {
	var b strings.Builder
	b.WriteString("# Configuration of a Host\n\n" +
		"Every element and attribute of Host Manager and of `host.xml`, made from the table in `core/config`.\n" +
		"In the file an attribute stands under the name in code type; what does not stand there has its default.\n" +
		"Lists and profiles that can be made new are marked with *New*.\n")
	helpElement(&b, Schema(), nil)
	return b.String()
}

func helpElement(b *strings.Builder, e *Element, above []string) {
	path := append(above[:len(above):len(above)], e.Name)
	if len(path) > 3 {
		fmt.Fprintf(b, "\n## %s\n\n", strings.Join(path[3:], " > "))
		fmt.Fprintf(b, "`<%s>`", e.XML)
		if e.Repeats() {
			fmt.Fprintf(b, ", *New*, up to %d, named by `%s`", e.Max, e.Label)
		}
		fmt.Fprintf(b, ". %s\n", e.Help)
	}
	if len(e.Attributes) > 0 {
		b.WriteString("\n| attribute | in the file | what it does | values | default | takes effect |\n|---|---|---|---|---|---|\n")
	}
	for _, a := range e.Attributes {
		helpRow(b, a)
	}
	for _, c := range e.Children {
		helpElement(b, c, path)
	}
}

func helpRow(b *strings.Builder, a *Attribute) {
	help := a.Help
	if a.Waits != "" {
		help += " *No effect yet: " + a.Waits + "*"
	}
	standard := a.Default
	if key, ok := a.Named(standard); ok {
		standard = key
	}
	if standard == "" {
		standard = "empty"
		if a.Hint != "" {
			standard += ", as in `" + a.Hint + "`"
		}
	}
	values := a.Allowed().String()
	for _, v := range a.Values {
		if v.Waits != "" {
			values += "; not " + v.Name + ": " + v.Waits
		}
	}
	var written []string
	for _, v := range a.Values {
		if v.Name != v.Value {
			written = append(written, "`"+v.Value+"` for "+v.Name)
		}
	}
	if len(written) > 0 {
		values += "; in the file " + strings.Join(written, ", ")
	}
	fmt.Fprintf(b, "| %s | `%s` | %s | %s | %s | %s |\n", a.Name, a.XML, help, values, standard, a.Effect.Name())
}
