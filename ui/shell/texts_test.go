package shell

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"impero/assets"
)

// TestEveryPhraseIsInEveryLanguage looks for the keys of phrases and of lang.L,
// which no compiler checks.
func TestEveryPhraseIsInEveryLanguage(t *testing.T) {
	languages := map[string]map[string]any{}
	files, err := assets.Lang.ReadDir("lang")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := assets.Lang.ReadFile("lang/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(f.Name(), ".")
		language := parts[len(parts)-2]
		if languages[language] == nil {
			languages[language] = map[string]any{}
		}
		texts := languages[language]
		if err := json.Unmarshal(b, &texts); err != nil {
			t.Fatalf("%s: %v", f.Name(), err)
		}
	}
	keys := phrases(t)
	if len(keys) < 100 || len(languages) < 2 {
		t.Fatalf("found %d phrases and %d languages", len(keys), len(languages))
	}
	for key, plural := range keys {
		for language, texts := range languages {
			text, ok := texts[key]
			_, forms := text.(map[string]any)
			switch {
			case !ok:
				t.Errorf("%s has no text for %q", language, key)
			case forms != plural:
				t.Errorf("%s: %q has forms for one and many: %v; it is used with a count: %v", language, key, forms, plural)
			}
		}
	}
}

// phrases finds the keys in all of ui, and whether each is a plural.
func phrases(t *testing.T) map[string]bool {
	keys := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || d.Name() == "say.go" {
			return err // say.go says the keys of others
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			name := called(call)
			if !slices.Contains([]string{"phrase.New", "phrase.With", "phrase.Count", "lang.L"}, name) {
				return true
			}
			literal, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: %s has a key that is no literal", path, name)
				return true
			}
			key, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			keys[key] = name == "phrase.Count"
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// called is the package and name of a call, "" for others.
func called(call *ast.CallExpr) string {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	from, ok := selector.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return from.Name + "." + selector.Sel.Name
}
