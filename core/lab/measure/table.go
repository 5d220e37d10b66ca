package measure

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Ours is the program that the others are compared with.
const Ours = "impero"

// WriteTable writes the results for people, a line a cell, and after the programs of one load a line for each peer with
// what ours needs of what that peer needs: below 1 is better.
func WriteTable(out io.Writer, results []Result) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "load\tlink\tviewers\tprogram\tframes/s\tkB/frame\tCPU ms/frame\tp50 ms\tp95 ms\tfirst ms\tclient ms/frame\tRSS MB\tPSNR\texact\t")
	for i, r := range results {
		fmt.Fprintf(w, "%s\t%s\t%d %s\t%s\t%.1f\t%.3g\t%.3g\t%.2f\t%.2f\t%.0f\t%.3g\t%.0f\t%.1f\t%.2f %%\t\n", r.Load, r.Link, r.Viewers, r.Client, r.Program,
			r.FramesS, r.KBFrame, r.CPUFrame, r.LatencyP50, r.LatencyP95, r.First, r.ClientFrame, r.RSS, r.PSNR, r.Exact*100)
		if i+1 == len(results) || !SameRace(r.Cell, results[i+1].Cell) {
			writeRatios(w, results[:i+1])
		}
	}
	return w.Flush()
}

// SameRace says whether two cells differ in the program alone.
func SameRace(a, b Cell) bool {
	a.Program = b.Program
	return a == b
}

// writeRatios compares ours with its peers in the race that results end with.
func writeRatios(w io.Writer, results []Result) {
	last := results[len(results)-1]
	var ours *Result
	for i := range results {
		if SameRace(results[i].Cell, last.Cell) && results[i].Program == Ours {
			ours = &results[i]
		}
	}
	for _, peer := range results {
		if ours == nil || peer.Program == Ours || !SameRace(peer.Cell, last.Cell) {
			continue
		}
		fmt.Fprintf(w, "\t\t\tours ÷ %s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\t\t\n", peer.Program,
			ratio(ours.FramesS, peer.FramesS), ratio(ours.KBFrame, peer.KBFrame), ratio(ours.CPUFrame, peer.CPUFrame),
			ratio(ours.LatencyP50, peer.LatencyP50), ratio(ours.LatencyP95, peer.LatencyP95), ratio(ours.First, peer.First),
			ratio(ours.ClientFrame, peer.ClientFrame), ratio(ours.RSS, peer.RSS))
	}
	fmt.Fprintln(w, "\t\t\t\t\t\t\t\t\t\t\t\t\t\t")
}

func ratio(a, b float64) string {
	if b == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f", a/b)
}
