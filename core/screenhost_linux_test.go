package core_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"impero/core/agent"
	"impero/core/capture"
	"impero/core/host"
	"impero/core/inject"
	"impero/core/store"
)

// hostFlag makes this program a Host of DISPLAY, whose folder follows.
const hostFlag = "-serve-screen"

// serveScreen is a Host with both its halves until standard input ends. It prints its address.
func serveScreen(folder string) int {
	if err := runScreenHost(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func runScreenHost(folder string) error {
	daemon, user := net.Pipe()
	h, err := host.New(host.Config{Home: store.At(folder), Name: "till-042", Listen: []string{"127.0.0.1:0"}, Agent: daemon})
	if err != nil {
		return err
	}
	defer h.Close()
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan error, 2)
	go func() { over <- h.Run(ctx) }()
	go func() {
		over <- agent.Run(ctx, user, agent.Config{
			Capture: func() (capture.Source, error) { return capture.Open(capture.Config{}) },
			Inject:  func() (inject.Injector, error) { return inject.Open(inject.Config{}) },
		})
	}()
	for st := h.State(); !st.Running || !st.Display.Ready; st = h.State() {
		select {
		case <-h.Changes():
		case err := <-over:
			cancel()
			return fmt.Errorf("the Host ended: %w", err)
		}
	}
	fmt.Println(net.JoinHostPort("127.0.0.1", strconv.Itoa(h.State().Port)))
	bufio.NewReader(os.Stdin).ReadByte()
	cancel()
	<-over
	<-over
	return nil
}

// screenHost is a Host in a process of its own, as it is for people: what it and its Guests need can be told apart.
type screenHost struct {
	address string
	pid     int
}

// startScreenHost starts one at a display, with the folder of a Host that has a password.
func startScreenHost(t testing.TB, display, folder string) screenHost {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, hostFlag, folder)
	c.Env = append(os.Environ(), "DISPLAY="+display)
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	over, err := startTied(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		kill := time.AfterFunc(20*time.Second, func() { c.Process.Kill() })
		defer kill.Stop()
		if err := <-over; err != nil {
			t.Errorf("the Host ended: %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the Host did not start: %v", err)
	}
	return screenHost{strings.TrimSpace(line), c.Process.Pid}
}

// sample is how much of the Host's process there is. Threads stand for goroutines, which cannot be seen from outside, and
// there is no heap of its own.
func (h screenHost) sample() (n sample) {
	folder := fmt.Sprintf("/proc/%d/", h.pid)
	files, _ := os.ReadDir(folder + "fd")
	threads, _ := os.ReadDir(folder + "task")
	n.files, n.goroutines, n.rss = len(files), len(threads), residentMemory(folder+"status")
	return n
}
