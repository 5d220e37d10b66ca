package version

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestOneNumberEverywhere(t *testing.T) {
	for _, place := range []struct {
		file    string
		pattern string
	}{
		{"../../FyneApp.toml", `(?m)^Version = "([^"]+)"`},
		{"../../packaging/CHANGELOG.md", `(?m)^## (\d+\.\d+\.\d+)`},
	} {
		text, err := os.ReadFile(place.file)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(place.pattern).FindSubmatch(text)
		if found == nil {
			t.Fatalf("%s names no version", place.file)
		}
		if got := string(found[1]); got != Version {
			t.Errorf("%s says %s, the programs say %s", place.file, got, Version)
		}
	}
}

func TestLine(t *testing.T) {
	line := Line("ImperoGuest")
	if !strings.HasPrefix(line, "ImperoGuest "+Version+" (go") || strings.Contains(line, "\n") {
		t.Errorf("version line is %q", line)
	}
}
