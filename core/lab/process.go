package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// Limits of a process: how long it may take to end when asked politely, and
// how much of what it last said is kept for the message of a failure.
const (
	stopLimit = 5 * time.Second
	maxOutput = 64 << 10
)

// Process is a program that runs beside the test.
type Process struct {
	name   string
	pid    int
	stop   context.CancelFunc
	done   chan struct{}
	err    error // how it ended; to be read after done
	output *tail
}

// command is what run needs to know.
type command struct {
	argv    []string
	display string     // "" leaves DISPLAY as it is
	inherit []*os.File // file 3 and on
	space   *namespace // nil for this program's own network
}

// RunProcess starts argv on an X display (":7"; "" for none in particular). The
// program has this one's environment but for DISPLAY, and no other display to
// turn to. It ends with ctx or with Close.
func RunProcess(ctx context.Context, display string, argv ...string) (*Process, error) {
	return run(ctx, command{argv: argv, display: display})
}

// StartProcess is [RunProcess] for a test.
func StartProcess(t testing.TB, display string, argv ...string) *Process {
	t.Helper()
	return start(t, command{argv: argv, display: display})
}

func start(t testing.TB, c command) *Process {
	t.Helper()
	process, err := run(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := process.Close(); err != nil {
			t.Errorf("stop %s: %v", process.name, err)
		}
	})
	return process
}

func run(ctx context.Context, c command) (*Process, error) {
	if len(c.argv) == 0 {
		return nil, errors.New("start a program: none is named")
	}
	ctx, stop := context.WithCancel(ctx)
	p := &Process{name: c.argv[0], stop: stop, done: make(chan struct{}), output: &tail{}}
	cmd := exec.CommandContext(ctx, c.argv[0], c.argv[1:]...)
	cmd.Env = environment(c.display)
	cmd.ExtraFiles = c.inherit
	cmd.Stdout, cmd.Stderr = p.output, p.output
	cmd.Cancel = func() error { return terminate(cmd.Process) }
	cmd.WaitDelay = stopLimit // then it is killed
	cmd.SysProcAttr = endWithParent()

	started := make(chan error)
	go func() {
		// "Dies with its parent" means the thread that started it, so that
		// thread must live as long as the process. A thread that has entered
		// another network stays locked, and so ends with the goroutine.
		runtime.LockOSThread()
		defer close(p.done)
		var err error
		if c.space == nil {
			defer runtime.UnlockOSThread()
		} else {
			err = c.space.enter()
		}
		if err == nil {
			err = cmd.Start()
		}
		if err == nil {
			p.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			p.err = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		stop()
		<-p.done
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	return p, nil
}

// environment is this process's own, with nothing that leads to another
// display than the given one.
func environment(display string) []string {
	if display == "" {
		return os.Environ()
	}
	var kept []string
	for _, entry := range os.Environ() {
		switch name, _, _ := strings.Cut(entry, "="); name {
		case "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_SESSION_TYPE":
		default:
			kept = append(kept, entry)
		}
	}
	return append(kept, "DISPLAY="+display)
}

// PID is the process number.
func (p *Process) PID() int { return p.pid }

// Done is closed when the process has ended, by itself or by Close.
func (p *Process) Done() <-chan struct{} { return p.done }

// Output is the last of what the process wrote to its standard output and
// error, at most 64 KiB.
func (p *Process) Output() string { return p.output.String() }

// Wait waits for the process to end by itself and returns how: nil for exit
// status 0. It returns ctx's error if that ends first; the process goes on.
func (p *Process) Wait(ctx context.Context) error {
	select {
	case <-p.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	if p.err != nil {
		return fmt.Errorf("%s: %w; it said: %s", p.name, p.err, p.Output())
	}
	return nil
}

// Close asks the process to end, kills it if it does not within five seconds,
// and returns when it is gone. How it ended is no error: it was made to.
func (p *Process) Close() error {
	p.stop()
	<-p.done
	return nil
}

// tail keeps the last maxOutput bytes written to it.
type tail struct {
	mu   sync.Mutex // guards text
	text []byte
}

func (t *tail) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, text...)
	if over := len(t.text) - maxOutput; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(text), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.text))
}
