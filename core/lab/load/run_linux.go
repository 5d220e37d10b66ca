package load

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"golang.org/x/sys/unix"

	"impero/core/lab/barcode"
)

// Config says what to draw and where.
type Config struct {
	Display string // ":7"
	Name    string // of the load
	// In gives commands, a line each: "go" begins, "stop" draws the last frame; its end ends Run.
	In io.Reader
	// Out gets "ready" when the first picture stands, and after "stop" the log: a line "number nanoseconds" for each
	// frame, by CLOCK_MONOTONIC at the moment it was given to the X server, and "end".
	Out io.Writer
}

// scene draws frames.
type scene interface {
	// draw puts the requests of frame n into the connection's buffer.
	draw(n barcode.Number)
}

// scenes make each load's first picture.
var scenes = map[string]func(*desktop) (scene, error){
	"type": newTyping, "scroll": newScroll, "drag": newDrag, "web": newWeb, "video30": newVideo, "video60": newVideo, "key": newKey, "keyfilm": newKeyFilm,
}

// Now is the time of the logs, in nanoseconds.
func Now() int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		return 0 // the system's own clock is always there
	}
	return t.Nano()
}

// runner draws the frames of one load.
type runner struct {
	d     *desktop
	scene scene
	spec  Spec
	frame int
	drawn []int64 // when frame i+1 was drawn
}

// Run draws until cfg.In or ctx ends.
func Run(ctx context.Context, cfg Config) error {
	spec, err := Find(cfg.Name)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	d, err := openDesktop(ctx, cfg.Display, spec.Places)
	if err != nil {
		return fmt.Errorf("draw %s: %w", cfg.Name, err)
	}
	defer d.close()
	r := &runner{d: d, spec: spec}
	if r.scene, err = scenes[cfg.Name](d); err != nil {
		return fmt.Errorf("draw %s: %w", cfg.Name, err)
	}
	d.mark(barcode.Number{})
	if err := d.finish(); err != nil {
		return err
	}
	fmt.Fprintln(cfg.Out, "ready")
	commands := listen(cfg.In, d)
	if <-commands != "go" {
		return nil
	}
	if err := r.draw(ctx, commands); err != nil {
		return err
	}
	if err := r.log(cfg.Out); err != nil {
		return err
	}
	select { // what was drawn stays until then
	case <-commands:
	case <-ctx.Done():
	}
	return nil
}

// listen reads commands; the channel is closed at the end of them. A scene that waits for keys is woken by each.
func listen(in io.Reader, d *desktop) <-chan string {
	commands := make(chan string, 4)
	go func() {
		defer close(commands)
		defer d.c.Interrupt()
		lines := bufio.NewScanner(in)
		for lines.Scan() {
			commands <- lines.Text()
			if lines.Text() == "stop" {
				d.c.Interrupt()
			}
		}
	}()
	return commands
}

// draw draws until a command comes, and then the last frame.
func (r *runner) draw(ctx context.Context, commands <-chan string) error {
	var err error
	if r.spec.Rate == 0 {
		err = r.answerKeys(commands)
	} else {
		err = r.keepPace(ctx, commands)
	}
	if err != nil {
		return err
	}
	r.d.c.Resume()
	return r.step(true)
}

// keepPace draws a frame at each multiple of the period since the beginning.
func (r *runner) keepPace(ctx context.Context, commands <-chan string) error {
	period, begin := time.Second/time.Duration(r.spec.Rate), time.Now()
	for {
		due := begin.Add((time.Since(begin)/period + 1) * period)
		wait := time.NewTimer(time.Until(due))
		select {
		case <-wait.C:
		case <-commands:
			wait.Stop()
			return nil
		case <-ctx.Done():
			wait.Stop()
			return ctx.Err()
		}
		if err := r.step(false); err != nil {
			return err
		}
	}
}

// answerKeys draws a frame for each key pressed.
func (r *runner) answerKeys(commands <-chan string) error {
	for {
		pressed, err := r.d.keyPressed()
		if err != nil {
			return err
		}
		if !pressed { // a command woke it
			<-commands
			return nil
		}
		if err := r.step(false); err != nil {
			return err
		}
	}
}

// step draws the next frame and waits until the X server has it, as a program that minds its display does.
func (r *runner) step(last bool) error {
	r.frame++
	r.scene.draw(barcode.Number{Frame: r.frame, Last: last})
	r.drawn = append(r.drawn, Now())
	return r.d.finish()
}

func (r *runner) log(out io.Writer) error {
	buffered := bufio.NewWriter(out)
	for i, at := range r.drawn {
		fmt.Fprintln(buffered, i+1, at)
	}
	fmt.Fprintln(buffered, "end")
	return buffered.Flush()
}
