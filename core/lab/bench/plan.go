package bench

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"impero/core/lab/load"
	"impero/core/lab/measure"
)

// Programs, viewers and links, as they stand in results.
const (
	Impero = measure.Ours
	X0VNC  = "x0vncserver"
	Xvnc   = "Xvnc"
	X11VNC = "x11vnc"

	Headless = "headless"
	Window   = "window"

	Loopback = "loopback"
)

// crowd is how many viewers watch at once where more than one do: as many as a Host takes.
const crowd = 8

var (
	programs = []string{X0VNC, Xvnc, X11VNC, Impero}
	clients  = []string{Headless, Window}
	links    = []string{Loopback, "20mbit-10ms", "2mbit-50ms", "20mbit-10ms-1loss"}
)

// Options choose what is measured. Empty lists mean what the default run has.
type Options struct {
	Loads, Programs, Clients, Links []string
	All                             bool          // every combination
	Runs                            int           // of each cell
	Time                            time.Duration // of each run
}

// Race is one load on one link, and the programs that are measured with it in turn.
type Race struct {
	measure.Cell // without the program
	Programs     []string
}

// Plan gives what o chooses, or says which name there is not.
func Plan(o Options) ([]Race, error) {
	var loads []string
	for _, s := range load.Specs() {
		loads = append(loads, s.Name)
	}
	for _, names := range []struct {
		what          string
		chosen, there []string
	}{{"load", o.Loads, loads}, {"program", o.Programs, programs}, {"client", o.Clients, clients}, {"link", o.Links, links}} {
		for _, name := range names.chosen {
			if !slices.Contains(names.there, name) {
				return nil, fmt.Errorf("there is no %s %q; there are %s", names.what, name, strings.Join(names.there, ", "))
			}
		}
	}
	if o.Runs < 1 || o.Time < time.Second || o.Time > time.Minute {
		return nil, fmt.Errorf("%d runs of %v: at least 1 of a second to a minute is possible", o.Runs, o.Time)
	}
	races := defaultRun(loads)
	if o.All || len(o.Links) > 0 || len(o.Clients) > 0 {
		races = everything(loads)
	}
	return choose(races, o), nil
}

// defaultRun is what is worth a coffee break.
func defaultRun(loads []string) []Race {
	var races []Race
	for _, name := range loads {
		if name != "keyfilm" { // nothing has to wait for a film there
			races = append(races, race(Headless, name, Loopback, 1, programs...))
		}
	}
	for _, name := range []string{"scroll", "key"} {
		races = append(races, race(Window, name, Loopback, 1, X0VNC, Impero))
	}
	for _, link := range links[1:3] {
		for _, name := range []string{"web", "video30", "key"} {
			races = append(races, race(Headless, name, link, 1, programs...))
		}
	}
	return append(races, race(Headless, "keyfilm", links[2], 1, X0VNC, Impero), race(Headless, "web", Loopback, crowd, X0VNC, Impero))
}

func everything(loads []string) []Race {
	var races []Race
	for _, link := range links {
		for _, name := range loads {
			races = append(races, race(Headless, name, link, 1, programs...))
		}
	}
	for _, name := range loads {
		races = append(races, race(Window, name, Loopback, 1, programs...))
	}
	return append(races, race(Headless, "web", Loopback, crowd, programs...))
}

func race(client, name, link string, viewers int, programs ...string) Race {
	return Race{measure.Cell{Client: client, Load: name, Link: link, Viewers: viewers}, programs}
}

// choose keeps what o names.
func choose(races []Race, o Options) []Race {
	wanted := func(list []string, name string) bool { return len(list) == 0 || slices.Contains(list, name) }
	var kept []Race
	for _, r := range races {
		var in []string
		for _, p := range r.Programs {
			if wanted(o.Programs, p) {
				in = append(in, p)
			}
		}
		if r.Programs = in; len(in) > 0 && wanted(o.Loads, r.Load) && wanted(o.Clients, r.Client) && wanted(o.Links, r.Link) {
			kept = append(kept, r)
		}
	}
	return kept
}
