package host

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"impero/assets"
)

// keysOf gives the literal keys of all phrases of this package.
func keysOf(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"New", "With", "Count", "L"}, sel.Sel.Name) {
				return true
			}
			if from, ok := sel.X.(*ast.Ident); !ok || from.Name != "phrase" && from.Name != "lang" {
				return true
			}
			lit, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: a phrase whose key is no literal", file)
				return true
			}
			key, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, key)
			return true
		})
	}
	return keys
}

var place = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// places gives the places of a text, sorted.
func places(text string) []string {
	var names []string
	for _, m := range place.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestEveryPhraseIsInEveryLanguage(t *testing.T) {
	keys := keysOf(t)
	if len(keys) < 80 {
		t.Fatalf("found %d phrases only", len(keys))
	}
	for _, language := range []string{"en", "de"} {
		b, err := assets.Lang.ReadFile("lang/host." + language + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]any
		if err := json.Unmarshal(b, &texts); err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			switch said := texts[key].(type) {
			case string:
				if !slices.Equal(places(said), places(key)) {
					t.Errorf("%s: %q has other places than %q", language, said, key)
				}
			case map[string]any:
				for _, form := range []string{"one", "other"} {
					if s, _ := said[form].(string); !slices.Equal(places(s), places(key)) {
						t.Errorf("%s: form %s of %q is %q", language, form, key, s)
					}
				}
			default:
				t.Errorf("%s has no text for %q", language, key)
			}
		}
		for key := range texts {
			if !slices.Contains(keys, key) {
				t.Errorf("%s has a text for %q, which nothing says", language, key)
			}
		}
	}
}

// TestPresenterKnowsNoFyne keeps the presenter free of windows: only the files
// named here may import Fyne and the widgets.
func TestPresenterKnowsNoFyne(t *testing.T) {
	views := []string{"window.go", "menu.go", "options.go", "block.go", "facts.go", "guests.go", "passworddialog.go", "help.go", "tray.go", "guard.go", "confirmview.go", "note.go", "strip.go"}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || slices.Contains(views, file) {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, src, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if free := []string{"impero/ui/shell/phrase", "impero/ui/shell/day", "impero/ui/shell/level"}; strings.HasPrefix(path, "fyne.io/") ||
				strings.HasPrefix(path, "impero/ui/") && !slices.Contains(free, path) {
				t.Errorf("%s imports %s; the presenter must work without a window", file, path)
			}
		}
	}
}
