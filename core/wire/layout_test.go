package wire

import (
	"encoding/binary"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// docs gives the doc comment of every type of this package's sources.
func docs(t testing.TB) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, file := range first(sources(t)) {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.TYPE {
				continue
			}
			for _, s := range gen.Specs {
				spec := s.(*ast.TypeSpec)
				doc := gen.Doc
				if spec.Doc != nil {
					doc = spec.Doc
				}
				found[spec.Name.Name] = doc.Text()
			}
		}
	}
	return found
}

// sources parses this package's files but the tests.
func sources(t testing.TB) (map[string]*ast.File, *token.FileSet) {
	t.Helper()
	files := map[string]*ast.File{}
	set := token.NewFileSet()
	for _, name := range goFiles(t) {
		f, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = f
	}
	return files, set
}

// layoutOf gives the layout line of a type's doc comment.
func layoutOf(t testing.TB, all map[string]string, name string) string {
	t.Helper()
	for line := range strings.Lines(all[name]) {
		if l, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "\t"); ok {
			return l
		}
	}
	t.Fatalf("the doc comment of %s has no layout line", name)
	return ""
}

// A segment is what one field of a layout takes of an encoding.
type segment struct {
	name  string
	bytes []byte
}

var (
	layoutCount = regexp.MustCompile(`^(\w+) (u8|u16) count(?: \([^)]*\))? × (.*)$`)
	layoutField = regexp.MustCompile(`^(\w+) (u8|u16|u32|u64|i16|bool|bytes16|bytes32|text8|text16|\d+)(?: .*)?$`)
)

// split takes an encoding apart by nothing but its layout line, so that the line is held to what the code writes.
func split(layout string, b []byte) ([]segment, error) {
	var out []segment
	rest, err := splitFields("", layout, b, &out)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%d bytes are not in the layout", len(rest))
	}
	return out, err
}

func splitFields(prefix, layout string, b []byte, out *[]segment) ([]byte, error) {
	if layout == "(empty)" {
		return b, nil
	}
	for _, field := range splitTop(layout) {
		var err error
		if m := layoutCount.FindStringSubmatch(field); m != nil {
			b, err = splitRepeated(prefix+m[1], m[2], m[3], b, out)
		} else {
			b, err = splitField(prefix, field, b, out)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", field, err)
		}
	}
	return b, nil
}

func splitRepeated(name, kind, what string, b []byte, out *[]segment) ([]byte, error) {
	size := fixedSize(kind)
	if len(b) < size {
		return nil, fmt.Errorf("count is cut off")
	}
	n := int(b[0])
	if size == 2 {
		n = int(binary.BigEndian.Uint16(b))
	}
	*out = append(*out, segment{name + " count", b[:size]})
	b = b[size:]
	inner, nested := strings.CutPrefix(what, "{ ")
	inner = strings.TrimSuffix(inner, " }")
	for i := range n {
		var err error
		item := fmt.Sprintf("%s[%d]", name, i)
		if nested {
			b, err = splitFields(item+".", inner, b, out)
		} else {
			b, err = splitField("", item2field(what), b, out)
			(*out)[len(*out)-1].name = item
		}
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

func item2field(kind string) string { return "item " + kind }

func splitField(prefix, field string, b []byte, out *[]segment) ([]byte, error) {
	var n int
	var name string
	switch m := layoutField.FindStringSubmatch(field); {
	case strings.HasPrefix(field, "magic 8 bytes"):
		name, n = "magic", 8
	case strings.HasPrefix(field, "data: the rest") || strings.HasPrefix(field, "body (length bytes)"):
		name, n = field[:4], len(b)
	case m == nil:
		return nil, fmt.Errorf("not understood")
	default:
		name, n = m[1], fixedSize(m[2])
		head := 0
		switch m[2] {
		case "text8":
			head = 1
		case "text16", "bytes16":
			head = 2
		case "bytes32":
			head = 4
		}
		if len(b) < head {
			return nil, fmt.Errorf("length is cut off")
		}
		if head > 0 {
			*out = append(*out, segment{prefix + name + " length", b[:head]})
			for _, v := range b[:head] {
				n = n<<8 | int(v)
			}
			b = b[head:]
			if n == 0 {
				return b, nil
			}
		}
	}
	if len(b) < n {
		return nil, fmt.Errorf("%d bytes wanted, %d left", n, len(b))
	}
	*out = append(*out, segment{prefix + name, b[:n]})
	return b[n:], nil
}

func fixedSize(kind string) int {
	switch kind {
	case "u8", "bool":
		return 1
	case "u16", "i16":
		return 2
	case "u32":
		return 4
	case "u64":
		return 8
	}
	n, _ := strconv.Atoi(kind) // bytes; 0 for what has a length of its own
	return n
}

// splitTop splits a layout at the dots outside braces.
func splitTop(layout string) []string {
	var parts []string
	depth, from := 0, 0
	for i, r := range layout {
		switch r {
		case '{':
			depth++
		case '}':
			depth--
		case '·':
			if depth == 0 {
				parts = append(parts, strings.TrimSpace(layout[from:i]))
				from = i + len("·")
			}
		}
	}
	return append(parts, strings.TrimSpace(layout[from:]))
}
