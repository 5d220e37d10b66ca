package store

import "testing"

// TestLinuxPlaces holds the table in the documentation of Home.
func TestLinuxPlaces(t *testing.T) {
	t.Setenv(HomeVariable, "")
	t.Setenv("HOME", "/home/ann")
	for _, place := range []struct {
		name, config, state string
		want                Home
	}{
		{"default", "", "", Home{
			guest: "/home/ann/.ImperoGuest", phonebook: "/home/ann/ImperoGuest/phbook",
			host: "/home/ann/.config/Impero/host", hostLogs: "/home/ann/.local/state/Impero",
			guestLogs: "/home/ann/.ImperoGuest", sockets: "/run/Impero/",
		}},
		{"XDG", "/c", "/s", Home{
			guest: "/home/ann/.ImperoGuest", phonebook: "/home/ann/ImperoGuest/phbook",
			host: "/c/Impero/host", hostLogs: "/s/Impero", guestLogs: "/home/ann/.ImperoGuest", sockets: "/run/Impero/",
		}},
		{"relative XDG is ignored", "c", "./s", Home{
			guest: "/home/ann/.ImperoGuest", phonebook: "/home/ann/ImperoGuest/phbook",
			host: "/home/ann/.config/Impero/host", hostLogs: "/home/ann/.local/state/Impero",
			guestLogs: "/home/ann/.ImperoGuest", sockets: "/run/Impero/",
		}},
	} {
		t.Run(place.name, func(t *testing.T) {
			t.Setenv("XDG_CONFIG_HOME", place.config)
			t.Setenv("XDG_STATE_HOME", place.state)
			got, err := Open()
			if err != nil {
				t.Fatal(err)
			}
			if got != place.want {
				t.Errorf("got  %+v\nwant %+v", got, place.want)
			}
		})
	}
	t.Setenv("HOME", "")
	if home, err := Open(); err == nil {
		t.Errorf("without a home folder Open gives %+v", home)
	}
}

func TestSystemPlaces(t *testing.T) {
	t.Setenv(HomeVariable, "")
	home, err := OpenSystem()
	if err != nil {
		t.Fatal(err)
	}
	for got, want := range map[string]string{
		home.HostDir():       "/var/opt/Impero/host",
		home.HostLogFile():   "/var/log/Impero_host.log",
		home.AgentSocket():   "/run/Impero/agent.sock",
		home.ControlSocket(): "/run/Impero/control.sock",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	t.Setenv(HomeVariable, "/h")
	if home, err := OpenSystem(); err != nil || home != At("/h") || home.AgentSocket() != "/h/run/agent.sock" {
		t.Errorf("IMPERO_HOME gives %+v, %v", home, err)
	}
}
