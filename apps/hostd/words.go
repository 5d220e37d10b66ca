package main

import (
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"impero/core/config"
	"impero/core/daemon/keeper"
	"impero/core/host"
	"impero/core/version"
)

// listens says where Guests are listened for, or why not and what to do about it.
func listens(s host.State) string {
	switch {
	case s.Running:
		var list []string
		for _, address := range s.Listens {
			list = append(list, place(address))
		}
		text := strings.Join(list, ", ") + ", since " + clock(s.Since)
		if s.Problem != "" {
			text += ". Not everywhere yet: " + s.Problem
		}
		return text
	case s.Problem != "":
		return "nowhere. " + s.Problem
	case !s.CanLogOn():
		return "nowhere, since no password is set and nobody could log on. Set one in Host Manager, or stop the service and run: " + asRoot + program + " set-password"
	}
	return "nowhere: communication is stopped. Start it in the Host's window"
}

// place says of an address and port that is listened on what it means.
func place(listening string) string {
	address, port, err := net.SplitHostPort(listening)
	if err == nil && net.ParseIP(address).IsUnspecified() {
		return "port " + port + " of every address"
	}
	return listening
}

// guests names those who are connected.
func guests(s host.State) string {
	waits := ""
	if s.Waiting > 0 {
		waits = fmt.Sprintf("; the user at the screen is asked about %d more", s.Waiting)
	}
	if len(s.Sessions) == 0 {
		return "none" + waits
	}
	var list []string
	for _, g := range s.Sessions {
		who := fmt.Sprintf("%s (%s), %s, since %s", g.Computer, g.From, g.Role, clock(g.Since))
		if g.User != "" { // else the password was enough
			who = g.User + " at " + who
		}
		if !g.Lost.IsZero() {
			who += ", without a connection since " + clock(g.Lost)
		}
		list = append(list, printable(who))
	}
	return fmt.Sprintf("%d of %d: %s", len(list), s.MaxSessions, strings.Join(list, "; ")) + waits
}

// desktop says whether there is one to share.
func desktop(s host.State) string {
	if s.Display.Ready {
		return "shared"
	}
	return "none is shared. " + s.Display.Reason
}

// printable takes from a text what a terminal would obey: a Guest chose some of it.
func printable(text string) string {
	quoted := strconv.Quote(text)
	return quoted[1 : len(quoted)-1]
}

func clock(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05") }

// teller says to whoever started the service what it does: where things are, and each time that it begins or ceases to listen.
// One goroutine uses it.
type teller struct {
	out  io.Writer
	said string
}

// begin says where things are.
func (t *teller) begin(k *keeper.Keeper) {
	log := k.LogFile()
	if log == "" {
		log = "none"
	}
	s := k.Host().State()
	fmt.Fprintf(t.out, "%s, the Host service of this computer. Ctrl+C ends it.\nName           %s\nFingerprint    %s\nConfiguration  %s\nLog            %s\n",
		version.Line(program), s.Name, s.Fingerprint, filepath.Join(k.Home().HostDir(), config.FileName), log)
}

// changed says where it listens, if that is another than was said.
func (t *teller) changed(h *host.Host) {
	if line := listens(h.State()); line != t.said {
		t.said = line
		fmt.Fprintf(t.out, "Listens on     %s\n", line)
	}
}
