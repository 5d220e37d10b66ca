//go:build wine

package wine

import (
	"context"
	"errors"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/keys"
	"impero/core/lab"
	"impero/core/picture"
	"impero/core/store"
)

// setPassword prepares the Host of Windows, whose folders are in Wine's prefix.
func setPassword(t *testing.T, d *desk) {
	t.Helper()
	if code, said := d.ends(d.windows(password+"\r\n", "Imperohost", "--set-password")); code != 0 || !strings.Contains(said, "Password set") {
		t.Fatalf("--set-password ended with %d: %s", code, said)
	}
}

func TestHostOfWindows(t *testing.T) {
	far := newDesk(t)
	setPassword(t, far)
	folder := filepath.Join(prefix, "drive_c/users")
	for _, pattern := range []string{"*/AppData/Roaming/Impero/host", "*/AppData/Roaming/Impero/host/identity.key", "*/AppData/Roaming/Impero/host/host.xml"} {
		found, _ := filepath.Glob(filepath.Join(folder, pattern))
		if len(found) != 1 {
			t.Fatalf("%s is in %v", pattern, found)
		}
		if info, err := os.Stat(found[0]); err != nil || info.Mode()&0o007 != 0 {
			t.Errorf("%s has mode %v: others may use it (%v)", found[0], info.Mode(), err)
		}
	}
	pad := far.starts(far.tool("pad"))
	lab.WaitFor(t, patience, "the pad", func() bool {
		return far.shows().RGBAAt(775, 575) == (color.RGBA{750 / 4, 550 / 4, (750*7 + 550*13) % 256, 255})
	})
	address := freeAddress(t)
	p := far.starts(far.windows("", "Imperohost", "--headless", "--listen", address))
	s := connect(t, address, fingerprint(t, p.says("Ready for Guests")))
	showsTheSame(t, s, far)
	drives(t, s, pad)
}

// person logs on with the password at a Host with a known fingerprint.
type person struct{ fingerprint string }

func (person) Progress(guest.Step) {}

func (p person) Identity(_ context.Context, id guest.Identity) (bool, error) {
	return id.Fingerprint == p.fingerprint, nil
}

func (person) Logon(context.Context, guest.Form) ([]string, error) { return []string{password}, nil }

func connect(t *testing.T, address, fingerprint string) *guest.Session {
	t.Helper()
	engine, err := guest.New(guest.Config{Home: store.At(t.TempDir()), Order: picture.RGBX})
	if err != nil {
		t.Fatal(err)
	}
	target, err := guest.ParseTarget(address, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		s, err := engine.Connect(ctx, target, person{fingerprint})
		var early *guest.Error
		switch {
		case errors.As(err, &early) && early.Kind == guest.KindNoDisplay:
			continue // the Host has just started
		case err != nil:
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		return s
	}
}

// showsTheSame waits until the Guest's picture is what the desktop shows.
func showsTheSame(t *testing.T, s *guest.Session, far *desk) {
	t.Helper()
	limit := time.After(patience)
	for {
		var got *image.RGBA
		s.Picture(func(f *picture.Frame, _ []picture.Rect, _ *picture.Layout) {
			got = &image.RGBA{Pix: append([]byte(nil), f.Pix...), Stride: 4 * f.W, Rect: image.Rect(0, 0, f.W, f.H)}
		})
		want := far.shows()
		if same(got, want) {
			keep(t, "host", got)
			return
		}
		select {
		case <-s.Updates():
		case <-limit:
			t.Error("the Guest's picture never became the Host's")
			keep(t, "got", got)
			keep(t, "want", want)
			t.FailNow()
		}
	}
}

// drives uses mouse and keyboard from afar.
func drives(t *testing.T, s *guest.Session, pad *running) {
	t.Helper()
	s.Move(321, 234)
	s.Button(1, true)
	s.Button(1, false)
	pad.says("left 321 234")
	s.Wheel(0, 1)
	pad.says("wheel -120")
	tap := func(usage uint16, char rune) {
		s.Key(usage, true, char)
		s.Key(usage, false, 0)
	}
	tap(keys.A, 'a')
	pad.says("char 0061")
	s.Key(keys.LeftShift, true, 0)
	tap(keys.B, 'B')
	s.Key(keys.LeftShift, false, 0)
	pad.says("char 0042")
	tap(keys.Q, 'é') // of a layout that this system has not
	pad.says("char 00e9")
	tap(keys.F5, 0)
	pad.says("key 74")
	s.Key(keys.LeftControl, true, 0)
	tap(keys.C, 0)
	s.Key(keys.LeftControl, false, 0)
	pad.says("char 0003")
	s.Text("€")
	pad.says("char 20ac")
}

// TestWindowOfTheHost: a Host with its window is seen by its Guest too, and a second one says why it ends.
func TestWindowOfTheHost(t *testing.T) {
	far := newDesk(t)
	setPassword(t, far)
	windowManager(t, far)
	address := freeAddress(t)
	far.starts(far.windows("", "Imperohost", "--listen", address))
	lab.WaitFor(t, patience, "the Host's window", func() bool { return strings.Contains(far.titles(), "Impero Host") })
	shot := filepath.Join(t.TempDir(), "shot.png")
	near := newDesk(t)
	near.env = []string{store.HomeVariable + "=" + t.TempDir()}
	take := func(args ...string) (int, string) {
		return near.ends(near.linux(password+"\n", "ImperoGuest", append([]string{"--headless", "-H", address, "-P", "-"}, args...)...))
	}
	var said string
	lab.WaitFor(t, patience, "the Host to listen", func() (listens bool) {
		var code int
		code, said = take()
		return code == 4
	})
	_, key, _ := strings.Cut(said, "fingerprint is ")
	key, _, _ = strings.Cut(key, ".")
	if code, said := take("--accept-key", key, "--screenshot", shot); code != 0 {
		t.Fatalf("the Guest ended with %d: %s", code, said)
	}
	got := readPNG(t, shot)
	colours := map[color.RGBA]bool{}
	for i := 0; i < len(got.Pix); i += 4 {
		colours[color.RGBA{got.Pix[i], got.Pix[i+1], got.Pix[i+2], 255}] = true
	}
	if len(colours) < 50 {
		t.Errorf("the Host's window has %d colours: it is not painted", len(colours))
	}
	keep(t, "host-window", got)

	second := far.starts(far.tool("console", "none", windows(filepath.Join(programs, "windows", "Imperohost.exe")), "--listen", freeAddress(t)))
	lab.WaitFor(t, patience, "the second Host to say why it ends", func() bool { return strings.Contains("\n"+far.titles(), "\nImperohost\n") })
	keep(t, "alert", far.shows())
	far.xdotool("search", "--onlyvisible", "--name", "^Imperohost$", "windowfocus", "--sync")
	far.xdotool("key", "Return")
	if code := second.wait(); code != 1 {
		t.Errorf("the second Host ended with %d", code)
	}
}

func TestConsole(t *testing.T) {
	d := newDesk(t)
	setPassword(t, d)
	program := func(name string) string { return windows(filepath.Join(programs, "windows", name+".exe")) }
	for _, c := range []struct {
		name, wait, says string
		args             []string
		code             int
	}{
		{"ImperoGuest", "-", "ImperoGuest ", []string{"--version"}, 0},
		{"ImperoGuest", "-", "Exit codes", []string{"--help"}, 0},
		{"ImperoGuest", "-", "unknown flag", []string{"--nonsense"}, 2},
		{"Imperohost", "-", "Imperohost ", []string{"--version"}, 0},
		{"Imperohost", "Ready for Guests", "Host ended.", []string{"--headless", "--listen", freeAddress(t)}, 0},
	} {
		code, said := d.ends(d.tool("console", append([]string{c.wait, program(c.name)}, c.args...)...))
		if code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%s %v ends with %d and says %q", c.name, c.args, code, said)
		}
	}
}
