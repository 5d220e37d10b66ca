package assets

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// texts reads the keys of every language; a language may have several files,
// <area>.<language>.json.
func texts(t *testing.T) map[string]map[string]any {
	t.Helper()
	files, err := fs.Glob(Lang, "lang/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no language files: %v", err)
	}
	languages := map[string]map[string]any{}
	for _, name := range files {
		b, err := Lang.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var keys map[string]any
		if err := json.Unmarshal(b, &keys); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		parts := strings.Split(strings.TrimSuffix(filepath.Base(name), ".json"), ".")
		l := parts[len(parts)-1]
		if languages[l] == nil {
			languages[l] = map[string]any{}
		}
		for k, v := range keys {
			if old, ok := languages[l][k]; ok && !same(old, v) {
				t.Errorf("%s says %q otherwise than another file of %s", name, k, l)
			}
			languages[l][k] = v
		}
	}
	return languages
}

func same(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

func TestEveryLanguageHasEveryKey(t *testing.T) {
	languages := texts(t)
	for _, l := range []string{"en", "de"} {
		if languages[l] == nil {
			t.Fatalf("no texts in %s", l)
		}
	}
	all := map[string]bool{}
	for _, keys := range languages {
		for k := range keys {
			all[k] = true
		}
	}
	for l, keys := range languages {
		for k := range all {
			if v, ok := keys[k]; !ok || v == "" {
				t.Errorf("%s has no text for %q", l, k)
			}
		}
	}
}

// TestKeysHaveOneName: Fyne's menus write Ctrl and Del in every language, and so does the guide.
func TestKeysHaveOneName(t *testing.T) {
	for key, text := range texts(t)["de"] {
		for _, name := range []string{"Strg", "Entf", "Umschalt", "Eingabe "} {
			if said, ok := text.(string); ok && strings.Contains(said+" ", name) {
				t.Errorf("%q calls a key %s: %q", key, name, said)
			}
		}
	}
}

func TestEveryTextInUIHasAKey(t *testing.T) {
	english := texts(t)["en"]
	used := map[string]string{}
	err := filepath.WalkDir("../ui", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		return collect(path, used)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(used) == 0 {
		t.Fatal("no lang.L found in ui")
	}
	var missing []string
	for k, path := range used {
		if _, ok := english[k]; !ok {
			missing = append(missing, path+": "+k)
		}
	}
	sort.Strings(missing)
	for _, m := range missing {
		t.Errorf("no text for %s", m)
	}
}

// collect adds the keys a file gives to lang.L, lang.N, lang.X and lang.XN.
func collect(path string, used map[string]string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	f, err := parser.ParseFile(token.NewFileSet(), path, b, 0)
	if err != nil {
		return err
	}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !slices.Contains([]string{"L", "N", "X", "XN", "Localize", "LocalizePlural"}, sel.Sel.Name) {
			return true
		}
		if from, ok := sel.X.(*ast.Ident); !ok || from.Name != "lang" {
			return true
		}
		if lit, ok := call.Args[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if k, err := strconv.Unquote(lit.Value); err == nil {
				used[k] = path
			}
		}
		return true
	})
	return nil
}
