package start

import (
	"bytes"
	"errors"
	"log"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
)

func TestHarmlessComplaintIsTold(t *testing.T) {
	var out bytes.Buffer
	var told []string
	log.SetOutput(&complaints{out: &out, trouble: func(err error) { told = append(told, err.Error()) }})
	defer log.SetOutput(os.Stderr)
	fyne.LogError("failed to watch theme settings", errors.New("no bus"))
	if len(told) != 1 || told[0] != "failed to watch theme settings: no bus" {
		t.Errorf("told is %q", told)
	}
	if out.Len() > 0 {
		t.Errorf("it comes out as well: %s", out.String())
	}
	fyne.LogError("window creation error", errors.New("no memory"))
	log.Println("  Cause: of something else")
	for _, want := range []string{"Fyne error:  window creation error", "  Cause: no memory", "  At: ", "of something else"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is held back from %q", want, out.String())
		}
	}
	if len(told) != 1 {
		t.Errorf("told is %q", told)
	}
}

func TestOnlyTheDisplayThatIsNamedIsAsked(t *testing.T) {
	for _, c := range []struct{ display, wayland, platform, want string }{
		{":0", "", "", "x11"},
		{":0", "wayland-0", "", ""},
		{"", "wayland-0", "", ""},
		{"", "", "", ""},
		{":0", "", "wayland", "wayland"},
	} {
		t.Setenv("DISPLAY", c.display)
		t.Setenv("WAYLAND_DISPLAY", c.wayland)
		t.Setenv(platformVariable, c.platform)
		if chooseWindows(); os.Getenv(platformVariable) != c.want {
			t.Errorf("%+v gives %q", c, os.Getenv(platformVariable))
		}
	}
}

func TestNothingIsDoneOnceTheWindowsAreGone(t *testing.T) {
	home, err := os.MkdirTemp("", "home") // Fyne goes on writing there: t.TempDir would fail when it is cleared meanwhile
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(home)
	t.Setenv("HOME", home)
	a := app.NewWithID("io.impero.test")
	stopped, ok := a.Lifecycle().(interface{ OnStopped() func() })
	if !ok || stopped.OnStopped() == nil {
		t.Fatal("Fyne has another way to end: look what it does then")
	}
	if keepNoPreferences(a); stopped.OnStopped() != nil {
		t.Error("Fyne still writes preferences at the end")
	}
}
