//go:build wine

package wine

import (
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"impero/core/lab"
	"impero/core/store"
)

// linuxHost is a Host of Linux with a terminal on its desktop, whose lines go to a file.
type linuxHost struct {
	*desk
	address, fingerprint string
	typed                string
}

func newLinuxHost(t *testing.T) *linuxHost {
	t.Helper()
	h := &linuxHost{desk: newDesk(t), address: freeAddress(t)}
	home := t.TempDir()
	h.env = []string{store.HomeVariable + "=" + home}
	h.typed = filepath.Join(home, "typed")
	lab.StartProcess(t, h.x.Display, "xterm", "-geometry", "60x20+0+0", "-e", "cat > "+h.typed)
	if code, said := h.ends(h.linux(password+"\n", "Imperohost", "--set-password")); code != 0 {
		t.Fatalf("--set-password ended with %d: %s", code, said)
	}
	p := h.starts(h.linux("", "Imperohost", "--headless", "--listen", h.address))
	h.fingerprint = fingerprint(t, p.says("Ready for Guests"))
	return h
}

// TestGuestOfWindows: each part goes on with what the Guest before it remembers in its own folders.
func TestGuestOfWindows(t *testing.T) {
	host, near := newLinuxHost(t), newDesk(t)
	headless := func(pw string, args ...string) (int, string) {
		t.Helper()
		return near.ends(near.windows(pw+"\n", "ImperoGuest", append([]string{"--headless", "-H", host.address, "-P", "-"}, args...)...))
	}
	if code, said := headless(password); code != 4 || !strings.Contains(said, host.fingerprint) {
		t.Fatalf("an unknown Host ends with %d: %s", code, said)
	}
	shot := filepath.Join(t.TempDir(), "shot.png")
	if code, said := headless(password, "--accept-key", host.fingerprint, "--screenshot", windows(shot)); code != 0 {
		t.Fatalf("a screenshot ends with %d: %s", code, said)
	}
	if got, want := readPNG(t, shot), host.shows(); !same(got, want) {
		t.Error("the screenshot is not what the Host shows")
		keep(t, "got", got)
		keep(t, "want", want)
	}
	if code, said := headless("not the password"); code != 5 || !strings.Contains(said, "wrong") {
		t.Errorf("a wrong password ends with %d: %s", code, said)
	}
	if known, err := filepath.Glob(filepath.Join(prefix, "drive_c/users/*/AppData/Roaming/ImperoGuest/known_hosts.json")); len(known) != 1 {
		t.Errorf("known hosts are kept in %v (%v)", known, err)
	}
	window(t, host, near)
}

// window uses the Guest's full screen as a person does.
func window(t *testing.T, host *linuxHost, near *desk) {
	windowManager(t, near)
	guest := near.starts(near.windows(password+"\n", "ImperoGuest", "-H", host.address, "-P", "-"))
	var shown *image.RGBA
	defer func() {
		if shown != nil {
			keep(t, "guest-window", shown)
		}
	}()
	hostShown := func() bool {
		shown = near.shows()
		return same(shown, host.shows())
	}
	lab.WaitFor(t, patience, "the Guest's full screen to show the Host's desktop", hostShown)
	near.xdotool("mousemove", "200", "150", "click", "1")
	const line = "Typed at Windows, 42_+/"
	near.xdotool("type", "--delay", "40", line)
	near.xdotool("key", "Return", "ctrl+e", "Return")
	lab.WaitFor(t, patience, "the text to arrive at the Host's terminal", func() bool {
		got, _ := os.ReadFile(host.typed)
		return string(got) == line+"\n\x05\n"
	})
	lab.WaitFor(t, patience, "the text in the Guest's own pixels", hostShown)
	near.xdotool("keydown", "Control_R", "key", "d", "keyup", "Control_R") // disconnects
	if code := guest.wait(); code != 0 {
		t.Errorf("the Guest ended with %d", code)
	}
}

// windowManager starts one and waits until programs can ask it for the full screen.
func windowManager(t *testing.T, d *desk) {
	t.Helper()
	lab.StartProcess(t, d.x.Display, "openbox")
	lab.WaitFor(t, patience, "the window manager", func() bool {
		out, err := exec.Command("xprop", "-display", d.x.Display, "-root", "_NET_SUPPORTING_WM_CHECK").Output()
		return err == nil && strings.Contains(string(out), "window id")
	})
}

func readPNG(t *testing.T, path string) *image.RGBA {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	read, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	picture := image.NewRGBA(read.Bounds())
	draw.Draw(picture, picture.Rect, read, image.Point{}, draw.Src)
	return picture
}
