package measure

import "slices"

// Shown says when a viewer showed a frame for the first time, by the clock of the load's log.
type Shown struct {
	Frame int   `json:"frame"`
	At    int64 `json:"at"` // nanoseconds
}

// Latencies gives how long each frame drawn in from ≤ t < to took to be on the viewer's screen, in milliseconds. A frame
// that the viewer left out counts until the next one that it showed: who leaves frames out is late with what they were
// about. One that nothing followed counts until end. drawn[i] is the time of frame i+1; shown is in order.
func Latencies(drawn []int64, shown []Shown, from, to, end int64) []float64 {
	var out []float64
	next := 0
	for i, at := range drawn {
		if at < from || at >= to {
			continue
		}
		for next < len(shown) && shown[next].Frame < i+1 {
			next++
		}
		seen := end
		if next < len(shown) {
			seen = shown[next].At
		}
		out = append(out, float64(max(0, seen-at))/1e6)
	}
	return out
}

// Between counts the frames shown in from ≤ t < to.
func Between(shown []Shown, from, to int64) int {
	count := 0
	for _, s := range shown {
		if s.At >= from && s.At < to {
			count++
		}
	}
	return count
}

// Percentile gives the value that p percent of the values do not exceed; 0 of none.
func Percentile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return 0
	}
	values = slices.Sorted(slices.Values(values))
	return values[min(len(values)-1, int(p/100*float64(len(values))))]
}

// median is the middle value, or the mean of the two in the middle.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	half := len(values) / 2
	if len(values)%2 == 1 {
		return values[half]
	}
	return (values[half-1] + values[half]) / 2
}
