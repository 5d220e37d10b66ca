package guest

import (
	"os"
	"testing"
)

// TestUnlistedHostStaysInTheHistory: off the list is not out of the history, also for the next program.
func TestUnlistedHostStaysInTheHistory(t *testing.T) {
	e := testEngine(t)
	till, shop := Target{Host: "till", Port: DefaultPort, Profile: ProfileInternet}, Target{Host: "shop", Port: DefaultPort, Profile: ProfileInternet}
	for _, target := range []Target{till, till, shop} {
		e.record(Record{Target: target}, nil)
	}
	if err := e.Unlist(till); err != nil {
		t.Fatal(err)
	}
	e.record(Record{Target: till}, nil) // reached for again
	again, err := New(e.cfg)
	if err != nil {
		t.Fatal(err)
	}
	for name, engine := range map[string]*Engine{"now": e, "on disk": again} {
		var listed []string
		for _, r := range engine.Recent() {
			if !r.Unlisted {
				listed = append(listed, r.Target.Host)
			}
		}
		if n := len(engine.Recent()); n != 4 || len(listed) != 2 || listed[0] != "till" || listed[1] != "shop" {
			t.Errorf("%s %d records are there, listed are %v", name, n, listed)
		}
	}
}

func TestWhatCannotBeKeptStaysListed(t *testing.T) {
	e := testEngine(t)
	till := Target{Host: "till", Port: DefaultPort, Profile: ProfileInternet}
	e.record(Record{Target: till}, nil)
	if err := os.WriteFile(e.history.path, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := e.Unlist(till); err == nil || e.Recent()[0].Unlisted {
		t.Errorf("unlisted is %t, with %v", e.Recent()[0].Unlisted, err)
	}
}
