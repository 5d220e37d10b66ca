package hostmanager

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"impero/assets"
)

// sources gives the Go files of the window and what is beneath it, without tests.
func sources(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, pattern := range []string{"*.go", "presenter/*.go", "hostfile/*.go", "hostservice/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = string(b)
		}
	}
	return files
}

func TestEveryTextIsSaid(t *testing.T) {
	b, err := assets.Lang.ReadFile("lang/hostmanager.en.json")
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]any
	if err := json.Unmarshal(b, &texts); err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, s := range sources(t) {
		all += s
	}
	for key := range texts {
		if !strings.Contains(all, strconv.Quote(key)) {
			t.Errorf("nothing says %q", key)
		}
	}
}

// TestPresenterKnowsNoFyne: it is tested, and its backends work, without a window.
func TestPresenterKnowsNoFyne(t *testing.T) {
	for name, src := range sources(t) {
		if filepath.Dir(name) == "." {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			if strings.Contains(i.Path.Value, "fyne.io") || i.Path.Value == `"impero/ui/shell"` || strings.HasPrefix(i.Path.Value, `"impero/ui/widgets`) {
				t.Errorf("%s imports %s", name, i.Path.Value)
			}
		}
	}
}
