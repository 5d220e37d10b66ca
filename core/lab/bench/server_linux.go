package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"impero/core/guest"
	"impero/core/host"
	"impero/core/lab"
	"impero/core/lab/load"
	"impero/core/lab/viewer"
	"impero/core/store"
)

// server is how a program is started.
type server struct {
	kind     string   // of its viewer
	display  bool     // it is the X server itself
	packages []string // whose versions tell which it is
	warmUp   time.Duration
	command  func(b *Bench, display, address, port string) []string
	window   func(b *Bench, address string) []string // its viewer with a window
}

// All but the necessary is left as each program has it by default. None asks for a password but Impero, which seals all
// it sends; the others send in clear.
var servers = map[string]server{
	X0VNC: {
		kind: viewer.KindVNC, warmUp: warmUp, packages: []string{"tigervnc-scraping-server", "xvfb"}, window: vncViewer,
		command: func(_ *Bench, display, address, port string) []string {
			return []string{"X0tigervnc", "-display", display, "-rfbport", port, "-interface", address, "-SecurityTypes", "None", "-UseBlacklist=0"}
		},
	},
	Xvnc: {
		kind: viewer.KindVNC, display: true, warmUp: warmUp, packages: []string{"tigervnc-standalone-server"}, window: vncViewer,
		command: func(_ *Bench, display, address, port string) []string {
			return []string{"Xtigervnc", display, "-geometry", fmt.Sprintf("%dx%d", load.Width, load.Height), "-depth", "24",
				"-rfbport", port, "-interface", address, "-SecurityTypes", "None", "-UseBlacklist=0", "-noreset", "-nolisten", "tcp"}
		},
	},
	X11VNC: {
		kind: viewer.KindVNC, warmUp: warmUpX11VNC, packages: []string{"x11vnc", "xvfb"}, window: vncViewer,
		command: func(_ *Bench, display, address, port string) []string {
			return []string{"x11vnc", "-display", display, "-rfbport", port, "-listen", address, "-no6", "-nopw", "-forever", "-shared", "-quiet"}
		},
	},
	Impero: {
		kind: viewer.KindImpero, warmUp: warmUp, packages: []string{"xvfb"}, window: imperoGuest,
		command: func(b *Bench, _, address, port string) []string {
			return []string{"env", store.HomeVariable + "=" + b.home, filepath.Join(b.bin, "Imperohost"), "--headless", "--listen", net.JoinHostPort(address, port)}
		},
	},
}

func vncViewer(b *Bench, address string) []string {
	ip, port, _ := strings.Cut(address, ":")
	return []string{"env", "HOME=" + b.home, "xtigervncviewer", "-FullScreen", "-RemoteResize=0", "-Shared", "-SecurityTypes=None",
		"-ReconnectOnError=0", "-AlertOnFatalError=0", ip + "::" + port}
}

// imperoGuest has its password from a file: a command line can be read by everybody.
func imperoGuest(b *Bench, address string) []string {
	return []string{"env", store.HomeVariable + "=" + b.home, "HOME=" + b.home, "FYNE_SCALE=1",
		"sh", "-c", `exec "$0" -H "$1" -P - <"$2"`, filepath.Join(b.bin, "ImperoGuest"), address, b.passwordFile()}
}

// remember has Guests know the Host by an address.
func (b *Bench) remember(address string) error {
	t, err := guest.ParseTarget(address, "")
	if err != nil {
		return err
	}
	e, err := guest.New(guest.Config{Home: store.At(b.home)})
	if err != nil {
		return err
	}
	return e.Remember(t, b.hostKey)
}

// prepare makes the folder of Host and Guest, with a password.
func (b *Bench) prepare() error {
	var err error
	if b.home, err = os.MkdirTemp("", "impero-bench-"); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	h, err := host.New(host.Config{Home: store.At(b.home)})
	if err != nil {
		return err
	}
	defer h.Close()
	b.hostKey = h.PublicKey()
	if err := os.WriteFile(b.passwordFile(), []byte(b.password+"\n"), 0o600); err != nil {
		return fmt.Errorf("keep the password: %w", err)
	}
	return h.SetPassword(b.password)
}

func (b *Bench) passwordFile() string { return filepath.Join(b.home, "password") }

// versions tells which programs a cell has.
func (b *Bench) versions(ctx context.Context, program string) (string, error) {
	if v, ok := b.known[program]; ok {
		return v, nil
	}
	var parts []string
	if program == Impero {
		out, err := exec.CommandContext(ctx, filepath.Join(b.bin, "Imperohost"), "--version").Output()
		if err != nil {
			return "", fmt.Errorf("ask for the version: %w; make bench builds it", err)
		}
		parts = append(parts, strings.Join(strings.Fields(string(out)), " "))
	}
	for _, name := range servers[program].packages {
		out, err := exec.CommandContext(ctx, "dpkg-query", "-W", "-f", "${Version}", name).Output()
		if err != nil {
			return "", fmt.Errorf("ask for the version of the package %s: %w; make bench installs it", name, err)
		}
		parts = append(parts, name+" "+string(out))
	}
	b.known[program] = strings.Join(parts, ", ")
	return b.known[program], nil
}

// freePort finds a port that nobody listens on.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a port: %w", err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// freeDisplay finds the number of a display that no X server has.
func freeDisplay() (string, error) {
	const first, last = 200, 999
	for n := first; n <= last; n++ {
		number := strconv.Itoa(n)
		_, socket := os.Stat("/tmp/.X11-unix/X" + number)
		_, lock := os.Stat("/tmp/.X" + number + "-lock")
		if errors.Is(socket, os.ErrNotExist) && errors.Is(lock, os.ErrNotExist) {
			return ":" + number, nil
		}
	}
	return "", errors.New("find a display: all numbers are taken")
}

// dial connects to a server that may not listen yet.
func dial(ctx context.Context, link Link, address string, p *lab.Process) (net.Conn, error) {
	const every = 20 * time.Millisecond
	for {
		conn, err := link.Dial(ctx, address)
		if err == nil {
			return conn, nil
		}
		select {
		case <-time.After(every):
		case <-p.Done():
			return nil, fmt.Errorf("the server ended; it said: %s", p.Output())
		case <-ctx.Done():
			return nil, fmt.Errorf("the server does not listen: %w; it said: %s", err, p.Output())
		}
	}
}
