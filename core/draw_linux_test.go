package core_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"

	"impero/core/lab/load"
)

// drawFlag makes this program draw the load that follows.
const drawFlag = "-draw-load"

// drawLoad draws a load on DISPLAY, as standard input says, and gives the exit code.
func drawLoad(name string) int {
	if err := load.Run(context.Background(), load.Config{Display: os.Getenv("DISPLAY"), Name: name, In: os.Stdin, Out: os.Stdout}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// drawing is a load that is drawn by a process of its own, whose memory goes with it.
type drawing struct {
	t    testing.TB
	over <-chan error
	in   io.WriteCloser
	said *bufio.Scanner
}

// beginDrawing starts a load; it moves when this returns.
func beginDrawing(t testing.TB, display, name string) *drawing {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c, d := exec.Command(self, drawFlag, name), &drawing{t: t}
	c.Env = append(os.Environ(), "DISPLAY="+display)
	c.Stderr = os.Stderr
	if d.in, err = c.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	d.said = bufio.NewScanner(out)
	if d.over, err = startTied(c); err != nil {
		t.Fatal(err)
	}
	d.await("ready")
	d.say("go")
	return d
}

func (d *drawing) say(command string) {
	d.t.Helper()
	if _, err := fmt.Fprintln(d.in, command); err != nil {
		d.t.Fatalf("tell the load: %v", err)
	}
}

func (d *drawing) await(line string) {
	d.t.Helper()
	for d.said.Scan() {
		if d.said.Text() == line {
			return
		}
	}
	d.t.Fatalf("the load ended before it said %q", line)
}

// rest has the load draw its last frame, which stays.
func (d *drawing) rest() {
	d.t.Helper()
	d.say("stop")
	d.await("end")
}

// end takes the load off the display.
func (d *drawing) end() {
	d.t.Helper()
	d.in.Close()
	if err := <-d.over; err != nil {
		d.t.Errorf("the load ended: %v", err)
	}
}

// startTied starts a process that ends with this one, and tells when it has ended. The kernel ties it to the thread that starts
// it, which therefore stays as long.
func startTied(c *exec.Cmd) (over <-chan error, err error) {
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started, ended := make(chan error, 1), make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.Start()
		started <- err
		if err == nil {
			ended <- c.Wait()
		}
	}()
	return ended, <-started
}
