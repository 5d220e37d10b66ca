package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"impero/core/guest"
)

// TestJSONHasItsFields: who reads the lines relies on these names, and finds each
// of them in the help.
func TestJSONHasItsFields(t *testing.T) {
	data, err := json.Marshal(stateOf(guest.Info{}, guest.Statistics{}, guest.Statistics{}, time.Second, time.Second))
	if err != nil {
		t.Fatal(err)
	}
	var line map[string]any
	if err := json.Unmarshal(data, &line); err != nil {
		t.Fatal(err)
	}
	want := strings.Fields("codecs control decode_ms_max decode_ms_p50 exact fps frames height host kb_in kb_out kb_s level lost role rtt_ms t width")
	if got := slices.Sorted(maps.Keys(line)); !slices.Equal(got, want) {
		t.Errorf("the fields are %v", got)
	}
	codecs := line["codecs"].(map[string]any)
	if got := slices.Sorted(maps.Keys(codecs)); !slices.Equal(got, strings.Fields("cached copy fill jpeg palette raw sketch video")) {
		t.Errorf("the codecs are %v", got)
	}
	for name := range maps.Keys(line) {
		if !strings.Contains(usageFoot, name) {
			t.Errorf("the help does not tell of %s", name)
		}
	}
}

func TestStateOfASecond(t *testing.T) {
	before := guest.Statistics{Stats: guest.Stats{Frames: 100, BytesIn: 1_000_000, BytesOut: 10_000}}
	before.Codecs[guest.Video] = guest.Share{Ops: 5, Bytes: 50_000}
	now := guest.Statistics{
		Stats:        guest.Stats{Frames: 160, BytesIn: 3_000_000, BytesOut: 30_000, RoundTrip: 14200 * time.Microsecond, Exact: true},
		DecodeMedian: 3 * time.Millisecond, DecodeWorst: 7500 * time.Microsecond,
		Host: guest.HostTimes{Updates: 60, Capture: 1234567, Capture95: 2e6, Encode: 3e6, Encode95: 4e6, Queue: 5e6, Queue95: 6e6},
	}
	now.Codecs[guest.Video] = guest.Share{Ops: 65, Bytes: 1_550_000}
	got := stateOf(guest.Info{Level: "High"}, before, now, 2*time.Second, 12345678*time.Microsecond)
	video := got.Codecs["video"]
	got.Codecs = nil
	want := state{T: 12.346, Frames: 160, FPS: 30, In: 3000, Out: 30, Rate: 1010, Decode: 3, Worst: 7.5, RoundTrip: 14.2, Exact: true, Level: "High",
		Host: &hostTimes{Updates: 60, Capture: 1.235, Capture95: 2, Encode: 3, Encode95: 4, Queue: 5, Queue95: 6}}
	gotLine, _ := json.Marshal(got)
	wantLine, _ := json.Marshal(want)
	if string(gotLine) != string(wantLine) {
		t.Errorf("got  %s\nwant %s", gotLine, wantLine)
	}
	if (video != codecsShare{Ops: 60, KB: 1500}) {
		t.Errorf("video is %+v", video)
	}
}
