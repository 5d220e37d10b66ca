package hostmanager

import (
	"testing"

	"fyne.io/fyne/v2"

	"impero/ui/hostmanager/backendtest"
)

// BenchmarkSearchKey types one letter into the search over 200 roles and 2,000 users.
func BenchmarkSearchKey(b *testing.B) {
	s := ready(b, backendtest.New(backendtest.Large(200, 2000)), light)
	s.run("Search")
	for b.Loop() {
		s.enter("u")
		b.StopTimer()
		s.tools.search.SetText("")
		b.StartTimer()
	}
}

// BenchmarkSearchKeyFindsNothing has to look at everything there is.
func BenchmarkSearchKeyFindsNothing(b *testing.B) {
	s := ready(b, backendtest.New(backendtest.Large(200, 2000)), light)
	s.run("Search")
	for b.Loop() {
		s.tools.search.SetText("qqqq")
		b.StopTimer()
		s.tools.search.SetText("")
		b.StartTimer()
	}
}

// BenchmarkScrollLargeTree goes a page down.
func BenchmarkScrollLargeTree(b *testing.B) {
	s := ready(b, backendtest.New(backendtest.Large(200, 2000)), light)
	s.m.SetOpen(local+"/GuestUsers/SystemAuthentication", true)
	for b.Loop() {
		s.press(fyne.KeyPageDown)
	}
}

// BenchmarkEditInLarge sets a value, which judges the whole configuration.
func BenchmarkEditInLarge(b *testing.B) {
	s := ready(b, backendtest.New(backendtest.Large(200, 2000)), light)
	s.m.Select(general)
	for i := 0; b.Loop(); i++ {
		s.m.SetValue("HideExit", []string{"Enabled", "Disabled"}[i%2])
	}
}
