package seat

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"impero/core/directory"
	"impero/core/local"
)

const patience = 20 * time.Second

// TestMain is also the agent's program: it writes who and where it is, and stays.
func TestMain(m *testing.M) {
	if path := os.Getenv("IMPERO_TEST_AGENT"); path != "" {
		groups, _ := os.Getgroups()
		slices.Sort(groups)
		text := fmt.Sprintf("%d %d %d %v\n%s", os.Getpid(), os.Getuid(), os.Getgid(), groups, strings.Join(os.Environ(), "\n"))
		fmt.Println("the agent's own words")
		if c, err := net.Dial("unix", path); err == nil {
			io.WriteString(c, text)
			c.Close()
		}
		if os.Getenv("DISPLAY") == ":66" {
			os.Exit(3)
		}
		io.Copy(io.Discard, forever{})
	}
	os.Exit(m.Run())
}

// forever is read until the process is ended.
type forever struct{}

func (forever) Read([]byte) (int, error) { select {} }

// people are Accounts without a system.
type people map[string]directory.Account

func (people) Check(context.Context, string, string, string) (directory.Verdict, error) {
	return 0, directory.ErrUnsupported
}

func (p people) Find(_ context.Context, name string) (directory.Account, error) {
	for _, a := range p {
		if a.Name == name {
			return a, nil
		}
	}
	return directory.Account{}, directory.ErrUnknown
}

func (p people) FindID(_ context.Context, id string) (directory.Account, error) {
	if a, ok := p[id]; ok {
		return a, nil
	}
	return directory.Account{}, directory.ErrUnknown
}

// told is a Watcher that says what the test says.
type told chan notice

func (w told) Watch(ctx context.Context, tell func(*Desktop, string)) error {
	for {
		select {
		case n := <-w:
			if n.reason == "broken" {
				return errors.New("broken")
			}
			tell(n.desktop, n.reason)
		case <-ctx.Done():
			return nil
		}
	}
}

// stage is a Keeper with what it says and starts.
type stage struct {
	t       *testing.T
	k       *Keeper
	tells   told
	reasons chan string
	l       net.Listener
	over    chan error
	mu      sync.Mutex
	log     bytes.Buffer
}

func (s *stage) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

func newStage(t *testing.T) *stage {
	t.Helper()
	dir, err := os.MkdirTemp("", "seat")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	program, socket := filepath.Join(dir, "agent"), filepath.Join(dir, "s")
	self, err := os.ReadFile("/proc/self/exe")
	if err == nil {
		err = errors.Join(os.WriteFile(program, self, 0o755), os.Chmod(dir, 0o755))
	}
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", socket)
	if err == nil {
		err = os.Chmod(socket, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, tells: make(told), reasons: make(chan string, 64), l: l, over: make(chan error, 1)}
	s.k = &Keeper{
		Watcher: s.tells, Program: []string{program}, Env: []string{"IMPERO_TEST_AGENT=" + socket}, Vacant: func(r string) { s.reasons <- r },
		Accounts: people{"65534": {Name: "ann", ID: "65534", Group: "65533", Home: "/nonexistent", Groups: []directory.Group{{ID: "65533"}, {ID: "60000"}}}},
		Log:      slog.New(slog.NewTextHandler(s, nil)),
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { s.over <- s.k.Run(ctx) }()
	t.Cleanup(func() { cancel(); l.Close() })
	return s
}

// comes waits for an agent and gives its process number and what it wrote.
func (s *stage) comes() (process int, text string) {
	s.t.Helper()
	s.l.(*net.UnixListener).SetDeadline(time.Now().Add(patience))
	c, err := s.l.Accept()
	if err != nil {
		s.t.Fatalf("no agent came: %v\n%s", err, &s.log)
	}
	defer c.Close()
	b, err := io.ReadAll(c)
	if err != nil {
		s.t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(b), " ")
	process, err = strconv.Atoi(first)
	if err != nil {
		s.t.Fatal(err)
	}
	return process, string(b)
}

// says waits until the keeper gave a reason.
func (s *stage) says(want string) {
	s.t.Helper()
	for limit := time.After(patience); ; {
		select {
		case got := <-s.reasons:
			if got == want {
				return
			}
		case <-limit:
			s.t.Fatalf("%q was not said", want)
		}
	}
}

func TestKeeperKeepsAnAgentAsTheUser(t *testing.T) {
	t.Setenv("SECRET_OF_THE_DAEMON", "1")
	s := newStage(t)
	s.tells <- notice{nil, NobodyHere}
	s.says(NobodyHere)
	ann := local.Peer{User: "65534", Process: 1}
	if _, _, err := s.k.Admit(ann); !errors.Is(err, ErrStranger) {
		t.Errorf("admitted while nobody is there: %v", err)
	}
	d := &Desktop{ID: "7", User: "65534", Display: ":7", Authority: "/run/key", Bus: "unix:path=/run/bus"}
	s.tells <- notice{d, ""}
	process, text := s.comes()
	for _, want := range []string{" 65534 65533 [60000 65533]", "\nDISPLAY=:7", "\nXAUTHORITY=/run/key", "\nDBUS_SESSION_BUS_ADDRESS=unix:path=/run/bus", "\nUSER=ann", "\nHOME=/nonexistent"} {
		if !strings.Contains(text, want) {
			t.Errorf("the agent lacks %q: %s", want, text)
		}
	}
	if strings.Contains(text, "SECRET") {
		t.Errorf("the agent has the daemon's environment: %s", text)
	}
	for _, p := range []local.Peer{ann, {User: "0", Process: process}, {User: "1000", Process: 1}} {
		if _, _, err := s.k.Admit(p); !errors.Is(err, ErrStranger) {
			t.Errorf("%v: %v", p, err)
		}
	}
	admit := func(process int) (context.Context, func()) {
		t.Helper()
		run, leave, err := s.k.Admit(local.Peer{User: "65534", Process: process})
		if err != nil {
			t.Fatal(err)
		}
		return run, leave
	}
	_, leave := admit(process)
	if _, _, err := s.k.Admit(local.Peer{User: "65534", Process: process}); !errors.Is(err, ErrStranger) {
		t.Errorf("a second connection of the agent: %v", err)
	}
	leave()
	run, _ := admit(process)

	same := *d
	s.tells <- notice{&same, ""} // says nothing new
	if err := syscall.Kill(process, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	again, _ := s.comes()
	if again == process {
		t.Error("it was not started again")
	}
	ends(t, run, "the agent was killed")
	run, _ = admit(again)

	other := *d
	other.Display = ":8"
	s.tells <- notice{&other, ""}
	third, text := s.comes()
	ends(t, run, "another desktop came")
	run, _ = admit(third)
	if !strings.Contains(text, "\nDISPLAY=:8") || syscall.Kill(again, 0) == nil {
		t.Errorf("after a switch the former agent is there, or the new one is elsewhere: %s", text)
	}
	s.tells <- notice{&Desktop{User: "0", Display: ":0"}, ""}
	s.says(RootHere)
	ends(t, run, "root came")
	if syscall.Kill(third, 0) == nil {
		t.Error("the former agent is there while root is at the screen")
	}
	s.tells <- notice{nil, "broken"}
	if err := <-s.over; err == nil || err.Error() != "broken" {
		t.Errorf("the keeper ended with %v", err)
	}
	if text := s.log.String(); !strings.Contains(text, "the agent's own words") {
		t.Errorf("what the agent said is not in the log:\n%s", text)
	}
}

// ends fails unless a context has ended, or does so soon.
func ends(t *testing.T, ctx context.Context, what string) {
	t.Helper()
	select {
	case <-ctx.Done():
	case <-time.After(patience):
		t.Errorf("%s, and its connection may stay", what)
	}
}

// TestWhatIsNotKnownCountsAsLoggedIn: an access that is to be asked for is asked for.
func TestWhatIsNotKnownCountsAsLoggedIn(t *testing.T) {
	s := newStage(t)
	s.tells <- notice{nil, NobodyHere}
	s.says(NobodyHere)
	if !s.k.LoggedIn() {
		t.Error("a display without a server, which says nothing of users, was taken for nobody")
	}
}

// TestAnAgentThatEndsIsSaidOnce: a display that cannot be opened does not fill the disk.
func TestAnAgentThatEndsIsSaidOnce(t *testing.T) {
	s := newStage(t)
	s.tells <- notice{&Desktop{User: "65534", Display: ":66"}, ""}
	for range 4 {
		s.comes()
	}
	s.tells <- notice{nil, "broken"}
	<-s.over
	if n := strings.Count(s.log.String(), "started again"); n != 1 {
		t.Errorf("said %d times:\n%s", n, &s.log)
	}
}

func TestScribeIsBounded(t *testing.T) {
	var log bytes.Buffer
	s := &scribe{log: slog.New(slog.NewTextHandler(&log, nil))}
	for range maxLines + 50 {
		io.WriteString(s, strings.Repeat("x", 3*maxLine)+"\n")
	}
	io.WriteString(s, "no newline")
	s.flush()
	if n := strings.Count(log.String(), "\n"); n != maxLines || log.Len() > maxLines*(maxLine+200) {
		t.Errorf("%d lines, %d bytes", n, log.Len())
	}
}

// put makes a file of a user, with the folders above it.
func put(t *testing.T, uid int, path, text string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = errors.Join(os.WriteFile(path, []byte(text), 0o644), os.Chown(path, uid, -1), os.Chown(filepath.Dir(path), uid, -1))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// serveAs listens at path as a user, in place of who did before.
func serveAs(t *testing.T, uid int, path string) {
	t.Helper()
	os.Remove(path)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	as := func(uid int) {
		const same = ^uintptr(0)
		if _, _, e := syscall.RawSyscall(syscall.SYS_SETRESUID, same, uintptr(uid), same); e != 0 { // of this thread alone
			t.Fatal(e)
		}
	}
	if err := os.Chmod(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	as(uid)
	l, err := net.Listen("unix", path)
	as(0)
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	t.Cleanup(func() { l.Close() })
}

func TestXDisplay(t *testing.T) {
	proc, ctx := t.TempDir(), t.Context()
	sockets, err := os.MkdirTemp("", "seat") // where other users come, which cannot into TempDir
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(sockets) })
	x := &X{Display: ":5", Sockets: sockets, Proc: proc, Accounts: people{"1234": {Name: "ann", ID: "1234"}}}
	if d, reason := x.look(ctx); d != nil || reason != NobodyHere {
		t.Errorf("no socket: %+v, %q", d, reason)
	}
	put(t, 1234, filepath.Join(sockets, "X5"), "")
	if d, reason := x.look(ctx); d != nil || reason != NobodyHere {
		t.Errorf("a file that is no socket: %+v, %q", d, reason)
	}
	serveAs(t, 0, filepath.Join(sockets, "X5"))
	if d, reason := x.look(ctx); d != nil || !strings.Contains(reason, "--display-user") {
		t.Errorf("root's socket: %+v, %q", d, reason)
	}
	put(t, 1234, filepath.Join(proc, "20", "environ"), "DISPLAY=:5\x00XAUTHORITY=relative\x00")
	put(t, 1234, filepath.Join(proc, "30", "environ"), "DISPLAY=:5\x00XAUTHORITY=/home/ann/.key\x00XDG_RUNTIME_DIR=/run/user/1234\x00DBUS_SESSION_BUS_ADDRESS=tcp:host=evil\x00")
	put(t, 1234, filepath.Join(proc, "10", "environ"), "DISPLAY=:6\x00XAUTHORITY=/other\x00")
	put(t, 99, filepath.Join(proc, "5", "environ"), "DISPLAY=:5\x00XAUTHORITY=/not/ann\x00")
	os.Remove(filepath.Join(proc, "20", "environ"))
	x.User = "ann"
	d, reason := x.look(ctx)
	if want := (Desktop{User: "1234", Display: ":5", Authority: "/home/ann/.key", Runtime: "/run/user/1234"}); d == nil || *d != want {
		t.Errorf("found %+v, %q; want %+v", d, reason, want)
	}
	x.User = "eve"
	if d, reason := x.look(ctx); d != nil || !strings.Contains(reason, "eve") {
		t.Errorf("an unknown user: %+v, %q", d, reason)
	}
	owned := &X{Display: ":5", Sockets: sockets, Proc: proc}
	serveAs(t, 1234, filepath.Join(sockets, "X5"))
	if err := os.Chown(filepath.Join(sockets, "X5"), 99, 99); err != nil {
		t.Fatal(err)
	}
	if d, _ := owned.look(ctx); d == nil || d.User != "1234" {
		t.Errorf("the display of who listens, whose file it is: %+v", d)
	}
	guessed := &X{Display: ":5", Sockets: sockets, Proc: proc, Guessed: true}
	if d, reason := guessed.look(ctx); d != nil || !strings.Contains(reason, "--display :5") {
		t.Errorf("what listens where a screen might be: %+v, %q", d, reason)
	}
	screen := filepath.Join(proc, strconv.Itoa(os.Getpid()), "fd")
	put(t, 1234, filepath.Join(screen, "0"), "")
	for link, ok := range map[string]bool{"/dev/pts/7": false, "/dev/tty": false, "/dev/ttyS0": false, "/dev/tty7": true, "/dev/dri/card1": true} {
		os.Remove(filepath.Join(screen, "9"))
		if err := os.Symlink(link, filepath.Join(screen, "9")); err != nil {
			t.Fatal(err)
		}
		if d, _ := guessed.look(ctx); (d != nil) != ok {
			t.Errorf("with %s open: %+v", link, d)
		}
	}
	if err := (&X{Display: "far:0"}).Watch(ctx, nil); err == nil {
		t.Error("a display of another computer is watched")
	}
}

func FuzzEnvironment(f *testing.F) {
	f.Add([]byte("DISPLAY=:0\x00XAUTHORITY=/x\x00=\x00\x00A"))
	f.Fuzz(func(t *testing.T, text []byte) {
		env := parseEnvironment(text)
		d := Desktop{Display: env["DISPLAY"], Authority: env["XAUTHORITY"], Runtime: env["XDG_RUNTIME_DIR"], Bus: env["DBUS_SESSION_BUS_ADDRESS"], Wayland: env["WAYLAND_DISPLAY"]}
		d.check()
		for _, v := range d.environment("n", "/h", "/s", nil) {
			if strings.ContainsAny(v, "\x00\n\r") || len(v) > maxValue+64 {
				t.Errorf("the agent gets %q", v)
			}
		}
	})
}
