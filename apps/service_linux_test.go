package apps_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"impero/core/guest"
	"impero/core/keys"
	"impero/core/lab"
	"impero/core/picture"
	"impero/core/seat"
	"impero/core/store"
	"impero/core/x11"
)

// account makes a user of this computer who is gone after the test.
func account(t *testing.T, suffix string) *user.User {
	t.Helper()
	name := fmt.Sprintf("impe2e%d%s", os.Getpid()%100000, suffix)
	if out, err := exec.Command("useradd", "-M", "-d", "/nonexistent", "-s", "/bin/sh", name).CombinedOutput(); err != nil {
		t.Fatalf("useradd: %v: %s; this test wants to be root", err, out)
	}
	t.Cleanup(func() {
		lab.WaitFor(t, patience, "the end of what runs as the user", func() bool { // its agent notices that the service is gone
			return exec.Command("pgrep", "-u", name).Run() != nil
		})
		if out, err := exec.Command("userdel", name).CombinedOutput(); err != nil {
			t.Errorf("userdel: %v: %s", err, out)
		}
	})
	u, err := user.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// as has c run as u, with an environment of u's own.
func as(c *exec.Cmd, u *user.User, env ...string) *exec.Cmd {
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	c.Env = append([]string{"PATH=/usr/bin:/bin", "HOME=/nonexistent"}, env...)
	c.Dir = "/"
	return c
}

// service is Imperohostd on a computer of its own.
type service struct {
	*pc
	address string
	daemon  *exec.Cmd
}

// newService makes a place for one, with a password.
func newService(t *testing.T) *service {
	t.Helper()
	home, err := os.MkdirTemp("", "impero")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	if err := os.Chmod(home, 0o711); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := &service{pc: &pc{t: t, x: lab.StartX(t, lab.Screen{W: 640, H: 480}), home: home}, address: l.Addr().String()}
	if code, out := s.ends(password+"\n", "Imperohostd", "set-password"); code != 0 {
		t.Fatalf("set-password ended with %d: %s", code, out)
	}
	return s
}

// run starts the daemon for a display.
func (s *service) run(args ...string) {
	s.t.Helper()
	s.daemon = s.start(s.command("", "Imperohostd", append([]string{"run", "--listen", s.address}, args...)...))
	s.t.Cleanup(func() {
		if s.t.Failed() {
			s.t.Logf("the daemon's log:\n%s", s.log())
		}
	})
	lab.WaitFor(s.t, patience, "the service to listen", func() bool {
		c, err := net.Dial("tcp", s.address)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

func (s *service) log() string {
	text, _ := os.ReadFile(store.At(s.home).HostLogFile())
	return string(text)
}

// connect connects a Guest without a window.
func (s *service) connect() (*guest.Session, error) {
	s.t.Helper()
	e, err := guest.New(guest.Config{Home: store.At(s.t.TempDir()), Order: picture.RGBX})
	if err != nil {
		s.t.Fatal(err)
	}
	target, err := guest.ParseTarget(s.address, "")
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	return e.Connect(ctx, target, trusting{})
}

// paint gives the whole desktop one colour, "#204080".
func (s *service) paint(colour string) {
	s.t.Helper()
	if out, err := exec.Command("xsetroot", "-display", s.x.Display, "-solid", colour).CombinedOutput(); err != nil {
		s.t.Fatalf("xsetroot: %v: %s", err, out)
	}
}

// shows waits until the Guest's picture has a colour.
func (s *service) shows(g *guest.Session, r, gr, b byte) {
	s.t.Helper()
	lab.WaitFor(s.t, patience, "the Guest to see the desktop's colour", func() bool {
		same := false
		g.Picture(func(f *picture.Frame, _ []picture.Rect, _ *picture.Layout) {
			if len(f.Pix) > 0 {
				at := f.Pix[len(f.Pix)/2/4*4:]
				same = bytes.Equal(at[:3], []byte{r, gr, b})
			}
		})
		return same
	})
}

// keyDown says whether a key is down on the desktop.
func (s *service) keyDown() bool {
	s.t.Helper()
	c, err := x11.Dial(s.t.Context(), s.x.Display)
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Close()
	const queryKeymap = 44
	b, err := c.Call(queryKeymap, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	return !bytes.Equal(b[8:40], make([]byte, 32))
}

// agents are the processes of Imperohost that the daemon started.
func (s *service) agents() (list []int) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		n, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		text, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "status"))
		if strings.HasPrefix(string(text), "Name:\tImperohost\n") && strings.Contains(string(text), fmt.Sprintf("\nPPid:\t%d\n", s.daemon.Process.Pid)) {
			list = append(list, n)
		}
	}
	return list
}

// agentOf waits for the one agent that is not this one, and checks whose it is.
func (s *service) agentOf(u *user.User, not int) int {
	s.t.Helper()
	var list []int
	lab.WaitFor(s.t, patience, "the agent", func() bool {
		list = s.agents()
		return len(list) == 1 && list[0] != not
	})
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", list[0]))
	if want := "\nUid:\t" + strings.Repeat(u.Uid+"\t", 3) + u.Uid + "\n"; err != nil || !strings.Contains(string(text), want) {
		s.t.Fatalf("the agent is not %s's: %v\n%s", u.Username, err, text)
	}
	return list[0]
}

// TestServiceAndItsAgent: the daemon is root, the agent the user at the screen, and nobody else may be the agent.
func TestServiceAndItsAgent(t *testing.T) {
	ann, bob := account(t, "a"), account(t, "b")
	s := newService(t)
	s.paint("#204080")
	s.run("--display", s.x.Display, "--display-user", ann.Username)
	var g *guest.Session
	lab.WaitFor(t, patience, "a session with a picture", func() bool {
		var err error
		g, err = s.connect()
		return err == nil
	})
	defer g.Close()
	s.shows(g, 0x20, 0x40, 0x80)

	agent := s.agentOf(ann, 0)
	for _, what := range []string{"mem", "environ", "fd/0"} { // by which another program of the user could be the agent
		path := fmt.Sprintf("/proc/%d/%s", agent, what)
		if out, err := as(exec.Command("head", "-c1", path), ann).CombinedOutput(); err == nil || !strings.Contains(string(out), "Permission denied") {
			t.Errorf("the user's other programs open %s: %v %s", path, err, out)
		}
	}
	g.Key(keys.LeftShift, true, 0)
	lab.WaitFor(t, patience, "Shift to be down", s.keyDown)
	if err := syscall.Kill(agent, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.paint("#803020")
	s.shows(g, 0x80, 0x30, 0x20)
	if again := s.agentOf(ann, agent); g.Err() != nil || again == agent {
		t.Errorf("after the agent was killed the session ended: %v", g.Err())
	}

	lab.WaitFor(t, patience, "what the killed agent held to go up", func() bool { return !s.keyDown() })

	program, home := filepath.Join(bin, "Imperohost"), store.HomeVariable+"="+s.home
	for _, who := range []*user.User{bob, ann} { // ann's own is not the one that the daemon started
		out, err := as(exec.Command(program, "--agent"), who, home, "DISPLAY="+s.x.Display).CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(string(out), "the Host service runs") {
			t.Errorf("the agent of %s ended with %v: %s", who.Username, err, out)
		}
		lab.WaitFor(t, patience, "the refusal in the log", func() bool {
			return strings.Contains(s.log(), "user="+who.Uid) && strings.Contains(s.log(), "refused as the agent")
		})
	}
	root := exec.Command(program, "--agent")
	root.Env = append(os.Environ(), home)
	if out, err := root.CombinedOutput(); err == nil || !strings.Contains(string(out), "does not run as root") {
		t.Errorf("as root it ended with %v: %s", err, out)
	}
	s.paint("#10c010")
	s.shows(g, 0x10, 0xc0, 0x10)
	if text := s.log(); strings.Contains(text, password) {
		t.Error("the log has the password")
	}
}

// TestServiceWithoutADesktop: the logon works, and remote control is refused with the reason.
func TestServiceWithoutADesktop(t *testing.T) {
	s := newService(t)
	s.run("--display", ":987")
	lab.WaitFor(t, patience, "the service to know that there is no desktop", func() bool { return strings.Contains(s.log(), "no desktop to share") })
	_, err := s.connect()
	var why *guest.Error
	if !errors.As(err, &why) || why.Kind != guest.KindNoDisplay || why.Detail != seat.NobodyHere {
		t.Errorf("connecting ended with %v", err)
	}
	if text := s.log(); !strings.Contains(text, "logged on") {
		t.Errorf("nobody logged on:\n%s", text)
	}
}

// TestServiceScript runs the script of /etc/init.d.
func TestServiceScript(t *testing.T) {
	s := newService(t)
	script := func(verb string) (int, string) {
		c := exec.Command("../packaging/service/Imperohostd.init", verb)
		c.Env = append(os.Environ(), store.HomeVariable+"="+s.home, "IMPERO_PROGRAM="+filepath.Join(bin, "Imperohostd"), "IMPERO_DEFAULTS=/dev/null",
			"OPTIONS=--listen "+s.address+" --display :987")
		out, err := c.CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return c.ProcessState.ExitCode(), string(out)
	}
	t.Cleanup(func() { script("stop") })
	for _, step := range []struct {
		verb string
		code int
		says string
	}{
		{"status", 3, "does not run"}, {"reload", 7, "does not run"}, {"start", 0, "started"}, {"reload", 0, "by itself"}, {"status", 0, "runs (process "}, {"start", 0, "runs already"},
		{"restart", 0, "started"}, {"status", 0, "runs (process "}, {"stop", 0, "stopped"}, {"status", 3, "does not run"},
		{"stop", 0, "does not run"}, {"dance", 2, "Usage"},
	} {
		if code, out := script(step.verb); code != step.code || !strings.Contains(out, step.says) {
			t.Fatalf("%s ended with %d and said %q; want %d, %q", step.verb, code, out, step.code, step.says)
		}
	}
}
