package core_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// top is the module's folder, seen from this test.
const top = ".."

// fyneDoor is the only folder that may post to Fyne's main thread.
const fyneDoor = "ui/shell"

// maxMain is how many lines a file of a main may have.
const maxMain = 150

// source is one Go file of the module, whatever system it is for.
type source struct {
	path, folder string // with slashes, from the module's folder
	test         bool
	name         string // of its package
	imports      []string
	comment      bool // it has a package comment
	lines        int
	syntax       *ast.File
}

// tree reads every Go file of the module.
func tree(t *testing.T) []source {
	t.Helper()
	var files []source
	err := filepath.WalkDir(top, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if base := entry.Name(); base != ".." && (strings.HasPrefix(base, ".") || base == "bin" || base == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) == ".go" {
			file, err := read(name)
			if errors.Is(err, fs.ErrNotExist) {
				return nil // an editor's file that came and went
			}
			if err != nil {
				return err
			}
			files = append(files, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no Go files were found: the rules hold nothing")
	}
	return files
}

func read(name string) (source, error) {
	relative, err := filepath.Rel(top, name)
	if err != nil {
		return source{}, err
	}
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, name, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	slashed := filepath.ToSlash(relative)
	file := source{
		path: slashed, folder: path.Dir(slashed), test: strings.HasSuffix(slashed, "_test.go"),
		name: syntax.Name.Name, comment: strings.TrimSpace(syntax.Doc.Text()) != "",
		lines: files.File(syntax.FileStart).LineCount(), syntax: syntax,
	}
	for _, spec := range syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, err
		}
		file.imports = append(file.imports, imported)
	}
	return file, nil
}

// TestHostNeedsNoDisplay: the daemon half runs as a service, on servers without
// a desktop and in containers without a C library.
func TestHostNeedsNoDisplay(t *testing.T) {
	const reason = "the daemon half runs on machines without a display or a C library"
	banned := []string{"fyne.io", "github.com/go-gl", "github.com/go-vgo/robotgo", "github.com/kbinani/screenshot",
		"github.com/jezek/xgb", "impero/core/x11", "impero/core/capture", "impero/core/inject", "impero/core/lab", "impero/ui"}
	for _, folder := range []string{"core/host", "core/daemon", "apps/hostd"} {
		if _, err := os.Stat(filepath.Join(top, folder)); errors.Is(err, fs.ErrNotExist) {
			continue // the rule waits for it
		}
		for _, system := range []string{"linux", "windows", "darwin"} {
			for _, dep := range dependencies(t, system, "./"+folder) {
				if slices.ContainsFunc(banned, func(b string) bool { return within(dep.ImportPath, b) }) {
					t.Errorf("%s on %s needs %s: %s", folder, system, dep.ImportPath, reason)
				}
				// purego is cgo only where cgo is on; the daemon is built without, and opens PAM at run time.
				if !dep.Standard && len(dep.CgoFiles) > 0 && !within(dep.ImportPath, "github.com/ebitengine/purego") {
					t.Errorf("%s on %s needs %s, which is cgo: %s", folder, system, dep.ImportPath, reason)
				}
			}
		}
	}
}

type dependency struct {
	ImportPath string
	Standard   bool
	CgoFiles   []string
}

// dependencies are all packages that one needs on a system, with cgo allowed,
// so that cgo files are seen.
func dependencies(t *testing.T, system, pattern string) []dependency {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,CgoFiles", pattern)
	list.Dir = top
	list.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=1")
	var problems strings.Builder
	list.Stderr = &problems
	output, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v: %s", err, problems.String())
	}
	var all []dependency
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var one dependency
		err := decoder.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
}

// TestOneDoorToTheMainThread: presenters get a post function, so that they can
// be tested without a window; in Fyne's test driver fyne.Do runs at once, on
// the goroutine that called it, and hides a race.
func TestOneDoorToTheMainThread(t *testing.T) {
	doors := map[string]bool{}
	for _, file := range tree(t) {
		if !file.test && slices.Contains(file.imports, "fyne.io/fyne/v2") && postsToFyne(file.syntax) {
			doors[file.path] = true
			if file.folder != fyneDoor {
				t.Errorf("%s calls fyne.Do; use the post function that %s gives", file.path, fyneDoor)
			}
		}
	}
	if len(doors) > 1 {
		t.Errorf("%d files call fyne.Do: %v", len(doors), doors)
	}
}

func postsToFyne(syntax *ast.File) bool {
	found := false
	ast.Inspect(syntax, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		from, ok := selector.X.(*ast.Ident)
		if ok && from.Name == "fyne" && (selector.Sel.Name == "Do" || selector.Sel.Name == "DoAndWait") {
			found = true
		}
		return true
	})
	return found
}

// TestEveryPackageSaysWhatItIs: what it is, its contract, who may call it when.
func TestEveryPackageSaysWhatItIs(t *testing.T) {
	says := map[string]bool{}
	for _, file := range tree(t) {
		key := file.folder
		if file.test && strings.HasSuffix(file.name, "_test") && file.folder != "core" {
			continue
		}
		says[key] = says[key] || file.comment
	}
	for folder, comment := range says {
		if !comment {
			t.Errorf("%s has no package comment", folder)
		}
	}
}

// TestMainsAreThin: a main is flags, signals, wiring; the rest can be tested
// only in a library.
func TestMainsAreThin(t *testing.T) {
	for _, file := range tree(t) {
		if !within(file.folder, "apps") || strings.HasSuffix(file.path, "_test.go") {
			continue
		}
		if file.lines > maxMain {
			t.Errorf("%s has %d lines, %d at most: move what is not wiring to a library", file.path, file.lines, maxMain)
		}
		if file.name != "main" {
			t.Errorf("%s is package %s: a library belongs in core or ui", file.path, file.name)
		}
	}
}

// TestTopLevel: whoever opens the tree finds the same few doors as ever.
func TestTopLevel(t *testing.T) {
	// bin, run.png, bench and bench.json are what make build, run and bench leave; git ignores them.
	allowed := []string{"apps", "assets", "bench", "bench.json", "bin", "run.png", "core", "packaging", "ui",
		"FyneApp.toml", "LICENSE", "Makefile", "README.md", "go.mod", "go.sum"}
	entries, err := os.ReadDir(top)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if name := entry.Name(); !strings.HasPrefix(name, ".") && !slices.Contains(allowed, name) {
			t.Errorf("%s does not belong at the top", name)
		}
	}
}
