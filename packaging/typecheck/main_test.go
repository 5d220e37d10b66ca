package main

import (
	"os"
	"strings"
	"testing"
)

// TestFindsWhatAnotherSystemsCompilerWould makes a module whose faults lie in
// files that this machine's compiler never reads, and one that is right there.
func TestFindsWhatAnotherSystemsCompilerWould(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"go.mod":            "module example\n\ngo 1.26.0\n",
		"all.go":            "package example\n\nimport \"os\"\n\nvar Size = len(os.Args)\n",
		"bad_darwin.go":     "package example\n\nfunc Darwin() int { return Size + missing }\n",
		"cgo_darwin.go":     "package example\n\n// #include <stdio.h>\nimport \"C\"\n\nvar Any = C.whatever(1)\n",
		"good_windows.go":   "package example\n\nfunc Windows() int { return Size }\n",
		"bad_test.go":       "package example\n\nvar text string = Size\n",
		"bad_plan9_test.go": "package example\n\nvar also string = Size\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for system, want := range map[string][]string{
		"darwin":  {"bad_darwin.go:3:35: undefined: missing", "bad_test.go:3:19: cannot use Size"},
		"windows": {"bad_test.go:3:19: cannot use Size"},
	} {
		packages, err := list(target{system, "arm64", "purego"}, []string{"./..."})
		if err != nil {
			t.Fatal(err)
		}
		c := newChecker("arm64")
		for _, p := range packages {
			c.check(p)
		}
		for _, part := range want {
			found := false
			for text := range c.errors {
				found = found || strings.Contains(text, part)
			}
			if !found {
				t.Errorf("%s: %q was not found in %v", system, part, c.errors)
			}
		}
		if len(c.errors) != len(want) {
			t.Errorf("%s: %d errors, want %d: %v", system, len(c.errors), len(want), c.errors)
		}
	}
}
