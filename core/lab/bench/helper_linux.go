package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"impero/core/lab/load"
	"impero/core/lab/viewer"
)

// maxLine is the longest line of a helper: the frames of the longest run.
const maxLine = 64 << 20

// helper is this program once more, as a load or a viewer. It ends when its input does, which is at the latest when this
// process ends.
type helper struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
	errs  strings.Builder // of cmd; to be read after it has ended
	stop  context.CancelFunc
}

const helperEnd = 5 * time.Second // how long a helper may take to end

func startHelper(ctx context.Context, program, display string, files []*os.File, args ...string) (*helper, error) {
	ctx, stop := context.WithCancel(ctx)
	h := &helper{cmd: exec.CommandContext(ctx, program, args...), stop: stop}
	h.cmd.Env = append(os.Environ(), "DISPLAY="+display)
	h.cmd.ExtraFiles = files
	h.cmd.Stderr = &h.errs
	h.cmd.WaitDelay = helperEnd
	in, err := h.cmd.StdinPipe()
	if err == nil {
		h.in = in
		var out io.Reader
		if out, err = h.cmd.StdoutPipe(); err == nil {
			h.lines = bufio.NewScanner(out)
			h.lines.Buffer(make([]byte, 64<<10), maxLine)
			err = h.cmd.Start()
		}
	}
	if err != nil {
		stop()
		return nil, fmt.Errorf("start %s: %w", strings.Join(args, " "), err)
	}
	return h, nil
}

// say sends a line.
func (h *helper) say(line string) error {
	_, err := fmt.Fprintln(h.in, line)
	return err
}

// hear reads a line.
func (h *helper) hear() (string, error) {
	if h.lines.Scan() {
		return h.lines.Text(), nil
	}
	err := h.close()
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	return "", fmt.Errorf("%s ended: %w", strings.Join(h.cmd.Args[1:], " "), err)
}

// close ends the helper and waits for that.
func (h *helper) close() error {
	h.in.Close()
	end := time.AfterFunc(helperEnd, h.stop)
	err := h.cmd.Wait()
	end.Stop()
	h.stop()
	if err != nil && h.errs.Len() > 0 {
		err = fmt.Errorf("%w: %s", err, strings.TrimSpace(h.errs.String()))
	}
	return err
}

// painter is the helper that draws a load.
type painter struct{ *helper }

func startPainter(ctx context.Context, program, display, name string) (painter, error) {
	h, err := startHelper(ctx, program, display, nil, "load", name)
	if err != nil {
		return painter{}, err
	}
	line, err := h.hear()
	if err == nil && line != "ready" {
		err = fmt.Errorf("the load said %q", line)
	}
	if err != nil {
		return painter{}, errors.Join(err, h.close())
	}
	return painter{h}, nil
}

// stopped stops the load and gives the time of each frame.
func (p painter) stopped() ([]int64, error) {
	if err := p.say("stop"); err != nil {
		return nil, err
	}
	var drawn []int64
	for {
		line, err := p.hear()
		if err != nil || line == "end" {
			return drawn, err
		}
		var n int
		var at int64
		if _, err := fmt.Sscan(line, &n, &at); err != nil || n != len(drawn)+1 {
			return nil, fmt.Errorf("the load's log says %q after frame %d", line, len(drawn))
		}
		drawn = append(drawn, at)
	}
}

// eye is the helper that watches.
type eye struct {
	*helper
	first float64 // milliseconds until it showed a whole frame
}

func startEye(ctx context.Context, program string, files []*os.File, cfg viewer.Config) (eye, error) {
	h, err := startHelper(ctx, program, cfg.Display, files, "view")
	if err != nil {
		return eye{}, err
	}
	e := eye{helper: h}
	line, err := json.Marshal(cfg)
	if err == nil {
		var a viewer.Answer
		a, err = e.ask(string(line))
		e.first = a.First
	}
	if err != nil {
		h.close() // what it says of its end is in err already
		return eye{}, err
	}
	return e, nil
}

// ask sends a command and gives the answer.
func (e eye) ask(command string) (viewer.Answer, error) {
	var a viewer.Answer
	if err := e.say(command); err != nil {
		return a, fmt.Errorf("ask the viewer: %w", err)
	}
	line, err := e.hear()
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal([]byte(line), &a); err != nil {
		return a, fmt.Errorf("read the viewer's answer: %w", err)
	}
	if a.Error != "" {
		return a, errors.New(a.Error)
	}
	return a, nil
}

// now is the loads' clock.
func now() int64 { return load.Now() }
