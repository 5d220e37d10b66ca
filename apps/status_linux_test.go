package apps_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"impero/core/guest"
	"impero/core/lab"
	"impero/core/store"
)

// runSaying starts the daemon and gives the file of what it says on standard error.
func (s *service) runSaying(args ...string) string {
	s.t.Helper()
	said := filepath.Join(s.t.TempDir(), "said")
	c := s.command("", "Imperohostd")
	c.Path, c.Args = "/bin/sh", append([]string{"sh", "-c", `exec "$0" "$@" 2>` + said, c.Path, "run", "--listen", s.address}, args...)
	s.daemon = s.start(c)
	s.t.Cleanup(func() {
		if s.t.Failed() {
			text, _ := os.ReadFile(said)
			s.t.Logf("the daemon said:\n%s\nand logged:\n%s", text, s.log())
		}
	})
	return said
}

// asks runs a program of ours as another user; it gives its exit code and all it said.
func (s *service) asks(u *user.User, program string, args ...string) (int, string) {
	s.t.Helper()
	c := as(exec.Command(filepath.Join(bin, program), args...), u, store.HomeVariable+"="+s.home, "DISPLAY="+s.x.Display)
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), string(out)
}

// TestServiceSaysWhatItDoes: to whoever starts it in a terminal, to whoever asks for its status, and to whoever starts a Host beside it.
func TestServiceSaysWhatItDoes(t *testing.T) {
	ann, bob := account(t, "a"), account(t, "b")
	s := newService(t)
	if code, out := s.ends("", "Imperohostd", "status"); code != 3 || !strings.Contains(out, "does not run") || !strings.Contains(out, "sudo service Imperohostd start") {
		t.Errorf("status without a service ends with %d: %s", code, out)
	}
	said := s.runSaying("--display", s.x.Display, "--display-user", ann.Username)
	listening := "Listens on     " + s.address + ", since "
	lab.WaitFor(t, patience, "the service to say that it listens", func() bool {
		text, _ := os.ReadFile(said)
		return bytes.Contains(text, []byte(listening))
	})
	text, err := os.ReadFile(said)
	for _, want := range []string{"Ctrl+C ends it", filepath.Join(s.home, "host", "host.xml"), store.At(s.home).HostLogFile()} {
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("it does not say %q: %s, %v", want, text, err)
		}
	}
	var g *guest.Session
	lab.WaitFor(t, patience, "a session with a picture", func() bool {
		g, err = s.connect()
		return err == nil
	})
	defer g.Close()
	s.agentOf(ann, 0)
	known := []string{"runs (process ", listening, "Guests         1 of 8: ", "Desktop        shared\n"}
	root := func(program string, args ...string) (int, string) { return s.ends("", program, args...) }
	by := func(u *user.User) func(string, ...string) (int, string) {
		return func(program string, args ...string) (int, string) { return s.asks(u, program, args...) }
	}
	for who, c := range map[string]struct {
		run     func(string, ...string) (int, string)
		command []string
		code    int
		says    []string
	}{
		"root's status":                {root, []string{"Imperohostd", "status"}, 0, known},
		"the user's status":            {by(ann), []string{"Imperohostd", "status"}, 0, known},
		"another's status":             {by(bob), []string{"Imperohostd", "status"}, 0, []string{"runs (process ", "is shown to the user at the screen"}},
		"root's Host":                  {root, []string{"Imperohost"}, 1, []string{"no window was shown"}},
		"root's Host without a window": {root, []string{"Imperohost", "--headless"}, 1, []string{"nothing to start"}},
		"the user's without a window":  {by(ann), []string{"Imperohost", "--headless"}, 1, []string{"nothing to start"}},
	} {
		code, out := c.run(c.command[0], c.command[1:]...)
		for _, want := range c.says {
			if code != c.code || !strings.Contains(out, want) || strings.Contains(out, "window is shown.") {
				t.Errorf("%s ends with %d and says %q; want %d, %q", who, code, out, c.code, want)
			}
		}
	}
	s.daemon.Process.Signal(syscall.SIGTERM)
	lab.WaitFor(t, patience, "the service to end", func() bool {
		code, _ := root("Imperohostd", "status")
		return code == 3
	})
}
