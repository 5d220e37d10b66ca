package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"impero/core/lab"
	"impero/core/lab/load"
	"impero/core/lab/measure"
	"impero/core/lab/viewer"
	"impero/core/picture"
)

// Times of a run beside the one that is measured.
const (
	warmUp       = time.Second             // codecs learn what they see
	warmUpX11VNC = 3500 * time.Millisecond // it sleeps when little happens, and sleeps on for up to three seconds
	calmDown     = 1200 * time.Millisecond // then the picture should be exact
	lastWait     = 8 * time.Second         // a slow link may hold the last frame back that long
	oneLimit     = 90 * time.Second        // for all of a run, beside the time that is measured
)

// mark is what had been used up at a moment.
type mark struct {
	at          int64
	bytes       uint64
	cpu, client time.Duration
}

// measure runs one program once.
func (b *Bench) measure(ctx context.Context, link Link, cell measure.Cell) (measure.Sample, error) {
	ctx, cancel := context.WithTimeout(ctx, oneLimit+b.options.Time)
	defer cancel()
	versions, err := b.versions(ctx, cell.Program)
	if err != nil {
		return measure.Sample{}, err
	}
	s := &stage{b: b, cell: cell, link: link}
	defer s.close()
	if err := s.build(ctx); err != nil {
		return measure.Sample{}, err
	}
	sample := measure.Sample{Cell: cell, First: s.eye.first, Command: s.command(), Versions: versions}
	if err := s.run(ctx, &sample); err != nil {
		return sample, s.blame(err)
	}
	return sample, nil
}

// run has the load draw and fills in the sample.
func (s *stage) run(ctx context.Context, sample *measure.Sample) error {
	if err := s.painter.say("go"); err != nil {
		return err
	}
	if err := pause(ctx, servers[s.cell.Program].warmUp); err != nil {
		return err
	}
	begin, err := s.mark()
	if err != nil {
		return err
	}
	spec, err := load.Find(s.cell.Load)
	if err != nil {
		return err
	}
	if spec.Rate == 0 {
		a, err := s.eye.ask(viewer.CommandKeys + " " + s.b.options.Time.String())
		if err != nil {
			return err
		}
		sample.Latencies, sample.Missed = a.Latencies, a.Missed
	} else if err := pause(ctx, s.b.options.Time); err != nil {
		return err
	}
	end, err := s.mark()
	if err != nil {
		return err
	}
	if rss, err := measure.RSS(s.server.PID()); err == nil {
		sample.RSS = float64(rss) / 1e6
	}
	sample.Seconds = float64(end.at-begin.at) / 1e9
	sample.Bytes = end.bytes - begin.bytes
	sample.CPU = float64(end.cpu-begin.cpu) / 1e6
	sample.ClientCPU = float64(end.client-begin.client) / 1e6
	return s.finish(ctx, sample, begin.at, end.at, spec.Rate > 0)
}

// finish stops the load and takes what came of its frames, and the pictures. timed says that frames have a latency.
func (s *stage) finish(ctx context.Context, sample *measure.Sample, from, to int64, timed bool) error {
	drawn, err := s.painter.stopped()
	if err != nil {
		return err
	}
	if err := pause(ctx, calmDown); err != nil {
		return err
	}
	if err := s.compare(ctx, sample); err != nil {
		return err
	}
	end := now()
	a, err := s.eye.ask(viewer.CommandShown)
	if err != nil {
		return err
	}
	for _, at := range drawn {
		if at >= from && at < to {
			sample.Drawn++
		}
	}
	for _, shown := range a.Shown {
		sample.Frames += measure.Between(shown, from, to)
		if timed {
			sample.Latencies = append(sample.Latencies, measure.Latencies(drawn, shown, from, to, end)...)
		}
	}
	if sample.Frames == 0 {
		return errors.New("no frame came")
	}
	return nil
}

// compare compares what the viewer showed of the last frame with the display.
func (s *stage) compare(ctx context.Context, sample *measure.Sample) error {
	folder, err := os.MkdirTemp(s.b.home, "pictures-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(folder)
	var a viewer.Answer
	for end := time.Now().Add(lastWait); ; {
		a, err = s.eye.ask(viewer.CommandPictures + " " + folder)
		if err == nil {
			break
		}
		if time.Now().After(end) {
			return err
		}
		if err := pause(ctx, calmDown); err != nil {
			return err
		}
	}
	shot, err := lab.Screenshot(s.display)
	if err != nil {
		return err
	}
	source := &picture.Frame{W: shot.Rect.Dx(), H: shot.Rect.Dy(), Order: picture.RGBX, Pix: shot.Pix}
	for name, figures := range map[string][2]*float64{
		viewer.MovingPicture: {&sample.PSNR, &sample.Exact}, viewer.CalmPicture: {&sample.CalmPSNR, &sample.CalmExact},
	} {
		pix, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return fmt.Errorf("read the viewer's picture: %w", err)
		}
		*figures[0], *figures[1], err = measure.Compare(&picture.Frame{W: a.W, H: a.H, Pix: pix}, source)
		if err != nil {
			return err
		}
	}
	return nil
}

// mark reads the clocks and counters.
func (s *stage) mark() (mark, error) {
	a, err := s.eye.ask(viewer.CommandMark)
	if err != nil {
		return mark{}, err
	}
	m := mark{bytes: a.Bytes}
	client := s.eye.cmd.Process.Pid
	if s.window != nil {
		client, m.bytes = s.window.PID(), s.relay.back.Load()
	}
	if m.client, err = measure.CPU(client); err != nil {
		return m, err
	}
	if m.cpu, err = measure.CPU(s.server.PID()); err != nil {
		return m, err
	}
	m.at = now()
	return m, nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
