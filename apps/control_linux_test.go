package apps_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"impero/core/config"
	"impero/core/control"
	"impero/core/guest"
	"impero/core/lab"
	"impero/core/local"
	"impero/core/store"
)

// visitVariable names what a program of another user, which is this test's own, sends to the control socket: its place, and
// requests as a JSON list.
const visitVariable = "IMPERO_TEST_VISIT"

type visit struct {
	Path     string
	Requests []control.Request
}

// visiting is that program: it writes each reply as a line, and why there is none.
func visiting(text string) int {
	var v visit
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return 2
	}
	c, err := local.Dial(context.Background(), v.Path)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	for _, r := range v.Requests {
		m, err := control.AppendMessage(&r)
		if err == nil {
			_, err = c.Write(m)
		}
		var n int
		if err == nil {
			n, err = control.ReadLength(c, control.MaxLarge)
		}
		if err != nil {
			fmt.Println(err)
			return 1
		}
		body, err := control.ReadBody(c, n)
		fmt.Println(string(body))
		if err != nil {
			return 1
		}
	}
	return 0
}

// visitor puts this test's own program where every user may run it.
func visitor(t *testing.T) string {
	t.Helper()
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(bin, "visitor")
	if err := os.WriteFile(program, self, 0o755); err != nil {
		t.Fatal(err)
	}
	return program
}

// visits has a user send requests, and gives the replies.
func (s *service) visits(program string, u *user.User, requests ...control.Request) (list []*control.Reply) {
	s.t.Helper()
	for i := range requests {
		requests[i].ID = uint32(i + 1)
	}
	text, err := json.Marshal(visit{store.At(s.home).ControlSocket(), requests})
	if err != nil {
		s.t.Fatal(err)
	}
	out, _ := as(exec.Command(program), u, visitVariable+"="+string(text)).CombinedOutput()
	for line := range bytes.Lines(out) {
		reply, err := control.ParseReply(bytes.TrimSuffix(line, []byte("\n")))
		if err != nil {
			s.t.Logf("%s: %s", u.Username, line)
			return list
		}
		list = append(list, reply)
	}
	return list
}

var (
	sayHello = control.Request{Op: control.OpHello, Version: control.Version}
	logOn    = control.Request{Op: control.OpLogon, Account: &control.Account{}}
)

// pam installs the service file for accounts, if there is none.
func pam(t *testing.T) {
	t.Helper()
	const file = "/etc/pam.d/imperohost"
	text, err := os.ReadFile("../packaging/pam/imperohost")
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, os.ErrExist) {
		return
	}
	if err == nil {
		_, err = f.Write(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		t.Fatalf("%v; this test wants to be root", err)
	}
	t.Cleanup(func() { os.Remove(file) })
}

// setAccount gives a user a password.
func setAccount(t *testing.T, u *user.User, pw string) {
	t.Helper()
	c := exec.Command("chpasswd", "-c", "SHA256")
	c.Stdin = strings.NewReader(u.Username + ":" + pw + "\n")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("chpasswd: %v: %s", err, out)
	}
}

// administrator is root at the control socket.
func (s *service) administrator() (*control.Client, *control.Configuration) {
	s.t.Helper()
	c := &control.Client{Path: store.At(s.home).ControlSocket(), Own: true}
	s.t.Cleanup(c.Close)
	if _, err := c.Hello(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if _, err := c.Open(s.t.Context(), control.Account{}); err != nil {
		s.t.Fatal(err)
	}
	now, err := c.Load(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return c, now
}

// configure changes one value, as root.
func (s *service) configure(p config.Path, attribute, value string) {
	s.t.Helper()
	c, now := s.administrator()
	defer c.Close()
	if err := now.Document.Set(p, attribute, value); err != nil {
		s.t.Fatal(err)
	}
	if _, err := c.Apply(s.t.Context(), now.Document, now.Revision); err != nil {
		s.t.Fatalf("%s %s: %v", p, attribute, err)
	}
}

const (
	localConfiguration = config.Root + "/Configuration/LocalConfiguration"
	security           = localConfiguration + "/HostComputer/Security"
)

// TestOtherUsersGetNothing: whoever is not at the screen gets no more than the Host's name without a password, and can read
// neither the configuration nor the screen's shared memory. A wrong password takes its time and is logged.
func TestOtherUsersGetNothing(t *testing.T) {
	pam(t)
	ann, bob := account(t, "a"), account(t, "b")
	const word = "correct-Horse-7"
	setAccount(t, ann, word)
	setAccount(t, bob, word)
	s, program := newService(t), visitor(t)
	s.run("--display", s.x.Display, "--display-user", ann.Username)
	g := s.session()
	defer g.Close()

	for op, requests := range map[string][]control.Request{
		"state": {{Op: control.OpState}}, "snapshot": {sayHello, {Op: control.OpSnapshot}}, "watch": {sayHello, {Op: control.OpWatch}},
	} {
		list := s.visits(program, bob, requests...)
		if last := list[len(list)-1]; last.Failure == nil || last.Failure.Code != control.CodeOrder || last.State != nil || last.Snapshot != nil {
			t.Errorf("%s before the logon: %+v", op, last)
		}
	}
	list := s.visits(program, bob, sayHello, logOn, control.Request{Op: control.OpState})
	if h := list[0].Hello; h == nil || h.Wants != control.WantsAccount || h.Here || h.User != bob.Username {
		t.Errorf("the hello to another user: %+v", h)
	}
	if len(list) != 3 || list[1].Failure.Code != control.CodeNotAllowed || list[2].Failure.Code != control.CodeOrder {
		t.Errorf("another user logs on without a password: %+v", list)
	}
	began := time.Now()
	list = s.visits(program, bob, sayHello, control.Request{Op: control.OpLogon, Account: &control.Account{User: ann.Username, Password: "guess-again-1"}})
	if f := list[1].Failure; f == nil || f.Code != control.CodeDenied || time.Since(began) < 3*time.Second {
		t.Errorf("a wrong password: %+v after %s", list[1], time.Since(began))
	}
	reader := control.Request{Op: control.OpLogon, Account: &control.Account{User: bob.Username, Password: word}}
	list = s.visits(program, bob, sayHello, reader, control.Request{Op: control.OpSnapshot}, control.Request{Op: control.OpStop})
	if r := list[1].Rights; r == nil || !r.See || r.Change || r.Steer {
		t.Errorf("an account that the configuration does not name: %+v", list[1])
	}
	if list[2].Snapshot == nil || strings.Contains(list[2].Snapshot.Document, "verifier:") || list[3].Failure.Code != control.CodeNotAllowed {
		t.Errorf("what it gets: %+v", list[2:])
	}
	was := list[2].Snapshot
	s.configure(security+"/ConfigurationAccess", "Account", bob.Username)
	list = s.visits(program, bob, sayHello, reader, control.Request{Op: control.OpApply, Document: was.Document, Revision: was.Revision})
	if list[1].Rights == nil || !list[1].Rights.Change {
		t.Errorf("an account that the configuration names: %+v", list[1])
	}
	if f := list[2].Failure; f == nil || f.Code != control.CodeConflict || !strings.Contains(f.Snapshot.Document, bob.Username) {
		t.Errorf("it changes what root changed meanwhile: %+v", list[2])
	}
	list = s.visits(program, ann, sayHello, logOn, control.Request{Op: control.OpState}, control.Request{Op: control.OpSnapshot})
	if list[2].State == nil || len(list[2].State.Sessions) != 1 || list[3].Failure.Code != control.CodeNotAllowed {
		t.Errorf("the user at the screen: %+v", list)
	}

	home := store.At(s.home)
	for _, file := range []string{filepath.Join(home.HostDir(), config.FileName), filepath.Join(home.HostDir(), "identity.key"), home.HostLogFile(), home.HostEventFile()} {
		if out, err := as(exec.Command("cat", file), bob).CombinedOutput(); err == nil {
			t.Errorf("another user reads %s: %s", file, out)
		}
	}
	s.sharedMemoryIsPrivate(ann)
	events, err := os.ReadFile(home.HostEventFile())
	if err != nil || !strings.Contains(string(events), "CONF+") || !strings.Contains(string(events), "CONF-") {
		t.Errorf("the event log has not both a change and a refusal: %v\n%s", err, events)
	}
	log := s.log()
	for _, want := range []string{"refused at the control socket", "account=" + ann.Username, "user=" + bob.Uid, "the configuration was changed"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	for _, secret := range []string{word, "guess-again-1"} {
		if strings.Contains(log, secret) {
			t.Error("the log has a password")
		}
	}
}

// session connects a Guest as soon as there is a desktop.
func (s *service) session() (g *guest.Session) {
	s.t.Helper()
	lab.WaitFor(s.t, patience, "a session", func() bool {
		var err error
		g, err = s.connect()
		return err == nil
	})
	return g
}

// sharedMemoryIsPrivate checks the segments that a user's agent has the screen in.
func (s *service) sharedMemoryIsPrivate(u *user.User) {
	s.t.Helper()
	var found bool
	lab.WaitFor(s.t, patience, "the agent's shared memory", func() bool {
		text, err := os.ReadFile("/proc/sysvipc/shm")
		if err != nil {
			s.t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			f := strings.Fields(line)
			if len(f) < 9 || f[7] != u.Uid {
				continue
			}
			found = true
			if !strings.HasSuffix(f[2], "600") {
				s.t.Errorf("a segment of the agent's has the rights %s", f[2])
			}
		}
		return found
	})
}

// TestServiceHasAWindow: the user at the screen opens it by starting Imperohost, closes it, and is asked in one before a Guest
// comes in; the agent stays the same.
func TestServiceHasAWindow(t *testing.T) {
	ann, bob := account(t, "a"), account(t, "b")
	s := newService(t)
	s.windowManager()
	s.run("--display", s.x.Display, "--display-user", ann.Username)
	agent := s.agentOf(ann, 0)
	lab.WaitFor(t, patience, "the agent", func() bool { return strings.Contains(s.log(), "the agent is there") })
	if s.window() {
		t.Error("the window is there before somebody wants it")
	}
	program, home := filepath.Join(bin, "Imperohost"), store.HomeVariable+"="+s.home
	open := func(u *user.User) (string, error) {
		out, err := as(exec.Command(program), u, home, "DISPLAY="+s.x.Display).CombinedOutput()
		return string(out), err
	}
	lab.WaitFor(t, patience, "the window of the user at the screen", func() bool {
		out, err := open(ann)
		return err == nil && strings.Contains(out, "its window is shown")
	})
	lab.WaitFor(t, patience, "the window", s.window)
	if out, err := open(bob); err == nil || !strings.Contains(out, "the Host service runs") {
		t.Errorf("another user opens it: %v: %s", err, out)
	}
	s.xdotool("search", "--onlyvisible", "--name", windowName, "windowactivate", "--sync")
	s.xdotool("key", "ctrl+w")
	lab.WaitFor(t, patience, "the window to go", func() bool { return !s.window() })

	s.configure(localConfiguration+"/GuestUsers/Roles/Role[Full control]", "ConfirmAccess", config.ConfirmAlways)
	refused := make(chan error, 1)
	go func() {
		g, err := s.connect()
		if err == nil {
			g.Close()
		}
		refused <- err
	}()
	var err error
	lab.WaitFor(t, patience, "the question to be answered", func() bool {
		select {
		case err = <-refused:
			return true
		default:
		}
		if s.window() { // it takes keys a moment after it appears
			s.xdotool("key", "Escape")
		}
		return false
	})
	var why *guest.Error
	if !errors.As(err, &why) || why.Kind != guest.KindUserRefused {
		t.Errorf("the Guest was told %v", err)
	}
	if again := s.agentOf(ann, 0); again != agent {
		t.Errorf("another agent runs: %d, was %d", again, agent)
	}
}

// TestServiceTellsWhoComes where the desktop shows no notifications, in a window that goes by itself.
func TestServiceTellsWhoComes(t *testing.T) {
	ann := account(t, "a")
	s := newService(t)
	s.windowManager()
	s.run("--display", s.x.Display, "--display-user", ann.Username)
	s.agentOf(ann, 0)
	const notifications = security + "/Notification"
	s.configure(notifications, "During", "Disabled")
	s.configure(notifications, "Before", "Enabled")
	g := s.session()
	defer g.Close()
	lab.WaitFor(t, patience, "the note", s.window)
	lab.WaitFor(t, patience, "the note to go", func() bool { return !s.window() })
}

const windowName = "^Impero Host$"

// window says whether a window of the Host is shown.
func (s *service) window() bool {
	c := exec.Command("xdotool", "search", "--onlyvisible", "--name", windowName)
	c.Env = append(os.Environ(), "DISPLAY="+s.x.Display)
	out, err := c.Output()
	return err == nil && len(bytes.TrimSpace(out)) > 0
}
