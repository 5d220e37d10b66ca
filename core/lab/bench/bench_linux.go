package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"impero/core/lab/measure"
)

// Bench measures.
type Bench struct {
	program  string // this one, for helpers
	bin      string // the folder of Imperohost and ImperoGuest
	log      io.Writer
	options  Options
	home     string // of Host and Guest
	hostKey  string
	password string
	known    map[string]string // versions by program
}

// ErrUnfinished says that some cells have no figures.
var ErrUnfinished = errors.New("not everything could be measured")

// Run measures what options choose, with the programs in the folder bin and this program, whose path is program, as
// helpers. It tells out how far it is and writes the table there, the results to folder/bench.json and every run to
// folder/bench.
func Run(ctx context.Context, program, bin, folder string, options Options, out io.Writer) error {
	races, err := Plan(options)
	if err != nil {
		return err
	}
	b := &Bench{program: program, bin: bin, log: out, options: options, password: rand.Text(), known: map[string]string{}}
	if err := b.prepare(); err != nil {
		return err
	}
	defer os.RemoveAll(b.home)
	raw := filepath.Join(folder, "bench")
	if err := empty(raw); err != nil {
		return err
	}
	var results []measure.Result
	var failed error
	for _, r := range races {
		samples, err := b.race(ctx, r)
		if err != nil {
			failed = ErrUnfinished
		}
		if ctx.Err() != nil {
			break
		}
		if len(samples) == 0 {
			continue
		}
		name := fmt.Sprintf("%s-%s-%s-%d.json", r.Load, r.Link, r.Client, r.Viewers)
		if err := measure.WriteJSON(filepath.Join(raw, name), samples); err != nil {
			return err
		}
		results = append(results, summaries(r, samples)...)
		if err := measure.WriteJSON(filepath.Join(folder, "bench.json"), results); err != nil {
			return err
		}
	}
	fmt.Fprintln(out)
	if err := measure.WriteTable(out, results); err != nil {
		return err
	}
	return errors.Join(ctx.Err(), failed)
}

// empty makes a folder for raw figures, without those of the run before.
func empty(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	old, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			return fmt.Errorf("remove old figures: %w", err)
		}
	}
	return nil
}

// race runs the programs of a race in turn, several times, so that what else the machine does meets all alike. It says
// what it could not measure, and goes on.
func (b *Bench) race(ctx context.Context, r Race) ([]measure.Sample, error) {
	link, err := openLink(ctx, r.Link)
	if err != nil {
		return nil, err
	}
	defer link.Close()
	var samples []measure.Sample
	var failed error
	for run := 1; run <= b.options.Runs; run++ {
		for _, program := range r.Programs {
			cell := r.Cell
			cell.Program = program
			s, err := b.measure(ctx, link, cell)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			label := fmt.Sprintf("%-8s %-12s %-8s ×%d %-11s %d/%d", cell.Load, cell.Link, cell.Client, cell.Viewers, program, run, b.options.Runs)
			if err != nil {
				fmt.Fprintf(b.log, "%s  FAILED: %v\n", label, err)
				failed = err
				continue
			}
			s.Run = run
			samples = append(samples, s)
			one := measure.Summarize([]measure.Sample{s})
			fmt.Fprintf(b.log, "%s  %5.1f frames/s %8.3g kB %7.3g ms CPU %7.2f ms late\n", label, one.FramesS, one.KBFrame, one.CPUFrame, one.LatencyP50)
		}
	}
	return samples, failed
}

// summaries gives the median of each program.
func summaries(r Race, samples []measure.Sample) []measure.Result {
	var results []measure.Result
	for _, program := range r.Programs {
		var of []measure.Sample
		for _, s := range samples {
			if s.Program == program {
				of = append(of, s)
			}
		}
		if len(of) > 0 {
			results = append(results, measure.Summarize(of))
		}
	}
	return results
}
