//go:build wine

package wine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"impero/core/lab"
)

const (
	password = "correct horse battery"
	patience = 90 * time.Second // for what takes a second on an idle machine
)

// What TestMain prepares.
var (
	programs string // bin
	tools    string // where testdata's programs are
	prefix   string // Wine's drive C and registry
	home     string // HOME as it was
)

func TestMain(m *testing.M) {
	code, err := within(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func within(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "impero-wine-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	tools, prefix, home = dir, filepath.Join(dir, "prefix"), os.Getenv("HOME")
	if programs, err = filepath.Abs("../../bin"); err != nil {
		return 0, err
	}
	for name, value := range map[string]string{
		"WINEPREFIX": prefix, "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml=", "HOME": dir, "WINEARCH": "win64",
		"DISPLAY": "", "WAYLAND_DISPLAY": "", "LIBGL_ALWAYS_SOFTWARE": "1", "FYNE_SCALE": "1", "LANG": "C.UTF-8",
	} {
		os.Setenv(name, value)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	if err := prepare(ctx); err != nil {
		return 0, err
	}
	code = m.Run()
	call(context.Background(), server, "-k") // ends what still runs in the prefix; fails if nothing does
	return code, call(context.Background(), server, "-w")
}

// Where Debian's wine64 has its programs; the wrappers in PATH are of another package.
const (
	wine   = "/usr/lib/wine/wine64"
	server = "/usr/lib/wine/wineserver"
)

// prepare builds what testdata holds and makes Wine's prefix.
func prepare(ctx context.Context) error {
	if err := call(ctx, wine, "wineboot", "--init"); err != nil {
		return err
	}
	// As on Windows, a program that does not say so cannot do with large scales.
	if err := call(ctx, wine, "reg", "add", `HKCU\Control Panel\Desktop`, "/v", "DpiScalingVer", "/t", "REG_DWORD", "/d", "4096", "/f"); err != nil {
		return err
	}
	const compiler = "x86_64-w64-mingw32-gcc"
	library := filepath.Join(prefix, "drive_c", "windows", "system32", "bcryptprimitives.dll")
	return errors.Join(
		call(ctx, compiler, "-shared", "-o", library, "testdata/prng.c", "-ladvapi32"),
		call(ctx, compiler, "-o", filepath.Join(tools, "pad.exe"), "testdata/pad.c", "-lgdi32"),
		call(ctx, compiler, "-o", filepath.Join(tools, "console.exe"), "testdata/console.c"))
}

func call(ctx context.Context, program string, args ...string) error {
	said, err := os.Create(filepath.Join(tools, "said"))
	if err != nil {
		return err
	}
	defer said.Close()
	c := exec.CommandContext(ctx, program, args...)
	c.Stdout, c.Stderr = said, said // not a pipe, which Wine's server would keep open
	if err := c.Run(); err != nil {
		text, _ := os.ReadFile(said.Name())
		return fmt.Errorf("%s %s: %w: %s", program, strings.Join(args, " "), err, text)
	}
	return nil
}

// windows is a path of this system as a Windows program knows it.
func windows(path string) string { return "Z:" + path }

// desk is a desktop with a command's environment on it.
type desk struct {
	*testing.T
	x   *lab.X
	env []string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	return &desk{T: t, x: lab.StartX(t, lab.Screen{W: 800, H: 600})}
}

// linux is a program of ours for Linux.
func (d *desk) linux(input, program string, args ...string) *exec.Cmd {
	return d.command(input, filepath.Join(programs, program), args...)
}

// windows is a program of ours for Windows.
func (d *desk) windows(input, program string, args ...string) *exec.Cmd {
	return d.command(input, wine, append([]string{filepath.Join(programs, "windows", program+".exe")}, args...)...)
}

// tool is a program of testdata.
func (d *desk) tool(name string, args ...string) *exec.Cmd {
	return d.command("", wine, append([]string{filepath.Join(tools, name+".exe")}, args...)...)
}

func (d *desk) command(input, program string, args ...string) *exec.Cmd {
	c := exec.Command(program, args...)
	c.Env = append(append(os.Environ(), "DISPLAY="+d.x.Display), d.env...)
	c.Stdin = strings.NewReader(input)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return c
}

// ends runs a command to its end; it gives its exit code and all it said.
func (d *desk) ends(c *exec.Cmd) (int, string) {
	d.Helper()
	p := d.starts(c)
	return p.wait(), p.said()
}

// running is a command that runs.
type running struct {
	*desk
	c    *exec.Cmd
	out  string // the file of what it says; a pipe would be kept open by Wine's server
	done chan struct{}
}

// starts starts a command and kills it with the test.
func (d *desk) starts(c *exec.Cmd) *running {
	d.Helper()
	p := &running{desk: d, c: c, out: filepath.Join(d.TempDir(), "said"), done: make(chan struct{})}
	out, err := os.Create(p.out)
	if err != nil {
		d.Fatal(err)
	}
	defer out.Close()
	c.Stdout, c.Stderr = out, out
	if err := c.Start(); err != nil {
		d.Fatal(err)
	}
	go func() { c.Wait(); close(p.done) }()
	d.Cleanup(func() {
		c.Process.Kill()
		<-p.done
		if d.Failed() {
			d.Logf("%s said:\n%s", strings.Join(c.Args, " "), p.said())
		}
	})
	return p
}

// said is all it said until now.
func (p *running) said() string {
	text, err := os.ReadFile(p.out)
	if err != nil {
		p.Error(err)
	}
	return string(text)
}

// wait waits for the end and gives the exit code.
func (p *running) wait() int {
	p.Helper()
	select {
	case <-p.done:
		return p.c.ProcessState.ExitCode()
	case <-time.After(patience):
		p.Fatalf("%s did not end", strings.Join(p.c.Args, " "))
		return -1
	}
}

// says waits until the command says something, and gives all it said.
func (p *running) says(text string) string {
	p.Helper()
	lab.WaitFor(p, patience, fmt.Sprintf("%q of %s", text, strings.Join(p.c.Args, " ")), func() bool {
		return strings.Contains(p.said(), text)
	})
	return p.said()
}

// xdotool plays the person at this desktop.
func (d *desk) xdotool(args ...string) string {
	d.Helper()
	c := d.command("", "xdotool", args...)
	out, err := c.CombinedOutput()
	if err != nil {
		d.Fatalf("xdotool %v: %v: %s", args, err, out)
	}
	return string(out)
}

// titles are those of all windows on this desktop.
func (d *desk) titles() string {
	out, _ := d.command("", "xdotool", "search", "--onlyvisible", "--name", "..", "getwindowname", "%@").Output()
	return string(out) // an error: there is none
}

// shows is what the desktop shows; it is kept if the test fails.
func (d *desk) shows() *image.RGBA {
	d.Helper()
	return lab.TakeScreenshot(d, d.x.Display)
}

// keep writes a picture of a test that failed to testdata/failed, for whoever looks for the reason; IMPERO_KEEP=1 keeps
// those of tests that pass as well.
func keep(t *testing.T, name string, picture image.Image) {
	if !t.Failed() && os.Getenv("IMPERO_KEEP") == "" {
		return
	}
	path := filepath.Join("testdata", "failed", name+".png")
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), lab.WritePNG(path, picture)); err != nil {
		t.Log(err)
		return
	}
	t.Log("see", path)
}

// freeAddress is one of this machine that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// fingerprint finds a Host's in what it says.
func fingerprint(t *testing.T, said string) string {
	t.Helper()
	_, rest, found := strings.Cut(said, "Fingerprint")
	line, _, _ := strings.Cut(rest, "\n")
	if !found {
		t.Fatalf("no fingerprint in %q", said)
	}
	return strings.TrimSpace(line)
}

// same says whether two pictures are the same in every pixel.
func same(a, b *image.RGBA) bool { return a.Rect == b.Rect && bytes.Equal(a.Pix, b.Pix) }
