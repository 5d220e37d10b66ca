package apps_test

import (
	"fmt"
	"image"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"impero/core/lab"
)

// ear hears every key and button of a computer, before any program there.
type ear struct {
	t  *testing.T
	mu sync.Mutex
	// guarded by mu: what was heard: "key 38 down"
	heard []string
}

func (p *pc) listen() *ear {
	p.t.Helper()
	conn, err := xgb.NewConnDisplay(p.x.Display)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(conn.Close)
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	keys, err := xproto.GrabKeyboard(conn, false, root, 0, xproto.GrabModeAsync, xproto.GrabModeAsync).Reply()
	if err != nil || keys.Status != xproto.GrabStatusSuccess {
		p.t.Fatal("take the keyboard: ", err)
	}
	const events = xproto.EventMaskButtonPress | xproto.EventMaskButtonRelease
	mouse, err := xproto.GrabPointer(conn, false, root, events, xproto.GrabModeAsync, xproto.GrabModeAsync, 0, 0, 0).Reply()
	if err != nil || mouse.Status != xproto.GrabStatusSuccess {
		p.t.Fatal("take the mouse: ", err)
	}
	e := &ear{t: p.t}
	p.t.Cleanup(func() {
		if e.mu.Lock(); p.t.Failed() {
			p.t.Log("heard last: ", e.heard)
		}
		e.mu.Unlock()
	})
	go e.hear(conn)
	return e
}

func (e *ear) hear(conn *xgb.Conn) {
	for {
		event, err := conn.WaitForEvent()
		if event == nil && err == nil {
			return
		}
		e.mu.Lock()
		switch ev := event.(type) {
		case xproto.KeyPressEvent:
			e.heard = append(e.heard, fmt.Sprintf("key %d down", ev.Detail))
		case xproto.KeyReleaseEvent:
			e.heard = append(e.heard, fmt.Sprintf("key %d up", ev.Detail))
		case xproto.ButtonPressEvent:
			e.heard = append(e.heard, fmt.Sprintf("button %d down", ev.Detail))
		case xproto.ButtonReleaseEvent:
			e.heard = append(e.heard, fmt.Sprintf("button %d up at %d,%d", ev.Detail, ev.RootX, ev.RootY))
		}
		e.mu.Unlock()
	}
}

// hears waits until the wanted ones were heard in their order and forgets all.
func (e *ear) hears(want ...string) {
	e.t.Helper()
	lab.WaitFor(e.t, patience, fmt.Sprint(want), func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		i := 0
		for _, s := range e.heard {
			if i < len(want) && strings.HasPrefix(s, want[i]) {
				i++
			}
		}
		if i == len(want) {
			e.heard = nil
		}
		return i == len(want)
	})
}

// fullScreen says whether the Guest's window covers this computer's screen.
func (p *pc) fullScreen() bool {
	c := exec.Command("sh", "-c", `xprop -id "$(xdotool search --name 'remote control' | tail -1)" _NET_WM_STATE`)
	c.Env = append(c.Environ(), "DISPLAY="+p.x.Display)
	out, _ := c.Output()
	return strings.Contains(string(out), "FULLSCREEN")
}

// inWindow waits until the Guest's window has left the full screen, lies on the screen, and its picture moves no more.
func (p *pc) inWindow() {
	p.t.Helper()
	lab.WaitFor(p.t, patience, "the window", func() bool {
		c := exec.Command("sh", "-c", `xwininfo -id "$(xdotool search --name 'remote control' | tail -1)"`)
		c.Env = append(c.Environ(), "DISPLAY="+p.x.Display)
		out, _ := c.Output()
		var top, height int
		for line := range strings.Lines(string(out)) {
			fmt.Sscanf(strings.TrimSpace(line), "Absolute upper-left Y: %d", &top)
			fmt.Sscanf(strings.TrimSpace(line), "Height: %d", &height)
		}
		if p.fullScreen() || height == 0 || top+height > lower.Max.Y {
			return false
		}
		before := lab.TakeScreenshot(p.t, p.x.Display)
		time.Sleep(100 * time.Millisecond)
		now := lab.TakeScreenshot(p.t, p.x.Display)
		return same(before, now, now.Bounds())
	})
}

// xrandr changes this computer's screen.
func (p *pc) xrandr(args ...string) {
	p.t.Helper()
	if out, err := exec.Command("xrandr", append([]string{"-display", p.x.Display}, args...)...).CombinedOutput(); err != nil {
		p.t.Fatalf("xrandr %v: %v: %s", args, err, out)
	}
}

// The screen without the bar and its tooltips, and where the bar is.
var (
	lower = image.Rect(0, 100, 800, 600)
	upper = image.Rect(200, 0, 600, 30)
)

// directly starts a Guest in full screen on near that shows far pixel for pixel.
func directly(t *testing.T) (far, near *pc) {
	t.Helper()
	far, near = newPC(t), newPC(t)
	lab.StartProcess(t, far.x.Display, "xclock", "-geometry", "500x400+100+100", "-update", "1")
	_, address := far.host("Full control", "--headless")
	near.knows(far, address)
	near.windowManager()
	near.start(near.command(password+"\n", "ImperoGuest", "-H", address, "-P", "-"))
	lab.WaitFor(t, patience, "the Guest's full screen to show the Host's desktop", func() bool {
		return near.fullScreen() && same(lab.TakeScreenshot(t, far.x.Display), lab.TakeScreenshot(t, near.x.Display), lower)
	})
	return far, near
}

func TestEveryKeyAndButtonReachesTheHost(t *testing.T) {
	far, near := directly(t)
	ear := far.listen()
	near.xdotool("mousemove", "300", "300", "click", "1")
	ear.hears("button 1 down", "button 1 up at 300,300")
	near.xdotool("keydown", "alt", "key", "Tab", "keyup", "alt", "key", "Super_L", "key", "F4")
	ear.hears("key 64 down", "key 23 down", "key 23 up", "key 64 up", "key 133 down", "key 133 up", "key 70 down", "key 70 up")
	near.xdotool("click", "2", "click", "3", "click", "8", "click", "9")
	ear.hears("button 2 down", "button 2 up", "button 3 down", "button 3 up", "button 8 down", "button 8 up", "button 9 down", "button 9 up")
	near.xdotool("click", "4", "click", "5", "click", "6", "click", "7")
	ear.hears("button 4 down", "button 5 down", "button 6 down", "button 7 down")
	near.xdotool("keydown", "Control_R", "key", "Return", "keyup", "Control_R")
	near.inWindow()
	near.xdotool("mousemove", "400", "300", "mousedown", "1", "mousemove", "799", "599", "mouseup", "1")
	ear.hears("button 1 down", "button 1 up at 799,599") // outside the window: the Host's corner
	lab.StartProcess(t, near.x.Display, "xterm", "-T", "other", "-geometry", "10x2+0+0")
	near.xdotool("search", "--sync", "--name", "other")
	near.xdotool("mousemove", "400", "300", "click", "1", "keydown", "shift")
	ear.hears("key 50 down")
	near.xdotool("search", "--name", "other", "windowactivate")
	ear.hears("key 50 up")
	near.xdotool("keyup", "shift")
}

func TestWhatLiesOverThePictureIsSeenAndTakesClicks(t *testing.T) {
	far, near := directly(t)
	looks := func() (theirs, ours *image.RGBA) {
		return lab.TakeScreenshot(t, far.x.Display), lab.TakeScreenshot(t, near.x.Display)
	}
	plain := func() bool { theirs, ours := looks(); return same(theirs, ours, upper) && same(theirs, ours, lower) }
	lab.WaitFor(t, patience, "the line that tells how to leave to go", plain)
	near.xdotool("mousemove", "400", "300", "click", "1", "mousemove", "400", "0")
	lab.WaitFor(t, patience, "the bar", func() bool { theirs, ours := looks(); return !same(theirs, ours, upper) && same(theirs, ours, lower) })
	near.xdotool("mousemove", "400", "400")
	lab.WaitFor(t, patience, "the bar to go", plain)
	ear := far.listen()
	near.xdotool("keydown", "Control_R", "key", "m", "keyup", "Control_R")
	menu := image.Rect(20, 60, 90, 90)
	lab.WaitFor(t, patience, "a menu over the picture", func() bool {
		theirs, ours := looks()
		return !same(theirs, ours, menu) && same(theirs, ours, image.Rect(400, 100, 800, 600))
	})
	near.xdotool("key", "Escape")
	lab.WaitFor(t, patience, "the menu to go", plain)
	near.xdotool("keydown", "Control_R", "key", "b", "keyup", "Control_R")
	lab.WaitFor(t, patience, "the bar", func() bool { theirs, ours := looks(); return !same(theirs, ours, upper) })
	// The button stands at the same place whatever the port: 148 right of the middle.
	near.xdotool("mousemove", "548", "18", "click", "1")
	lab.WaitFor(t, patience, "the button of the bar to leave the full screen", func() bool { return !near.fullScreen() })
	ear.mu.Lock()
	if slices.Contains(ear.heard, "key 9 down") {
		t.Error("the menu's Esc went to the Host")
	}
	ear.mu.Unlock()
	near.xdotool("mousemove", "400", "300", "click", "1", "key", "a")
	ear.hears("button 1 down", "key 38 down", "key 38 up")
}

func TestStatisticsLieOverThePicture(t *testing.T) {
	far, near := directly(t)
	panel, beside := image.Rect(620, 70, 780, 320), image.Rect(0, 100, 450, 600) // right of the clock, and with it
	for _, covered := range []bool{true, false} {
		near.xdotool("keydown", "Control_R", "key", "s", "keyup", "Control_R")
		lab.WaitFor(t, patience, "the panel to come and go", func() bool {
			theirs, ours := lab.TakeScreenshot(t, far.x.Display), lab.TakeScreenshot(t, near.x.Display)
			return same(theirs, ours, panel) != covered && same(theirs, ours, beside)
		})
	}
}

func TestPictureSurvivesWhatHappensToItsWindow(t *testing.T) {
	far, near := directly(t)
	again := func(what string) {
		t.Helper()
		lab.WaitFor(t, patience, what, func() bool {
			return same(lab.TakeScreenshot(t, far.x.Display), lab.TakeScreenshot(t, near.x.Display), lower)
		})
	}
	window := func(args ...string) {
		t.Helper()
		near.xdotool(append([]string{"search", "--name", "remote control"}, args...)...)
	}
	window("windowminimize", "%@")
	lab.WaitFor(t, patience, "the window to be minimised", func() bool {
		return !same(lab.TakeScreenshot(t, far.x.Display), lab.TakeScreenshot(t, near.x.Display), lower)
	})
	window("windowactivate", "%@")
	again("the picture after minimising")
	lab.StartProcess(t, near.x.Display, "xterm", "-T", "over it", "-geometry", "60x20+100+200")
	near.xdotool("search", "--sync", "--name", "over it")
	window("windowactivate", "%@")
	again("the picture under another window")
	far.xrandr("--newmode", "640x480", "0", "640", "0", "0", "640", "480", "0", "0", "480")
	far.xrandr("--addmode", "screen", "640x480")
	far.xrandr("--output", "screen", "--mode", "640x480")
	lab.WaitFor(t, patience, "a smaller desktop, larger than it is", func() bool {
		theirs, ours := lab.TakeScreenshot(t, far.x.Display), lab.TakeScreenshot(t, near.x.Display)
		return theirs.Rect.Dx() == 640 && ours.RGBAAt(790, 300) == theirs.RGBAAt(632, 240) && ours.RGBAAt(790, 590) == theirs.RGBAAt(632, 472)
	})
	far.xrandr("--output", "screen", "--mode", "800x600")
	again("the larger desktop")
}
