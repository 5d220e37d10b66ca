package presenter

import (
	"testing"
	"time"

	"impero/core/guest"
)

// said are the lines of the panel in English.
func said(lines []Figure) map[string]string {
	m := map[string]string{}
	for _, f := range lines {
		m[f.Label.String()] = f.Value.String()
	}
	return m
}

func TestStatisticsOfASecond(t *testing.T) {
	s, session, l := connected(t, fullControl())
	st := l.Statistics()
	st.Look(Shown{})
	for label, value := range said(st.Codecs()) {
		equal(t, label+" before the first second", value, "–")
	}
	first := said(st.Figures())
	for _, label := range []string{"To the Host and back", "Host, capture: mean, 95 %", "Host, wait: mean, 95 %", "Decode: median, longest", "Present: median, longest", "Desktop"} {
		equal(t, label+" before the first second", first[label], "–")
	}
	session.set(func() {
		session.stats = guest.Stats{Frames: 28, BytesIn: 600_000, BytesOut: 40_000, RoundTrip: 14200 * time.Microsecond}
		session.statistics = guest.Statistics{DecodeMedian: 3140 * time.Microsecond, DecodeWorst: 17500 * time.Microsecond, Queued: 1200,
			Host: guest.HostTimes{Updates: 28, Capture: 1500 * time.Microsecond, Capture95: 2 * time.Millisecond, Encode: 6 * time.Millisecond, Encode95: 12340 * time.Microsecond}}
		session.statistics.Codecs[guest.JPEG] = guest.Share{Ops: 10, Bytes: 74_000}
		session.statistics.Codecs[guest.Video] = guest.Share{Ops: 30, Bytes: 25_900}
		session.statistics.Codecs[guest.Copy] = guest.Share{Ops: 2, Bytes: 100}
	})
	s.clock.advance(time.Second)
	st.Look(Shown{Width: 1920, Height: 1080, Scale: 0.754, Presented: 100, Median: 1200 * time.Microsecond, Worst: 4 * time.Millisecond})
	got := said(st.Figures())
	for label, want := range map[string]string{
		"Pictures": "28 fps", "Data, both ways": "640 kB/s", "To the Host and back": "14 ms", "Host, capture: mean, 95 %": "1.5   2.0 ms",
		"Host, encode: mean, 95 %": "6.0  12.3 ms", "Host, wait: mean, 95 %": "0.0   0.0 ms", "Decode: median, longest": "3.1  17.5 ms",
		"Present: median, longest": "1.2   4.0 ms", "Not decoded yet": "1 kB", "Desktop": "1920 × 1080, 75 %",
	} {
		equal(t, label, got[label], want)
	}
	shares := said(st.Codecs())
	for label, want := range map[string]string{"JPEG": "74 %", "Video": "26 %", "Moved": "< 1 %", "Plain colour": "–", "Sketch": "–"} {
		equal(t, label, shares[label], want)
	}
}

func TestStatisticsMeasureOnceASecond(t *testing.T) {
	s, session, l := connected(t, fullControl())
	asked := func() int {
		session.mu.Lock()
		defer session.mu.Unlock()
		return session.asked
	}
	s.clock.advance(3 * time.Second)
	equal(t, "questions when nobody looks", asked(), 0)
	st := l.Statistics()
	session.set(func() { session.statistics.Codecs[guest.Fill] = guest.Share{Ops: 1, Bytes: 14} })
	s.clock.advance(time.Second)
	st.Look(Shown{})
	st.Look(Shown{}) // something happened meanwhile
	equal(t, "fill", said(st.Codecs())["Plain colour"], "100 %")
	equal(t, "questions", asked(), 2)
	s.clock.advance(time.Second)
	st.Look(Shown{})
	equal(t, "fill of a still second", said(st.Codecs())["Plain colour"], "–")
}
