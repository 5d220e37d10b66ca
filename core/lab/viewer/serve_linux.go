package viewer

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"impero/core/lab/load"
	"impero/core/picture"
)

// Limits of a viewer.
const (
	maxViewers  = 64
	startLimit  = 20 * time.Second // until the first frame is there
	answerLimit = 3 * time.Second  // after that a key is taken for lost
	maxConfig   = 64 << 10
)

// team is all viewers of a process.
type team struct {
	watches []*watch
	out     *json.Encoder
}

// Inherited takes over connection i, from 0, that the process was started with.
func Inherited(i int) (net.Conn, error) {
	const first = 3
	file := os.NewFile(uintptr(first+i), "connection")
	defer file.Close()
	conn, err := net.FileConn(file)
	if err != nil {
		return nil, fmt.Errorf("take over connection %d: %w", i, err)
	}
	return conn, nil
}

// Serve watches as the first line of in says and answers the commands on the others, until in or ctx ends. connection
// gives the connection of viewer i.
func Serve(ctx context.Context, in io.Reader, out io.Writer, connection func(i int) (net.Conn, error)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxConfig)
	if !lines.Scan() {
		return nil
	}
	var cfg Config
	if err := json.Unmarshal(lines.Bytes(), &cfg); err != nil {
		return fmt.Errorf("read what to watch: %w", err)
	}
	t := &team{out: json.NewEncoder(out)}
	defer t.close()
	begin := load.Now()
	if err := t.open(ctx, cfg, connection); err != nil {
		return errors.Join(err, t.out.Encode(Answer{Error: err.Error()}))
	}
	there := t.size()
	there.First = float64(load.Now()-begin) / 1e6
	if err := t.out.Encode(there); err != nil {
		return err
	}
	for lines.Scan() {
		answer, err := t.do(ctx, lines.Text())
		if err != nil {
			answer.Error = err.Error()
		}
		if err := t.out.Encode(answer); err != nil {
			return err
		}
	}
	return nil
}

// open starts all viewers and waits until each shows a frame.
func (t *team) open(ctx context.Context, cfg Config, connection func(int) (net.Conn, error)) error {
	if cfg.Viewers < 1 || cfg.Viewers > maxViewers {
		return fmt.Errorf("%d viewers: 1 to %d are possible", cfg.Viewers, maxViewers)
	}
	limited, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for i := range cfg.Viewers {
		s, err := open(limited, cfg, i, connection)
		if err != nil {
			return err
		}
		t.watches = append(t.watches, newWatch(ctx, s, cfg.Places))
	}
	for _, w := range t.watches {
		select {
		case <-w.news:
		case <-w.done:
			return fmt.Errorf("the viewer ended: %w", w.err)
		case <-limited.Done():
			return errors.New("the viewer never showed a whole frame")
		}
	}
	return nil
}

// open makes viewer i.
func open(ctx context.Context, cfg Config, i int, connection func(int) (net.Conn, error)) (source, error) {
	if cfg.Kind == KindWindow {
		w, err := openWindow(ctx, cfg.Display, cfg.Places)
		if err != nil {
			return nil, err
		}
		return w, w.point()
	}
	conn, err := connection(i)
	if err != nil {
		return nil, err
	}
	switch stream := (&counted{Conn: conn}); cfg.Kind {
	case KindVNC:
		return openVNC(stream)
	case KindImpero:
		return openImpero(ctx, cfg, stream)
	}
	return nil, fmt.Errorf("no kind of viewer: %q", cfg.Kind)
}

func (t *team) size() Answer {
	a := Answer{}
	for _, w := range t.watches {
		a.Bytes += w.source.received()
	}
	return a
}

// do carries out one command.
func (t *team) do(ctx context.Context, line string) (Answer, error) {
	command, rest, _ := strings.Cut(line, " ")
	switch command {
	case CommandMark:
		return t.size(), nil
	case CommandKeys:
		d, err := time.ParseDuration(rest)
		if err != nil {
			return Answer{}, err
		}
		return t.watches[0].keys(ctx, d)
	case CommandShown:
		var a Answer
		for _, w := range t.watches {
			w.mu.Lock()
			a.Shown = append(a.Shown, w.shown)
			w.mu.Unlock()
		}
		return a, nil
	case CommandPictures:
		return t.watches[0].write(rest)
	}
	return Answer{}, fmt.Errorf("no command: %q", command)
}

// keys presses a key, waits for its answer, pauses a little, always otherwise long, and so on for d.
func (w *watch) keys(ctx context.Context, d time.Duration) (Answer, error) {
	var a Answer
	dice := rand.New(rand.NewPCG(1, 2))
	for end := time.Now().Add(d); time.Now().Before(end); {
		took, ok, err := w.oneKey(ctx)
		if err != nil {
			return a, err
		}
		if ok {
			a.Latencies = append(a.Latencies, took)
		} else {
			a.Missed++
		}
		pause := time.NewTimer(time.Duration(40+dice.IntN(60)) * time.Millisecond)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return a, ctx.Err()
		}
	}
	return a, nil
}

// oneKey says how many milliseconds a key took to be seen; false if it was not within answerLimit.
func (w *watch) oneKey(ctx context.Context) (took float64, ok bool, err error) {
	before, _ := w.latest()
	select {
	case <-w.news: // of before
	default:
	}
	begin := load.Now()
	if err := w.source.key(true); err != nil {
		return 0, false, err
	}
	limit := time.NewTimer(answerLimit)
	defer limit.Stop()
	for after := before; after.Frame == before.Frame; after, _ = w.latest() {
		select {
		case <-w.news:
		case <-limit.C:
			return 0, false, w.source.key(false)
		case <-w.done:
			return 0, false, fmt.Errorf("the viewer ended: %w", w.err)
		case <-ctx.Done():
			return 0, false, ctx.Err()
		}
	}
	seen, _ := w.latest()
	return float64(seen.At-begin) / 1e6, true, w.source.key(false)
}

// write puts the pictures of the last frame into files.
func (w *watch) write(folder string) (Answer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.moving == nil {
		return Answer{}, errors.New("the last frame was never shown")
	}
	for name, f := range map[string]*picture.Frame{MovingPicture: w.moving, CalmPicture: w.calm} {
		if err := os.WriteFile(filepath.Join(folder, name), f.Pix, 0o600); err != nil {
			return Answer{}, fmt.Errorf("write picture: %w", err)
		}
	}
	return Answer{W: w.moving.W, H: w.moving.H}, nil
}

// close ends all viewers and waits until they are gone.
func (t *team) close() {
	for _, w := range t.watches {
		w.source.close()
	}
	for _, w := range t.watches {
		<-w.done
	}
}
