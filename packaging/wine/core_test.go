//go:build wine

package wine

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPackages runs the tests of what touches the system, and the suite of a Host and its Guests, built for Windows.
func TestPackages(t *testing.T) {
	run, err := filepath.Abs("testdata/exec")
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("go", "test", "-json", "-vet=off", "-exec="+run, "-timeout=8m",
		// These look at the source with the go command, which is not there.
		"-skip=TestHostNeedsNoDisplay",
		"./core", "./core/agent", "./core/host", "./core/inject", "./core/local", "./core/logs", "./core/store", "./core/transport", "./ui/native")
	c.Dir = "../.."
	c.Env = append(os.Environ(), "GOFLAGS=-trimpath -buildvcs=false -tags=purego", "GOOS=windows", "CGO_ENABLED=0",
		"DISPLAY="+newDesk(t).x.Display, "HOME="+home)
	c.Stderr = os.Stderr
	out, err := c.Output()
	passed := 0
	for name, complaints := range results(t, out) {
		if len(complaints) > 0 {
			t.Errorf("%s:\n%s", name, strings.Join(complaints, ""))
			continue
		}
		passed++
	}
	if passed < 100 {
		t.Errorf("only %d tests passed (%v)", passed, err)
	}
	t.Log(passed, "tests passed")
}

// results gives what each test complained about, and each package that ended before its tests did. That Go deletes files
// in a way that Wine 8 lacks is no complaint, nor is a figure.
func results(t *testing.T, out []byte) map[string][]string {
	t.Helper()
	said, complaints, running := map[string][]string{}, map[string][]string{}, map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e struct{ Action, Package, Test, Output string }
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Errorf("%v in %q", err, lines.Text())
			continue
		}
		name := e.Package + " " + e.Test
		switch text := strings.TrimSpace(e.Output); e.Action {
		case "run":
			running[name] = true
		case "output":
			frame := strings.HasPrefix(text, "=== ") || strings.HasPrefix(text, "--- ") || strings.HasPrefix(text, "FAIL") || text == "exit status 1"
			if !frame && !strings.HasSuffix(text, ": Invalid function.") && !strings.Contains(text, ": figure: ") {
				said[name] = append(said[name], e.Output)
			}
		case "build-output":
			t.Error(text)
		case "fail", "skip":
			complaints[name] = said[name]
			delete(running, name)
		case "pass":
			complaints[name] = nil
			delete(running, name)
		}
	}
	for name := range running {
		complaints[name] = append(said[name], "it did not end\n")
	}
	return complaints
}
