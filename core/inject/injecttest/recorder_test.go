package injecttest

import (
	"slices"
	"testing"

	"impero/core/inject"
	"impero/core/keys"
)

func TestRecorderConforms(t *testing.T) {
	Conform(t, func(*testing.T) inject.Injector { return new(Recorder) })
}

func TestRecorderWritesLines(t *testing.T) {
	var r Recorder
	changed := r.Changed()
	r.MoveAbs(10, 20)
	<-changed
	r.Button(1, true)
	r.Button(1, true)
	r.Wheel(0, -3)
	r.Key(keys.A, true, 'a')
	r.Key(0, true, 'é')
	r.Key(keys.Escape, true, 0)
	r.Key(keys.A, false, 0)
	r.Text("Grüße")
	r.ReleaseAll()
	r.Close()
	want := []string{"move 10 20", "button 1 down", "wheel 0 -3", "key A down 'a'", "key é down 'é'", "key Escape down",
		"key A up", `text "Grüße"`, "key é up", "key Escape up", "button 1 up"}
	if got := r.Lines(); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
