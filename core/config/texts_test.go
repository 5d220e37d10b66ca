package config

import (
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"impero/assets"
)

var update = flag.Bool("update", false, "write the files that are made from the table")

// textKeys gives every text key of the table and of the messages.
func textKeys(t *testing.T) map[string]bool {
	t.Helper()
	keys := map[string]bool{}
	for e := range elements(Schema()) {
		keys[e.Name], keys[e.Help] = true, true
		for _, a := range e.Attributes {
			for _, k := range []string{a.Name, a.Help, a.Unit, a.Waits, a.Effect.Name()} {
				keys[k] = true
			}
			for _, v := range a.Values {
				keys[v.Name], keys[v.Waits] = true, true
			}
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, name := range files {
		if !strings.HasSuffix(name, "_test.go") {
			messages(t, name, keys)
		}
	}
	delete(keys, "")
	return keys
}

// messages adds what a file gives to say and fault, and every text with a place in it.
func messages(t *testing.T, name string, keys map[string]bool) {
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, _ := strconv.Unquote(lit.Value); strings.Contains(s, "{{.") && !strings.Contains(s, "{{.Name}} places") {
				keys[s] = true
			}
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		if id, ok := call.Fun.(*ast.Ident); ok && (id.Name == "say" || id.Name == "fault") {
			if lit, ok := call.Args[0].(*ast.BasicLit); ok {
				s, _ := strconv.Unquote(lit.Value)
				keys[s] = true
			}
		}
		return true
	})
}

func language(t *testing.T, name string) map[string]string {
	t.Helper()
	b, err := assets.Lang.ReadFile("lang/" + name)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(b, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestEveryTextStandsInTheLanguageFiles(t *testing.T) {
	keys := textKeys(t)
	if *update {
		english := map[string]string{}
		for k := range keys {
			english[k] = k
		}
		writeJSON(t, "../../assets/lang/config.en.json", english)
		return
	}
	for _, name := range []string{"config.en.json", "config.de.json"} {
		texts := language(t, name)
		for k := range keys {
			if texts[k] == "" {
				t.Errorf("%s has no text for %q", name, k)
			}
		}
		for k := range texts {
			if !keys[k] {
				t.Errorf("%s has %q, which nothing uses", name, k)
			}
		}
	}
}

func TestTranslationsHaveTheSamePlaces(t *testing.T) {
	for k, german := range language(t, "config.de.json") {
		for _, place := range places.FindAllString(k, -1) {
			if !strings.Contains(german, place) {
				t.Errorf("the German of %q lacks %s", k, place)
			}
		}
	}
}

func writeJSON(t *testing.T, path string, v any) {
	t.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
