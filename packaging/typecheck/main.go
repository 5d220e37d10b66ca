// Command typecheck checks the types of packages, with their tests, as another
// system's compiler would see them, without that system's C compiler:
//
//	typecheck darwin/arm64 purego ./...
//
// It lists the files that a build with cgo would use for that system and gives
// each package to go/types, which treats names of C as always right. So a call
// of a Go function that does not exist on macOS is found on a Linux machine;
// what only a C compiler or linker can know is not. It prints one line for
// each error and exits with 1 if there are any.
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// target is what the files are chosen for.
type target struct{ system, machine, tags string }

// listed is what go list says of one package.
type listed struct {
	Dir, ImportPath, Name string
	Standard, DepOnly     bool
	GoFiles, CgoFiles     []string
	ImportMap             map[string]string
	Module                *struct{ GoVersion string }
	ForTest               string
	Error                 *struct{ Err string }
}

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: typecheck SYSTEM/MACHINE TAGS PACKAGE...")
		os.Exit(2)
	}
	system, machine, ok := strings.Cut(os.Args[1], "/")
	if !ok {
		fmt.Fprintf(os.Stderr, "typecheck: %q is not SYSTEM/MACHINE\n", os.Args[1])
		os.Exit(2)
	}
	packages, err := list(target{system, machine, os.Args[2]}, os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "typecheck:", err)
		os.Exit(1)
	}
	c := newChecker(machine)
	for _, p := range packages {
		c.check(p)
	}
	fmt.Printf("typecheck %s: %d packages, %d of our own, %d errors\n", os.Args[1], len(packages), c.ours, len(c.errors))
	if len(c.errors) > 0 {
		os.Exit(1)
	}
}

// list asks go list for the packages, their tests and all they need, in an
// order in which each comes after what it imports.
func list(t target, patterns []string) ([]listed, error) {
	args := append([]string{"list", "-e", "-test", "-deps",
		"-json=Dir,ImportPath,Name,Standard,DepOnly,GoFiles,CgoFiles,ImportMap,Module,ForTest,Error",
		"-tags=" + t.tags}, patterns...)
	command := exec.Command("go", args...)
	command.Env = append(os.Environ(), "GOOS="+t.system, "GOARCH="+t.machine, "CGO_ENABLED=1", "GOFLAGS=-buildvcs=false")
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("list packages: %w", err)
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("list packages: %w", err)
	}
	var packages []listed
	for decoder := json.NewDecoder(output); ; {
		var one listed
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("read the list of packages: %w", errors.Join(err, command.Wait()))
		}
		packages = append(packages, one)
	}
	if err := command.Wait(); err != nil {
		return nil, fmt.Errorf("list packages: %w", err)
	}
	return packages, nil
}

// checker keeps the packages that are checked, by their path in go list.
type checker struct {
	files  *token.FileSet
	sizes  types.Sizes
	done   map[string]*types.Package
	ours   int
	errors map[string]bool // told; a package and its test variant share theirs
}

func newChecker(machine string) *checker {
	return &checker{
		files: token.NewFileSet(),
		sizes: types.SizesFor("gc", machine),
		done:  map[string]*types.Package{"unsafe": types.Unsafe},

		errors: map[string]bool{},
	}
}

func (c *checker) report(err error) {
	if text := err.Error(); !c.errors[text] {
		c.errors[text] = true
		fmt.Println(text)
	}
}

// check reads and checks one package. Of what others wrote, only what we see of
// it is checked: not the bodies of functions, and no error is told.
func (c *checker) check(p listed) {
	if p.ImportPath == "unsafe" || strings.HasSuffix(p.ImportPath, ".test") {
		return // the latter is the generated main of a test
	}
	ours := !p.Standard && !p.DepOnly
	if ours {
		c.ours++
		if p.Error != nil {
			c.report(fmt.Errorf("%s: %s", p.ImportPath, p.Error.Err))
		}
	}
	syntax := c.parse(p, ours)
	config := types.Config{
		Importer: importer{c, p.ImportMap}, Sizes: c.sizes, FakeImportC: true, IgnoreFuncBodies: !ours,
		Error: func(err error) {
			if ours {
				c.report(err)
			}
		},
	}
	if p.Module != nil && p.Module.GoVersion != "" {
		config.GoVersion = "go" + p.Module.GoVersion
	}
	// Errors go to config.Error; what could be made of the package is kept.
	checked, _ := config.Check(cmp.Or(p.ForTest, p.ImportPath), c.files, syntax, nil)
	c.done[p.ImportPath] = checked
}

func (c *checker) parse(p listed, ours bool) []*ast.File {
	var syntax []*ast.File
	for _, name := range append(append([]string(nil), p.GoFiles...), p.CgoFiles...) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(p.Dir, name)
		}
		file, err := parser.ParseFile(c.files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			if ours {
				c.report(err)
			}
			continue
		}
		syntax = append(syntax, file)
	}
	return syntax
}

// importer finds the packages that one package imports: by the path in its
// source, which its map may lead to a vendored or a test variant.
type importer struct {
	from *checker
	by   map[string]string
}

func (i importer) Import(path string) (*types.Package, error) {
	if real, ok := i.by[path]; ok {
		path = real
	}
	found := i.from.done[path]
	if found == nil {
		return nil, fmt.Errorf("package %s was not listed for this system", path)
	}
	return found, nil
}
