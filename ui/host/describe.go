package host

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	engine "impero/core/host"
	"impero/ui/shell/level"
	"impero/ui/shell/phrase"
)

// Describe puts a Host's state into phrases. It is pure.
func Describe(s engine.State, now time.Time) Model {
	m := Model{
		Name: clean(s.Name), Addresses: addressLine(s.Addresses, s.Port), Fingerprint: s.Fingerprint,
		LogOn: logOn(s), Count: phrase.With("{{.Count}} of {{.Most}}", phrase.Args{"Count": len(s.Sessions), "Most": most(s)}),
		Running: s.Running, PasswordSet: s.PasswordSet, CanLogOn: s.CanLogOn(), Refused: refused(s.Refused, now), Protected: s.Protected, Profiles: strings.Join(s.Profiles, ", "),
		Block: block(s, now), Empty: empty(s),
	}
	var used []string
	for _, g := range s.Sessions {
		m.Guests = append(m.Guests, guest(g, now))
		used = append(used, g.Level)
	}
	m.Weakest, _ = level.Weakest(used)
	m.Allowed, _ = level.Weakest(s.Levels)
	if !slices.Equal(s.Levels, level.Default()) {
		m.Levels = level.List(s.Levels)
	}
	m.Status = phrase.New("Communication stopped")
	if s.Running {
		m.Status = phrase.New("Communication started")
		m.Since = since(s.Since, now)
	}
	if weak := level.Weak(s.Levels); len(weak) > 0 {
		m.Banner = &Banner{Text: phrase.New("This Host also allows sessions that others on the way can read.")}
		if len(weak) == len(s.Levels) {
			m.Banner.Text = phrase.New("This Host allows only sessions that others on the way can read.")
		}
	}
	switch {
	case s.Mode == engine.ModeSecurityServer, s.Mode == engine.ModePortal:
		m.Banner = &Banner{Text: phrase.With("Nobody can log on: this Host is set to {{.Mode}}, which this version does not have yet.", phrase.Args{"Mode": modeName(s.Mode)})}
	case !s.CanLogOn():
		m.Banner = &Banner{
			Text: phrase.New("No password is set, so this Host does not listen and nobody can connect."),
			Act:  ActPassword, Label: phrase.New("Choose password…"),
		}
	}
	return m
}

func guest(g engine.Session, now time.Time) Guest {
	r := Guest{
		ID: g.ID, Name: guestName(g.User, g.Computer, g.From), From: address(g.From),
		Role: roleName(g.Role), Level: levelOf(g.Level), Since: when(g.Since, now),
		Activity: phrase.New("Connected"), Lost: !g.Lost.IsZero(),
	}
	if r.Lost {
		r.Activity = phrase.With("Lost {{.Ago}} ago, kept until {{.Until}}", phrase.Args{"Ago": ago(g.Lost, now), "Until": clock(g.Until, now)})
		return r
	}
	if sees(g) {
		r.Activity = phrase.New("Remote control")
		if !g.MayControl {
			r.Activity = phrase.New("Remote control, view only")
		}
	}
	return r
}

// sees says whether a Guest gets the screen: one that lost its connection does
// not.
func sees(g engine.Session) bool { return g.Activity != "" && g.Lost.IsZero() }

// ago is how long something is past, in seconds or minutes.
func ago(t, now time.Time) phrase.Phrase {
	past := max(now.Sub(t), 0)
	if past < 100*time.Second {
		return phrase.With("{{.Seconds}} s", phrase.Args{"Seconds": int(past / time.Second)})
	}
	return phrase.With("{{.Minutes}} min", phrase.Args{"Minutes": int(past / time.Minute)})
}

// clock is a time of this day.
func clock(t, now time.Time) string { return t.In(now.Location()).Format("15:04:05") }

// roleName puts the names of the built-in roles into words; others are shown as
// they are.
func roleName(name string) phrase.Phrase {
	switch name {
	case "Full control":
		return phrase.New("Full control")
	case "View only":
		return phrase.New("View only")
	}
	return phrase.Plain(clean(name))
}

// levelOf is an encryption level in words.
func levelOf(name string) level.Level { return level.Of(clean(name)) }

// modeName is a guest security mode in words.
func modeName(m engine.Mode) phrase.Phrase {
	switch m {
	case engine.ModeSystem:
		return phrase.New("System")
	case engine.ModeSecurityServer:
		return phrase.New("Security Server authentication")
	case engine.ModePortal:
		return phrase.New("Impero Portal access rights")
	}
	return phrase.New("Impero authentication")
}

// refused is the last logon that was refused, in one line.
func refused(r *engine.Refusal, now time.Time) phrase.Phrase {
	if r == nil {
		return phrase.Phrase{}
	}
	args := phrase.Args{"Why": refusedWhy(r.Reason), "From": address(r.From), "When": when(r.At, now), "Account": clean(r.User)}
	if r.User != "" {
		return phrase.With("Last refused: {{.Why}}, account {{.Account}} from {{.From}}, {{.When}}", args)
	}
	return phrase.With("Last refused: {{.Why}}, from {{.From}}, {{.When}}", args)
}

func refusedWhy(r engine.Reason) phrase.Phrase {
	switch r {
	case engine.ReasonPassword:
		return phrase.New("wrong password")
	case engine.ReasonLocked:
		return phrase.New("too many wrong tries")
	case engine.ReasonUser:
		return phrase.New("refused by the user")
	case engine.ReasonNoAnswer:
		return phrase.New("nobody confirmed it")
	case engine.ReasonAddress:
		return phrase.New("address not listed")
	case engine.ReasonMode:
		return phrase.New("this way to log on is not there yet")
	case engine.ReasonRole:
		return phrase.New("no role for this account")
	}
	return phrase.New("the Host could not serve it")
}

// most is how many Guests may be connected.
func most(s engine.State) int {
	if s.MaxSessions == 0 {
		return engine.MaxSessions
	}
	return s.MaxSessions
}

func logOn(s engine.State) phrase.Phrase {
	switch s.Mode {
	case engine.ModeSystem:
		return phrase.New("Accounts of this computer")
	case engine.ModeSecurityServer, engine.ModePortal:
		return modeName(s.Mode)
	}
	if !s.PasswordSet {
		return phrase.New("Nothing yet: no password is set")
	}
	return phrase.With("Impero password, role {{.Role}}", phrase.Args{"Role": roleName(s.Role)})
}

func empty(s engine.State) phrase.Phrase {
	if s.Running {
		if s.Mode == engine.ModeSystem {
			return phrase.New("A Guest needs the name or address above, and an account of this computer.")
		}
		return phrase.New("A Guest needs the name or address above, and the password.")
	}
	return phrase.New("Nobody can connect while communication is stopped.")
}

// block is the sentence that is true now, the gravest first.
func block(s engine.State, now time.Time) Block {
	switch {
	case len(s.Sessions) == 1:
		return oneGuest(s.Sessions[0], s.Display.Ready, now)
	case len(s.Sessions) > 1:
		return manyGuests(s.Sessions, s.Display.Ready)
	case !s.CanLogOn():
		return Block{
			Sign: SignStopped, Title: phrase.New("Communication is stopped"),
			Detail: phrase.New("This Host starts to listen as soon as it has a password."),
			Act:    ActStart, Label: phrase.New("Start communication"), Why: phrase.New("Choose a password first."),
		}
	case !s.Running && s.Problem != "":
		return Block{
			Sign: SignProblem, Title: phrase.New("Communication could not start"), Detail: problem(s.Problem),
			Act: ActStart, Label: phrase.New("Try again"),
		}
	case !s.Running:
		return Block{
			Sign: SignStopped, Title: phrase.New("Communication is stopped"),
			Detail: phrase.New("Nobody can connect until it is started."),
			Act:    ActStart, Label: phrase.New("Start communication"),
		}
	case !s.Display.Ready && s.Display.Reason != notAnswered:
		return Block{
			Sign: SignProblem, Title: phrase.New("No display to share"), Detail: reason(s.Display.Reason),
			Act: ActStop, Label: phrase.New("Stop communication"),
		}
	case s.Problem != "":
		return Block{
			Sign: SignProblem, Title: phrase.New("Guests cannot use every address yet"), Detail: problem(s.Problem),
			Act: ActStop, Label: phrase.New("Stop communication"),
		}
	}
	return Block{
		Sign: SignReady, Title: phrase.New("Ready for Guests"),
		Detail: phrase.With("Listening on port {{.Port}}. Nobody can see this screen now.", phrase.Args{"Port": strconv.Itoa(s.Port)}),
		Act:    ActStop, Label: phrase.New("Stop communication"),
	}
}

func oneGuest(g engine.Session, display bool, now time.Time) Block {
	args := phrase.Args{"Guest": guestName(g.User, g.Computer, g.From), "Address": address(g.From), "Since": since(g.Since, now)}
	b := Block{Sign: SignWatched, Act: ActDisconnect, Label: phrase.New("Disconnect")}
	b.Detail = phrase.With("From {{.Address}} {{.Since}}. You can end it at any time.", args)
	switch {
	case !g.Lost.IsZero():
		args["Until"] = clock(g.Until, now)
		b.Sign = SignAway
		b.Title = phrase.With("{{.Guest}} has lost the connection", args)
		b.Detail = phrase.With("Nobody sees this screen now. {{.Guest}} can come back until {{.Until}}.", args)
	case !display:
		b.Title = phrase.With("{{.Guest}} is connected", args)
		b.Detail = phrase.With("From {{.Address}} {{.Since}}. There is no display to share now.", args)
	case !sees(g):
		b.Title = phrase.With("{{.Guest}} is connected", args)
		b.Detail = phrase.With("From {{.Address}} {{.Since}}, without the screen.", args)
	case g.MayControl:
		b.Title = phrase.With("{{.Guest}} sees and controls this computer", args)
	default:
		b.Title = phrase.With("{{.Guest}} sees this computer", args)
	}
	return b
}

func manyGuests(list []engine.Session, display bool) Block {
	var seeing, controlling, lost int
	for _, g := range list {
		if !g.Lost.IsZero() {
			lost++
		}
		if !display || !sees(g) {
			continue
		}
		seeing++
		if g.MayControl {
			controlling++
		}
	}
	args := phrase.Args{"Count": len(list) - lost, "See": seeing, "Control": controlling, "Lost": lost}
	b := Block{Sign: SignWatched, Act: ActDisconnectAll, Label: phrase.New("Disconnect all")}
	b.Detail = phrase.New("You can end it at any time.")
	switch {
	case lost == len(list):
		b.Sign = SignAway
		b.Title = phrase.With("{{.Lost}} Guests have lost the connection", args)
		b.Detail = phrase.New("Nobody sees this screen now.")
	case lost > 0:
		b.Title = phrase.Count("{{.Count}} Guests are connected", len(list)-lost, args)
		b.Detail = phrase.With("See the screen: {{.See}}. Control it: {{.Control}}. Connection lost: {{.Lost}}. You can end it at any time.", args)
	case !display:
		b.Title = phrase.Count("{{.Count}} Guests are connected", len(list), args)
		b.Detail = phrase.New("There is no display to share now.")
	case controlling == len(list):
		b.Title = phrase.With("{{.Count}} Guests see and control this computer", args)
	case seeing == len(list) && controlling == 0:
		b.Title = phrase.With("{{.Count}} Guests see this computer", args)
	default:
		b.Title = phrase.Count("{{.Count}} Guests are connected", len(list), args)
		b.Detail = phrase.With("See the screen: {{.See}}. Control it: {{.Control}}. You can end it at any time.", args)
	}
	return b
}

// portTaken is how the engine says that a port is in use.
var portTaken = regexp.MustCompile(`^Another program already uses port (\d{1,5})\.`)

// problem puts why communication could not start into words. What is not known
// here is shown as the engine says it.
func problem(text string) phrase.Phrase {
	if found := portTaken.FindStringSubmatch(text); found != nil {
		return phrase.With("Another program already uses port {{.Port}}. End it, or give this Host another port.", phrase.Args{"Port": found[1]})
	}
	if text == noService {
		return phrase.New("The Host service does not answer. It is tried again.")
	}
	return phrase.Plain(text)
}

// notAnswered is how the engine says that its other half is only just starting.
const notAnswered = "The part of this Host that sees the desktop has not answered yet."

// reason puts why there is no display into words. What is not known here is
// shown as the engine says it.
func reason(text string) phrase.Phrase {
	switch text {
	case "":
		return phrase.New("This Host runs where there is no desktop. Start it in a desktop session.")
	case "This computer runs a Wayland desktop, which cannot be shared yet. Log in with an X11 (Xorg) session.":
		return phrase.New("This computer runs a Wayland desktop, which cannot be shared yet. Log in with an X11 (Xorg) session.")
	case "This computer has no display to share. Log in to a desktop there, or start the Host with DISPLAY set to an X server.":
		return phrase.New("This computer has no display to share. Log in to a desktop, or start the Host with DISPLAY set to an X server.")
	case "The display of this computer went away. The picture comes back with it.":
		return phrase.New("The display of this computer went away. The picture comes back with it.")
	case "The part of this Host that sees the desktop has stopped. Start the Host again.":
		return phrase.New("The part of this Host that sees the desktop has stopped. Start the Host again.")
	}
	return phrase.Plain(text)
}
