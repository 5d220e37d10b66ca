//go:build unix

package lab

import (
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// gone reports whether no process has the number.
func gone(pid int) bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

func TestXShowsWhatIsDrawn(t *testing.T) {
	x := StartX(t, Screen{W: 320, H: 200})
	if !strings.HasPrefix(x.Display, ":") {
		t.Fatalf("the display is called %q", x.Display)
	}
	picture := TakeScreenshot(t, x.Display)
	if picture.Bounds() != image.Rect(0, 0, 320, 200) {
		t.Fatalf("the picture is %v", picture.Bounds())
	}
	paint := StartProcess(t, x.Display, "xsetroot", "-solid", "#1e90ff")
	if err := paint.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := color.RGBA{0x1e, 0x90, 0xff, 0xff}
	WaitFor(t, 10*time.Second, "the new background", func() bool {
		return TakeScreenshot(t, x.Display).RGBAAt(319, 199) == want
	})
}

func TestManyServersAtOnce(t *testing.T) {
	displays := make([]string, 4)
	var all sync.WaitGroup
	for i := range displays {
		all.Go(func() {
			x, err := RunX(t.Context(), Screen{W: 64, H: 64})
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { x.Close() })
			displays[i] = x.Display
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, display := range displays {
		if seen[display] {
			t.Errorf("two servers are %s", display)
		}
		seen[display] = true
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	x, err := RunX(context.Background(), Screen{})
	if err != nil {
		t.Fatal(err)
	}
	client := StartProcess(t, x.Display, "xterm")
	for range 2 {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}
	if !gone(x.process.PID()) {
		t.Error("the X server still runs")
	}
	<-client.Done() // it lost its display
	if _, err := Screenshot(x.Display); err == nil {
		t.Error("a stopped server gives pictures")
	}
}

func TestContextEndsTheServer(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	x, err := RunX(ctx, Screen{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	<-x.process.Done()
}

func TestMissingServerIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := RunX(context.Background(), Screen{})
	if err == nil || !strings.Contains(err.Error(), "xvfb") {
		t.Errorf("the message does not name the package: %v", err)
	}
}

func TestServerThatWillNotStartSaysWhy(t *testing.T) {
	_, err := RunX(context.Background(), Screen{W: 100, H: 100, Depth: 3})
	if err == nil || !strings.Contains(err.Error(), "it said: ") {
		t.Errorf("got %v", err)
	}
}

func TestProcessThatWillNotEndIsKilled(t *testing.T) {
	process := StartProcess(t, "", "sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done")
	WaitFor(t, 10*time.Second, "the trap", func() bool { return strings.Contains(process.Output(), "ready") })
	if err := process.Close(); err != nil {
		t.Error(err)
	}
	if !gone(process.PID()) {
		t.Error("it still runs")
	}
}

func TestProcessSaysHowItEnded(t *testing.T) {
	process := StartProcess(t, ":99999", "sh", "-c", "echo on $DISPLAY; exit 3")
	err := process.Wait(t.Context())
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "on :99999") {
		t.Errorf("got %v", err)
	}
	if _, err := RunProcess(t.Context(), "", filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a program that is not there was started")
	}
	if _, err := RunProcess(t.Context(), ""); err == nil {
		t.Error("nothing was started")
	}
}

func TestWaitStopsWithItsContext(t *testing.T) {
	process := StartProcess(t, "", "sleep", "600")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := process.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if gone(process.PID()) {
		t.Error("the process ended with the wait")
	}
}

func TestOutputKeepsItsEnd(t *testing.T) {
	var output tail
	for i := range 20000 {
		if _, err := output.Write([]byte(strconv.Itoa(i) + "\n")); err != nil {
			t.Fatal(err)
		}
	}
	text := output.String()
	if len(text) > maxOutput || !strings.HasSuffix(text, "19999") {
		t.Errorf("%d bytes, ending in %q", len(text), text[len(text)-10:])
	}
}

func TestWritePNG(t *testing.T) {
	picture := image.NewRGBA(image.Rect(0, 0, 3, 2))
	picture.SetRGBA(2, 1, color.RGBA{1, 2, 3, 255})
	path := filepath.Join(t.TempDir(), "picture.png")
	if err := WritePNG(path, picture); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	read, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if read.Bounds() != picture.Bounds() || color.RGBAModel.Convert(read.At(2, 1)) != picture.At(2, 1) {
		t.Error("another picture was read back")
	}
	if err := WritePNG(filepath.Join(path, "x"), picture); err == nil {
		t.Error("a file was taken for a folder")
	}
}
