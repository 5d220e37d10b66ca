// Package apps_test starts the real programs on real X servers and uses them as people do.
package apps_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/host"
	"impero/core/lab"
	"impero/core/store"
)

const (
	password = "correct horse battery"
	patience = 60 * time.Second // for what takes a second on an idle machine
)

// bin is where TestMain builds the programs.
var bin string

// withPrograms builds the programs with the flags of the Makefile, which the tests are run with.
func withPrograms(m *testing.M) int {
	dir, err := os.MkdirTemp("", "impero-e2e-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	bin = dir
	if err := os.Chmod(dir, 0o755); err != nil { // the agent runs as another user
		panic(err)
	}
	for folder, name := range map[string]string{"guest": "ImperoGuest", "host": "Imperohost", "hostd": "Imperohostd"} {
		build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags=x11,wayland", "-o", filepath.Join(dir, name), "./"+folder)
		if folder == "hostd" {
			build.Env = append(os.Environ(), "CGO_ENABLED=0")
		}
		if out, err := build.CombinedOutput(); err != nil {
			os.Stderr.Write(out)
			return 1
		}
	}
	return m.Run()
}

// pc is one computer: a desktop, and the folder where its programs keep their state.
type pc struct {
	t    *testing.T
	x    *lab.X
	home string
}

func newPC(t *testing.T) *pc {
	t.Helper()
	return &pc{t: t, x: lab.StartX(t, lab.Screen{W: 800, H: 600}), home: t.TempDir()}
}

// command is a program of ours on this computer.
func (p *pc) command(input, program string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(bin, program), args...)
	c.Env = append(os.Environ(), "DISPLAY="+p.x.Display, "WAYLAND_DISPLAY=", "HOME="+p.home, "FYNE_SCALE=1", store.HomeVariable+"="+p.home)
	c.Stdin = strings.NewReader(input)
	return c
}

// start runs it in the background and ends it with the test.
func (p *pc) start(c *exec.Cmd) *exec.Cmd {
	p.t.Helper()
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		c.Process.Signal(syscall.SIGTERM)
		kill := time.AfterFunc(20*time.Second, func() { c.Process.Kill(); p.t.Errorf("%s did not end when asked to", c.Path) })
		c.Wait()
		kill.Stop()
		if p.t.Failed() {
			p.t.Logf("%s said:\n%s", filepath.Base(c.Path), &out)
		}
	})
	return c
}

// ends runs a program of ours to its end; it gives its exit code and all it said.
func (p *pc) ends(input, program string, args ...string) (int, string) {
	p.t.Helper()
	c := p.command(input, program, args...)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	defer context.AfterFunc(ctx, func() { c.Process.Kill() })()
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), string(out)
}

// host sets the password and starts a Host; it gives the Host's process and address.
func (p *pc) host(role string, args ...string) (*exec.Cmd, string) {
	p.t.Helper()
	if code, out := p.ends(password+"\n", "Imperohost", "--set-password", "--role", role); code != 0 {
		p.t.Fatalf("--set-password ended with %d: %s", code, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	c := p.start(p.command("", "Imperohost", append([]string{"--standalone", "--listen", address}, args...)...))
	lab.WaitFor(p.t, patience, "the Host to listen", func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	return c, address
}

// knows has this computer's Guest know the key of the Host on other.
func (p *pc) knows(other *pc, address string) {
	p.t.Helper()
	key := publicKey(p.t, other.home)
	target, err := guest.ParseTarget(address, "")
	if err != nil {
		p.t.Fatal(err)
	}
	e, err := guest.New(guest.Config{Home: store.At(p.home)})
	if err != nil {
		p.t.Fatal(err)
	}
	if err := e.Remember(target, key); err != nil {
		p.t.Fatal(err)
	}
}

// publicKey reads a Host's key in a copy of its folder, since the Host itself has the folder locked.
func publicKey(t *testing.T, home string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(home, "host", "identity.key"))
	if err != nil {
		t.Fatal(err)
	}
	copied := t.TempDir()
	if err := store.WriteFile(filepath.Join(copied, "host", "identity.key"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := host.New(host.Config{Home: store.At(copied)})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	return h.PublicKey()
}

// windowManager starts one on this computer and waits until programs can ask it for the full screen.
func (p *pc) windowManager() {
	p.t.Helper()
	lab.StartProcess(p.t, p.x.Display, "openbox")
	lab.WaitFor(p.t, patience, "the window manager", func() bool {
		out, err := exec.Command("xprop", "-display", p.x.Display, "-root", "_NET_SUPPORTING_WM_CHECK").Output()
		return err == nil && strings.Contains(string(out), "window id")
	})
}

// xdotool plays the person at this computer.
func (p *pc) xdotool(args ...string) {
	p.t.Helper()
	c := exec.Command("xdotool", args...)
	c.Env = append(os.Environ(), "DISPLAY="+p.x.Display)
	if out, err := c.CombinedOutput(); err != nil {
		p.t.Fatalf("xdotool %v: %v: %s", args, err, out)
	}
}

// same says whether both desktops show the same in r.
func same(a, b *image.RGBA, r image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		from, to := a.PixOffset(r.Min.X, y), a.PixOffset(r.Max.X, y)
		if !bytes.Equal(a.Pix[from:to], b.Pix[from:to]) {
			return false
		}
	}
	return true
}

func TestTypingAtTheGuestShowsInItsOwnPixels(t *testing.T) {
	far, near := newPC(t), newPC(t)
	typed := filepath.Join(far.home, "typed")
	lab.StartProcess(t, far.x.Display, "xterm", "-geometry", "60x20+0+0", "-e", "cat > "+typed)
	_, address := far.host("Full control", "--headless")
	near.knows(far, address)
	near.windowManager()
	near.start(near.command(password+"\n", "ImperoGuest", "-H", address, "-P", "-"))
	var before *image.RGBA
	lab.WaitFor(t, patience, "the Guest's full screen to show the Host's desktop", func() bool {
		before = lab.TakeScreenshot(t, far.x.Display)
		return same(before, lab.TakeScreenshot(t, near.x.Display), image.Rect(0, 60, 600, 560))
	})
	near.xdotool("mousemove", "200", "150", "click", "1")
	line := "typed at the guest 42"
	text := image.Rect(0, 0, 360, 260) // of the terminal
	near.xdotool("type", "--delay", "40", line)
	near.xdotool("key", "Return")
	lab.WaitFor(t, patience, "the text to arrive at the Host's terminal", func() bool {
		got, _ := os.ReadFile(typed)
		return string(got) == line+"\n"
	})
	lab.WaitFor(t, patience, "the text in the Guest's own pixels", func() bool {
		now, shown := lab.TakeScreenshot(t, far.x.Display), lab.TakeScreenshot(t, near.x.Display)
		return !same(before, shown, text) && same(now, shown, image.Rect(0, 60, 600, 560)) && same(now, shown, text)
	})
}

func TestHeadlessGuestTellsWhy(t *testing.T) {
	far, near := newPC(t), newPC(t)
	hostProcess, address := far.host("Full control", "--headless")

	code, out := near.ends(password+"\n", "ImperoGuest", "--headless", "-H", address, "-P", "-")
	if code != 4 || !strings.Contains(out, "fingerprint") {
		t.Errorf("an unknown Host ends with %d: %s", code, out)
	}
	near.knows(far, address)
	if code, out := near.ends("not the password\n", "ImperoGuest", "--headless", "-H", address, "-P", "-"); code != 5 || !strings.Contains(out, "wrong") {
		t.Errorf("a wrong password ends with %d: %s", code, out)
	}
	shot := filepath.Join(near.home, "shot.png")
	if code, out := near.ends(password+"\n", "ImperoGuest", "--headless", "-H", address, "-P", "-", "--screenshot", shot); code != 0 {
		t.Fatalf("a screenshot ends with %d: %s", code, out)
	}
	if info, err := os.Stat(shot); err != nil || info.Size() == 0 {
		t.Errorf("the screenshot: %v", err)
	}

	watching := near.start(near.command(password+"\n", "ImperoGuest", "--headless", "-H", address, "-P", "-"))
	lab.WaitFor(t, patience, "the session's first line", func() bool {
		return strings.Contains(watching.Stdout.(*bytes.Buffer).String(), "800 × 600")
	})
	hostProcess.Process.Kill()
	lab.WaitFor(t, patience, "the Guest to notice that the Host was killed", func() bool {
		return strings.Contains(watching.Stdout.(*bytes.Buffer).String(), "connection lost, trying until ")
	})
}

func TestChangedKeyEndsBeforeThePassword(t *testing.T) {
	far, other, near := newPC(t), newPC(t), newPC(t)
	_, address := far.host("Full control", "--headless")
	if code, out := other.ends(password+"\n", "Imperohost", "--set-password"); code != 0 {
		t.Fatalf("--set-password ended with %d: %s", code, out)
	}
	near.knows(other, address)
	if code, out := near.ends(password+"\n", "ImperoGuest", "--headless", "-H", address, "-P", "-"); code != 4 || !strings.Contains(out, "another key") {
		t.Errorf("a changed key ends with %d: %s", code, out)
	}
}

func TestNinthGuestIsRefusedWithWords(t *testing.T) {
	far, near := newPC(t), newPC(t)
	_, address := far.host("View only", "--headless")
	near.knows(far, address)
	for range host.MaxSessions {
		g := near.start(near.command(password+"\n", "ImperoGuest", "--headless", "-H", address, "-P", "-"))
		lab.WaitFor(t, patience, "a session", func() bool { return strings.Contains(g.Stdout.(*bytes.Buffer).String(), "800 × 600") })
	}
	if code, out := near.ends(password+"\n", "ImperoGuest", "--headless", "-H", address, "-P", "-"); code != 5 || !strings.Contains(out, "8 sessions") {
		t.Errorf("the ninth Guest ends with %d: %s", code, out)
	}
}
