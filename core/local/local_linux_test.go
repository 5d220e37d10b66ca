package local_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"impero/core/local"
)

// TestMain is also the program of another user that connects: it prints who it met.
func TestMain(m *testing.M) {
	if path := os.Getenv("IMPERO_TEST_DIAL"); path != "" {
		os.Exit(visit(path))
	}
	os.Exit(m.Run())
}

func visit(path string) int {
	c, err := local.Dial(context.Background(), path)
	if err != nil {
		os.Stdout.WriteString(err.Error())
		return 1
	}
	os.Stdout.WriteString(c.Peer.User)
	io.Copy(io.Discard, c)
	return 0
}

// place is a folder that other users can pass.
func place(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "il")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "run", "agent.sock")
}

func TestBothEndsKnowEachOther(t *testing.T) {
	path := place(t)
	l, err := local.Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := local.Dial(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	want := local.Peer{User: strconv.Itoa(os.Getuid()), Process: os.Getpid()}
	if c.Peer != want || far.Peer != want || !far.Peer.Same() {
		t.Errorf("the ends say %v and %v, want %v", c.Peer, far.Peer, want)
	}
	if far.Peer.Rules() != (os.Getuid() == 0) {
		t.Errorf("%v rules: %v", far.Peer, far.Peer.Rules())
	}
	info, err := os.Stat(filepath.Dir(path))
	if err != nil || info.Mode().Perm() != 0o711 {
		t.Errorf("the folder is %v, %v", info.Mode(), err)
	}
	l.Close()
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a closed listener gives %v", err)
	}
}

// TestAnotherUserIsSeenAsThat runs this test's own program as nobody.
func TestAnotherUserIsSeenAsThat(t *testing.T) {
	path := place(t)
	l, err := local.Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(filepath.Dir(filepath.Dir(path)), "visitor")
	if err := os.WriteFile(program, self, 0o755); err != nil {
		t.Fatal(err)
	}
	visitor := exec.Command(program)
	visitor.Env = []string{"IMPERO_TEST_DIAL=" + path}
	visitor.Dir = "/"
	visitor.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	var out strings.Builder
	visitor.Stdout = &out
	if err := visitor.Start(); err != nil {
		t.Fatal(err)
	}
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if want := (local.Peer{User: "65534", Process: visitor.Process.Pid}); far.Peer != want || far.Peer.Same() || far.Peer.Rules() {
		t.Errorf("the visitor is %v, want %v", far.Peer, want)
	}
	far.Close()
	if err := visitor.Wait(); err != nil || out.String() != "0" {
		t.Errorf("the visitor met %q, %v", out.String(), err)
	}
}

func TestNobodyListens(t *testing.T) {
	path := place(t)
	if _, err := local.Dial(t.Context(), path); !errors.Is(err, local.ErrNobody) {
		t.Errorf("no socket: %v", err)
	}
	l, err := net.Listen("unix", filepath.Join(filepath.Dir(filepath.Dir(path)), "left"))
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
	if _, err := local.Dial(t.Context(), l.Addr().String()); !errors.Is(err, local.ErrNobody) {
		t.Errorf("a socket that was left: %v", err)
	}
}

func TestListenRefusesWhatOthersCouldReplace(t *testing.T) {
	for name, prepare := range map[string]func(folder string) error{
		"others may write": func(f string) error { return errors.Join(os.Mkdir(f, 0o777), os.Chmod(f, 0o777)) },
		"another's":        func(f string) error { return errors.Join(os.Mkdir(f, 0o711), os.Chown(f, 65534, 65534)) },
		"a link":           func(f string) error { return os.Symlink(os.TempDir(), f) },
	} {
		path := place(t)
		if err := prepare(filepath.Dir(path)); err != nil {
			t.Fatal(err)
		}
		if _, err := local.Listen(path); !errors.Is(err, local.ErrForeignFolder) {
			t.Errorf("%s: %v", name, err)
		}
	}
	path := place(t)
	if err := os.MkdirAll(filepath.Dir(path), 0o711); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := local.Listen(path); err == nil {
		t.Error("a file was replaced")
	}
	if _, err := local.Listen("/tmp/" + strings.Repeat("n", 120)); err == nil || !strings.Contains(err.Error(), "shorter") {
		t.Errorf("a long name: %v", err)
	}
}
