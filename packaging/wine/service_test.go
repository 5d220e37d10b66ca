//go:build wine

package wine

import (
	"context"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"impero/core/guest"
	"impero/core/lab"
	"impero/core/picture"
	"impero/core/store"
)

// TestServiceOfWindows: Wine's service manager runs the Host, which has its agent and lets a Guest of Linux in. What the agent sees
// is not looked at: in Wine, whatever a service starts sees the desktop of services.
func TestServiceOfWindows(t *testing.T) {
	far := newDesk(t)
	anew(t) // what the service manager starts is on the desktop of whoever came first
	d := func(args ...string) (int, string) {
		return far.ends(far.windows(password+"\r\n", "Imperohostd", args...))
	}
	wants := func(code int, says string, args ...string) string {
		t.Helper()
		got, said := d(args...)
		if got != code || !strings.Contains(said, says) {
			t.Fatalf("%v ends with %d and says %q; want %d, %q", args, got, said, code, says)
		}
		return said
	}
	wants(3, "is not installed", "status")
	wants(0, "Password set", "set-password")
	address := freeAddress(t)
	wants(0, "is installed", "install", "--listen", address)
	wants(3, "does not run. Start it:", "status")
	wants(0, "was started", "start")
	t.Cleanup(func() {
		d("stop")
		d("uninstall")
		if t.Failed() {
			t.Logf("the service's log:\n%s", serviceLog())
		}
	})
	var said string
	lab.WaitFor(t, patience, "the service to say where it listens", func() bool {
		_, said = d("status") // the first one hangs in Wine, which lets it into a pipe that nobody serves
		return strings.Contains(said, "Listens on     "+address+", since ")
	})
	placed(t)
	attached(t, far)
	logsOn(t, address, fingerprint(t, said))
	if code, lines := far.ends(far.windows("", "DTLSpy", "--plain", "--text", "address="+address)); code != 0 || !strings.Contains(lines, " info listening module=host ") {
		t.Errorf("DTLSpy ends with %d and says %q", code, lines)
	}
	wants(0, "runs already", "start")
	wants(0, "was stopped", "stop")
	wants(0, "does not run", "stop")
	wants(3, "does not run. Start it:", "status")
	wants(0, "was started", "start")
	wants(0, "was stopped", "stop")
	wants(0, "is uninstalled", "uninstall")
	wants(3, "is not installed", "status")
}

// anew ends Wine's session: the next program begins one.
func anew(t *testing.T) {
	t.Helper()
	call(t.Context(), server, "-k") // fails if none is there
	if err := call(t.Context(), server, "-w"); err != nil {
		t.Fatal(err)
	}
}

// placed checks where the service keeps what it has.
func placed(t *testing.T) {
	t.Helper()
	for _, name := range []string{"host/host.xml", "host/identity.key", "logs/Impero_host.log", "logs/Imperohost.nlg"} {
		info, err := os.Stat(filepath.Join(prefix, "drive_c/ProgramData/Impero", name))
		if err != nil || info.Mode()&0o007 != 0 {
			t.Errorf("%s is not there, or others may use it: %v", name, err)
		}
	}
}

// logsOn has a Guest log on at the service, and leave.
func logsOn(t *testing.T, address, fingerprint string) {
	t.Helper()
	engine, err := guest.New(guest.Config{Home: store.At(t.TempDir()), Order: picture.RGBX})
	if err != nil {
		t.Fatal(err)
	}
	target, err := guest.ParseTarget(address, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if s, err := engine.Connect(ctx, target, person{fingerprint}); err == nil {
			s.Close()
		}
	}()
	lab.WaitFor(t, patience, "the logon in the service's log", func() bool { return strings.Contains(serviceLog(), " info logged on module=gate ") })
	cancel()
	<-ended
}

func serviceLog() string {
	text, _ := os.ReadFile(filepath.Join(prefix, "drive_c/ProgramData/Impero/logs/Impero_host.log"))
	return string(text) // there may be none yet
}

// attached waits until the service has its agent. It kills the first one, which Wine lets into a pipe that nobody serves: as after any
// other end of an agent there is a new one.
func attached(t *testing.T, far *desk) {
	t.Helper()
	log := func(text string) func() bool {
		return func() bool { return strings.Contains(serviceLog(), text) }
	}
	lab.WaitFor(t, patience, "the agent to be started", log("the agent was started"))
	if code, said := far.ends(far.command("", wine, "taskkill", "/F", "/IM", "Imperohost.exe")); code != 0 {
		t.Fatalf("taskkill ends with %d: %s", code, said)
	}
	lab.WaitFor(t, patience, "the agent after it", log("the agent is there"))
}

// TestHostManagerOfWindows has its window, and reads a file.
func TestHostManagerOfWindows(t *testing.T) {
	d := newDesk(t)
	windowManager(t, d)
	d.starts(d.windows("", "ImperoHostManager", "--file", windows(filepath.Join(t.TempDir(), "host.xml"))))
	lab.WaitFor(t, patience, "Host Manager's window", func() bool { return strings.Contains(d.titles(), "Host Manager") })
	lab.WaitFor(t, patience, "words to be drawn in it", func() bool {
		shown, colours := d.shows(), map[color.RGBA]bool{}
		for x := range shown.Rect.Dx() {
			colours[shown.RGBAAt(x, 10+x%100)] = true
		}
		return len(colours) > 10
	})
	keep(t, "hostmanager", d.shows())
}
